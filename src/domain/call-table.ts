import type { MarkedCall } from './call-marks.ts';

/** The columns of calls as a file. No summary and no fields: what somebody said stays in the console. */
export const callColumns = [
  ...['correlation_id', 'registered_at', 'dialer', 'campaign', 'lead', 'phone', 'route', 'reason'],
  ...['agent', 'agent_version', 'person', 'outcome', 'outcome_by', 'outcome_at', 'callback_at', 'opted_out_at'],
  ...['talk_sec', 'first_word_ms', 'transferred'],
] as const;
export type CallColumn = (typeof callColumns)[number];

/** A call as a row of a file. Of its number the last four digits, unless the whole is wanted. */
export function callRow(call: MarkedCall, { showsNumbers }: { showsNumbers: boolean }): Record<CallColumn, string> {
  const { outcome, marks, phone } = call;
  return {
    correlation_id: call.correlationId,
    registered_at: call.registeredAt,
    dialer: call.dialer,
    campaign: call.campaign,
    lead: showsNumbers ? call.leadKey : withoutNumber(call.leadKey),
    phone: showsNumbers || phone === '' ? phone : `***${phone.slice(-4)}`,
    route: call.route,
    reason: call.reason,
    agent: marks.agent,
    agent_version: marks.agentVersion,
    person: marks.person,
    outcome: outcome?.code ?? '',
    outcome_by: outcome?.basis ?? '',
    outcome_at: outcome?.at ?? '',
    callback_at: outcome?.callbackAt ?? '',
    opted_out_at: outcome?.optedOutAt ?? '',
    talk_sec: String(marks.talkSec),
    first_word_ms: marks.firstWordMs === null ? '' : String(marks.firstWordMs),
    transferred: marks.isTransferred ? 'yes' : 'no',
  };
}

/** Some dialers know a lead by its number. */
function withoutNumber(leadKey: string): string {
  return leadKey.replace(/\+?\d{6,}(\d{4})(?!\d)/g, '***$1');
}
