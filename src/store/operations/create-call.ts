import type { Instant } from '../../domain/call.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
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
  };
  const row = shapeCall(shell, [{ ...entry.fact, receivedAt: entry.receivedAt }], null);
  await insertCall.change(trx, { ...row });
  return row;
}

const insertCall = prepareQuery((db, param: Param<{ [K in keyof CallRow]: CallRow[K] }>) =>
  db.insertInto('calls').values({
    correlation_id: param('correlation_id'),
    dialer: param('dialer'),
    campaign: param('campaign'),
    lead_key: param('lead_key'),
    phone: param('phone'),
    route: param('route'),
    reason: param('reason'),
    registered_at: param('registered_at'),
    expires_at: param('expires_at'),
    is_registered: param('is_registered'),
    outcome: param('outcome'),
    created_at: param('created_at'),
    outcome_code: param('outcome_code'),
    agent: param('agent'),
    agent_version: param('agent_version'),
    person: param('person'),
    talk_sec: param('talk_sec'),
    first_word_ms: param('first_word_ms'),
    is_transferred: param('is_transferred'),
    changed_at: param('changed_at'),
  }),
);
