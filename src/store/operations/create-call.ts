import type { Instant } from '../../domain/call.ts';
import { prepareInsert } from '../prepared-insert.ts';
import type { Session } from '../session.ts';
import type { FactToRecord } from '../store.ts';
import type { CallRow } from '../tables.ts';
import { shapeCall } from './shape-call.ts';

/** Makes the call of a first fact: registered when the fact is a registration, else a shell. */
export async function createCall(
  trx: Session,
  entry: FactToRecord,
  correlationId: string,
  now: Instant,
): Promise<CallRow> {
  const row = newCallRow(entry, correlationId, now);
  await insertCalls(trx, [row]);
  return row;
}

/** The row that such a call has. */
export function newCallRow(entry: FactToRecord, correlationId: string, now: Instant): CallRow {
  const shell: CallRow = {
    correlation_id: correlationId,
    dialer: '',
    campaign: '',
    lead_key: '',
    phone: '',
    route: '',
    reason: '',
    registered_at: entry.receivedAt,
    expires_at: entry.expiresAt,
    is_registered: 0,
    outcome: null,
    created_at: entry.receivedAt,
    outcome_code: '',
    agent: '',
    agent_version: '',
    person: '',
    talk_sec: 0,
    first_word_ms: null,
    is_transferred: 0,
    changed_at: now,
    mapping: '',
  };
  return shapeCall(shell, [{ ...entry.fact, receivedAt: entry.receivedAt }], null);
}

/** Rows of calls that are not there yet. */
export const insertCalls = prepareInsert('calls', [
  'correlation_id',
  'dialer',
  'campaign',
  'lead_key',
  'phone',
  'route',
  'reason',
  'registered_at',
  'expires_at',
  'is_registered',
  'outcome',
  'created_at',
  'outcome_code',
  'agent',
  'agent_version',
  'person',
  'talk_sec',
  'first_word_ms',
  'is_transferred',
  'changed_at',
  'mapping',
]);
