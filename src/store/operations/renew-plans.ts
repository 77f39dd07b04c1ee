import type { Instant } from '../../domain/call.ts';
import { type Param, padList, prepareBySize, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';
import { isDuplicate } from '../store-errors.ts';

/** After so long every transaction that was under way is through. */
export const secondLookMs = 120_000;
const phonesAtOnce = 256;

/** Notes that a call must be planned anew from an instant on: durable, as the leads that ask for it are. */
export async function markPlan(trx: Session, call: string, dueAt: Instant): Promise<void> {
  try {
    await insertMark.change(trx, { call, dueAt });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await advanceMark.change(trx, { call, dueAt });
  }
}

export async function unmarkPlan(trx: Session, call: string, now: Instant): Promise<void> {
  await deleteMark.change(trx, { call, now });
}

/**
 * Marks the calls that opted one of these numbers out: a lead that has it came, or got another number. Gives how many.
 * While nobody has opted out it costs one look.
 */
export async function markOptedOut(trx: Session, phones: readonly string[], now: Instant): Promise<number> {
  if (phones.length === 0 || !(await selectAny.first(trx, {}))) return 0;
  const calls = new Set<string>();
  for (let start = 0; start < phones.length; start += phonesAtOnce) {
    const padded = padList(phones.slice(start, start + phonesAtOnce));
    const values = Object.fromEntries(padded.map((phone, index) => [`phone${index}`, phone]));
    for (const row of await selectCalls(padded.length).all(trx, values)) calls.add(row.correlation_id);
  }
  for (const call of calls) await markPlan(trx, call, now);
  return calls.size;
}

const insertMark = prepareQuery((db, param: Param<{ call: string; dueAt: string }>) =>
  db.insertInto('plans_to_renew').values({ correlation_id: param('call'), due_at: param('dueAt') }),
);

const advanceMark = prepareQuery((db, param: Param<{ call: string; dueAt: string }>) =>
  db
    .updateTable('plans_to_renew')
    .set({ due_at: param('dueAt') })
    .where('correlation_id', '=', param('call'))
    .where('due_at', '>', param('dueAt')),
);

/** One that is due later is for a second look, which still has to come. */
const deleteMark = prepareQuery((db, param: Param<{ call: string; now: string }>) =>
  db.deleteFrom('plans_to_renew').where('correlation_id', '=', param('call')).where('due_at', '<=', param('now')),
);

const selectAny = prepareQuery((db) => db.selectFrom('opt_outs').select('phone').where('undone', '=', 0).limit(1));

const selectCalls = prepareBySize((size) =>
  prepareQuery((db, param: Param<Record<string, string>>) =>
    db
      .selectFrom('opt_outs')
      .select('correlation_id')
      .distinct()
      .where('undone', '=', 0)
      .where(
        'phone',
        'in',
        Array.from({ length: size }, (_, index) => param(`phone${index}`)),
      ),
  ),
);
