import { nationalDigits } from '../phones.ts';
import { systemDncList } from '../reads.ts';
import type { LeadRow } from '../tables/schema.ts';
import type { Vicidial } from '../vicidial.ts';
import type { ShowQuery } from './show-query.ts';
import {
  handOversNear,
  isInHopper,
  leadsOfNumber,
  logRowsOf,
  type ShownHandOver,
  type ShownLog,
} from './show-tables.ts';

/** What VICIdial itself holds of one lead and its calls. */
export interface ShownLead {
  leadId: string;
  lead: LeadRow | null;
  live: { code: string; campaign: string; line: string }[];
  logs: ShownLog[];
  handOvers: ShownHandOver[];
  /** Null when they can't be read. */
  callbacks: { at: string; campaign: string; status: string; user: string }[] | null;
  inHopper: boolean | null;
  /** DNC lists that hold the lead's number; null when they can't be read. */
  dnc: string[] | null;
}

/** The leads that a query may mean, at most some. */
export async function findShownLeads(vicidial: Vicidial, query: ShowQuery): Promise<ShownLead[]> {
  const ids = await leadIdsOf(vicidial, query);
  return Promise.all(
    ids.map((leadId) => readShownLead(vicidial, leadId, query.kind === 'code' ? query.code.code : '')),
  );
}

async function leadIdsOf({ database, reads, config }: Vicidial, query: ShowQuery): Promise<string[]> {
  if (query.kind === 'code') return [query.code.leadId];
  if (query.kind === 'lead') return [query.leadId];
  const numbers = [...new Set([nationalDigits(query.phone), query.phone.replace(/\D/g, '')])];
  if (database) return leadsOfNumber(database, numbers);
  const campaigns = Object.keys(config.campaigns).filter((name) => name !== '*');
  const found = await Promise.all(campaigns.map((campaign) => reads.leadsWithNumber(numbers, campaign)));
  return [...new Set(found.flat())];
}

async function readShownLead(vicidial: Vicidial, leadId: string, code: string): Promise<ShownLead> {
  const { reads, database } = vicidial;
  const [lead, calls, callbacks] = await Promise.all([
    reads.leadRow(leadId),
    reads.liveCalls(code, leadId),
    reads.callbacks(leadId),
  ]);
  const live = await Promise.all(
    calls.map(async (call) => ({
      code: call.callerid,
      campaign: call.campaign_id,
      line: await reads.lineOf(call.callerid),
    })),
  );
  const logs = database ? await logRowsOf(database, leadId) : [];
  return {
    leadId,
    lead,
    live,
    logs,
    handOvers: database ? await handOversNear(database, leadId, logs) : [],
    callbacks:
      callbacks?.map((row) => ({
        at: row.callback_time,
        campaign: row.campaign_id,
        status: row.status,
        user: row.user,
      })) ?? null,
    inHopper: database ? await isInHopper(database, leadId) : null,
    dnc: await dncListsOf(vicidial, lead),
  };
}

async function dncListsOf({ reads, config }: Vicidial, lead: LeadRow | null): Promise<string[] | null> {
  if (!lead) return [];
  const lists = new Set([systemDncList, ...config.dnc.campaigns, lead.campaign_id].filter(Boolean));
  const found: string[] = [];
  for (const list of lists) {
    const isOn = await reads.isOnDncList(list, lead.phone_number);
    if (isOn === null) return null;
    if (isOn) found.push(list);
  }
  return found;
}
