import type { Instant } from '../../domain/call.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import { callOf } from '../rows.ts';
import type { OperationContext, Session } from '../session.ts';
import type { FactToRecord, RecordedFact, RecordInput } from '../store.ts';
import { isDuplicate } from '../store-errors.ts';
import type { CallRow } from '../tables.ts';
import { deriveCall } from './derive-call.ts';
import { resolveCall } from './resolve-call.ts';

/**
 * Appends facts in the order given; after each one the outcome of its call is derived anew and its write-backs are
 * planned. The same facts in any order, any number of times, end in the same outcome and the same last wishes.
 */
export async function recordFacts(
  trx: Session,
  input: RecordInput,
  context: OperationContext,
): Promise<RecordedFact[]> {
  const results: RecordedFact[] = [];
  for (const entry of input.facts) results.push(await recordFact(trx, entry, context, input.now));
  return results;
}

async function recordFact(
  trx: Session,
  entry: FactToRecord,
  context: OperationContext,
  now: Instant,
): Promise<RecordedFact> {
  const { call, isNew, isMerged } = await resolveCall(trx, entry, now);
  const isAdded = await appendFact(trx, call, entry, context);
  if (!isAdded && !isMerged) return { isAdded, call: callOf(call) };

  const isRegistration = entry.fact.body.kind === 'registered';
  // A new call was made from its registration: there is nothing else to derive it from.
  if (isNew && isRegistration) return { isAdded, call: callOf(call) };

  const expiresAt = isRegistration && entry.expiresAt > call.expires_at ? entry.expiresAt : call.expires_at;
  const isForced = context.ignoresIdempotency && isAdded;
  const derived = await deriveCall(trx, call, { expiresAt, now, isForced }, context);
  return { isAdded, call: callOf(derived.call), ...(derived.optedOut && { optedOut: derived.optedOut }) };
}

async function appendFact(
  trx: Session,
  call: CallRow,
  { fact, receivedAt }: FactToRecord,
  context: OperationContext,
): Promise<boolean> {
  try {
    await insertFact.change(trx, {
      call: call.correlation_id,
      source: fitKey(fact.source, keyLengths.name),
      key: fitKey(fact.key),
      copy: context.ignoresIdempotency ? context.newId() : '',
      at: fact.at,
      receivedAt,
      body: JSON.stringify(fact.body),
    });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

interface FactValues extends Record<string, string> {
  call: string;
  source: string;
  key: string;
  copy: string;
  at: Instant;
  receivedAt: Instant;
  body: string;
}

const insertFact = prepareQuery((db, param: Param<FactValues>) =>
  db.insertInto('facts').values({
    correlation_id: param('call'),
    source: param('source'),
    fact_key: param('key'),
    copy: param('copy'),
    at: param('at'),
    received_at: param('receivedAt'),
    body: param('body'),
  }),
);
