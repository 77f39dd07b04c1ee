import type { VicidialDeps } from './deps.ts';
import { type Row, text } from './tables.ts';

/** What the tables hold about a lead, for a verdict. Texts are decoded; times stay server-local. */
export interface LeadState {
  lead: Row | null;
  /** Custom fields by label; empty when the lead has no row. */
  custom: Row;
  /** Newest first, each with its `caller_code`. */
  logs: Row[];
  callbacks: Row[];
  /** The number is on the system's or some campaign's list. */
  dnc: boolean;
  dncLists: string[];
  /** The row of the live call, if there is one. */
  autoCall: Row | null;
}

/** Reads by lead, or by phone number where only the DNC lists matter. */
export async function readState(
  { tables }: VicidialDeps,
  key: { leadId: number } | { phone: string },
): Promise<LeadState> {
  const lead =
    'leadId' in key ? await tables.first('SELECT * FROM vicidial_list WHERE lead_id = ?', [key.leadId]) : undefined;
  const leadId = lead?.lead_id ?? 0;
  const phone = 'phone' in key ? key.phone : text(lead?.phone_number);
  const logs = await tables.read(
    'SELECT l.*, e.caller_code FROM vicidial_log l LEFT JOIN vicidial_log_extended e USING (uniqueid) WHERE l.lead_id = ? ORDER BY l.call_date DESC, l.start_epoch DESC',
    [leadId],
  );
  const callbacks = await tables.read('SELECT * FROM vicidial_callbacks WHERE lead_id = ? ORDER BY callback_id DESC', [
    leadId,
  ]);
  const system = await tables.read('SELECT phone_number FROM vicidial_dnc WHERE phone_number = ?', [phone]);
  const campaigns = await tables.read('SELECT campaign_id FROM vicidial_campaign_dnc WHERE phone_number = ?', [phone]);
  const dncLists = [...system.map(() => 'SYSTEM_INTERNAL'), ...campaigns.map((row) => text(row.campaign_id))];
  const autoCall = await tables.first('SELECT * FROM vicidial_auto_calls WHERE lead_id = ?', [leadId]);
  const customTable = `custom_${text(lead?.list_id)}`;
  const hasCustom = lead && (await tables.first('SHOW TABLES LIKE ?', [customTable]));
  const custom = hasCustom
    ? await tables.first('SELECT * FROM ?? WHERE lead_id = ?', [customTable, leadId])
    : undefined;
  return {
    lead: lead ? decoded(lead) : null,
    custom: custom ? decoded(custom) : {},
    logs: logs.map(decoded),
    callbacks: callbacks.map(decoded),
    dnc: dncLists.length > 0,
    dncLists,
    autoCall: autoCall ? decoded(autoCall) : null,
  };
}

/** Bytes as UTF-8 where they are that, else as windows-1252. */
function decoded(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? decode(value) : value]),
  );
}

function decode(bytes: string): string {
  const buffer = Buffer.from(bytes, 'latin1');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer);
  } catch {
    return new TextDecoder('windows-1252').decode(buffer);
  }
}
