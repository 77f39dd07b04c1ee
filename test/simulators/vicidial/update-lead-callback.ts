import type { ApiRequest } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import type { Parameters } from './parameters.ts';
import { type Row, text } from './tables.ts';

/** The callback part of `update_lead`: one callback per lead; a second request changes the first. */
export async function changeCallback(deps: VicidialDeps, request: ApiRequest, lead: Row): Promise<string[]> {
  const wish = request.parameters.get('callback');
  const there = await deps.tables.first(
    "SELECT * FROM vicidial_callbacks WHERE lead_id = ? AND status IN ('ACTIVE','LIVE') ORDER BY callback_id LIMIT 1",
    [lead.lead_id ?? 0],
  );
  if (wish === 'REMOVE') return remove(deps, lead, there);
  if (wish !== 'Y') return [];

  const callback = readCallback(deps, request.parameters);
  const values = [lead.lead_id, callback.campaign_id, callback.callback_time, callback.recipient, callback.user];
  const shown = [...values, callback.lead_status].join('|');
  if (there) {
    // The campaign is not checked again here.
    const rows = await deps.tables.change('UPDATE vicidial_callbacks SET ? WHERE callback_id = ?', [
      callback,
      there.callback_id ?? 0,
    ]);
    note(deps, lead, callback, rows > 0);
    return [`NOTICE: update_lead SCHEDULED CALLBACK UPDATED - ${shown}`];
  }
  const campaign = await deps.tables.first('SELECT 1 FROM vicidial_campaigns WHERE campaign_id = ?', [
    callback.campaign_id,
  ]);
  if (!campaign) return [`NOTICE: update_lead SCHEDULED CALLBACK NOT ADDED, CAMPAIGN NOT VALID - ${shown}`];
  if (callback.recipient === 'USERONLY') {
    const user = await deps.tables.first('SELECT 1 FROM vicidial_users WHERE user = ?', [callback.user]);
    if (!user) return [`NOTICE: update_lead SCHEDULED CALLBACK NOT ADDED, USER NOT VALID - ${shown}`];
  }
  await deps.tables.insert('vicidial_callbacks', {
    lead_id: lead.lead_id ?? 0,
    list_id: lead.list_id ?? 0,
    status: 'ACTIVE',
    entry_time: deps.time.local(),
    ...callback,
  });
  note(deps, lead, callback, true);
  return [`NOTICE: update_lead SCHEDULED CALLBACK ADDED - ${shown}`];
}

async function remove(deps: VicidialDeps, lead: Row, there: Row | undefined): Promise<string[]> {
  const rows = await deps.tables.change(
    "DELETE FROM vicidial_callbacks WHERE lead_id = ? AND status IN ('ACTIVE','LIVE')",
    [lead.lead_id ?? 0],
  );
  deps.journal.note({
    kind: 'callback-removed',
    record: text(lead.lead_id),
    ...(there && { campaign: text(there.campaign_id) }),
    value: text(there?.callback_time),
    by: 'api',
    isChange: rows > 0,
  });
  const values = [there?.campaign_id, there?.callback_time, there?.recipient, there?.user, there?.lead_status];
  return [`NOTICE: update_lead SCHEDULED CALLBACK DELETED - ${[lead.lead_id, ...values.map(text)].join('|')}`];
}

function note(deps: VicidialDeps, lead: Row, callback: Record<string, string>, isChange: boolean): void {
  deps.journal.note({
    kind: 'callback',
    record: text(lead.lead_id),
    ...(callback.campaign_id && { campaign: callback.campaign_id }),
    value: callback.callback_time ?? '',
    by: 'api',
    isChange,
  });
}

function readCallback(deps: VicidialDeps, parameters: Parameters) {
  return {
    campaign_id: filters.code(parameters.get('campaign_id')),
    callback_time: readTime(deps, parameters.get('callback_datetime')),
    recipient: parameters.get('callback_type') === 'USERONLY' ? 'USERONLY' : 'ANYONE',
    user: filters.code(parameters.get('callback_user')),
    lead_status: filters.code(parameters.get('callback_status')) || 'CALLBK',
    comments: filters.free(parameters.get('callback_comments')),
  };
}

/** `NOW`, `5DAYS`, else a server-local time as it stands; nothing checks it. */
function readTime({ time, clock }: VicidialDeps, raw: string): string {
  const value = filters.dateTime(raw);
  const days = /^(\d+)DAYS$/.exec(value)?.[1];
  if (days) return time.local(clock.now() + Number(days) * 86_400_000);
  return value === 'NOW' || value === '' ? time.local() : value;
}
