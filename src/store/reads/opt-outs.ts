import type { Instant } from '../../domain/call.ts';
import type { ToldOptOut } from '../../domain/opt-out-clock.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import { type Param, padList, prepareBySize, prepareQuery } from '../prepared-query.ts';
import { writeBackOf } from '../rows.ts';
import type { Session } from '../session.ts';
import type { OptOutQuery } from '../store.ts';

/** True while any call's opt-out stands for this number. */
export async function isOptedOut(session: Session, phone: string): Promise<boolean> {
  const [isOut = false] = await areOptedOut(session, [phone]);
  return isOut;
}

/** The same of many numbers. */
export async function areOptedOut(session: Session, phones: readonly string[]): Promise<boolean[]> {
  const asked = phones.map((phone) => fitKey(phone, keyLengths.phone));
  const padded = padList([...new Set(asked)]);
  const values = Object.fromEntries(padded.map((phone, index) => [`phone${index}`, phone]));
  const rows = await selectStanding(padded.length).all(session, values);
  const standing = new Set(rows.map(({ phone }) => phone));
  return asked.map((phone) => standing.has(phone));
}

/** Opted-out numbers in pages, in the order of the numbers, each once with its earliest opt-out. */
export async function optOuts(
  session: Session,
  input: { after: string; limit: number },
): Promise<{ phone: string; at: Instant }[]> {
  return session.db
    .selectFrom('opt_outs')
    .select(['phone', (expression) => expression.fn.min('at').as('at')])
    .where('undone', '=', 0)
    .where('phone', '>', input.after)
    .groupBy('phone')
    .orderBy('phone')
    .limit(input.limit)
    .execute();
}

/** The calls of opt-outs that stand; `isOpen`: of which a dialer's row is not confirmed. */
export async function optedOutCalls(session: Session, { isOpen }: { isOpen?: true }): Promise<string[]> {
  const standing = session.db
    .selectFrom('opt_outs')
    .select('opt_outs.correlation_id')
    .distinct()
    .where('undone', '=', 0);
  const open = standing
    .innerJoin('write_backs', 'write_backs.correlation_id', 'opt_outs.correlation_id')
    .where('write_backs.state', 'in', openStates)
    .where('write_backs.aspect', '=', 'dnc');
  const rows = await (isOpen ? open : standing).execute();
  return rows.map(({ correlation_id }) => correlation_id);
}

const openStates = ['held', 'pending', 'claimed', 'submitted', 'refused', 'dead'];
const callsAtOnce = 500;

/** What calls told of opt-outs, one entry per call, with the write-backs that bring it to the dialers. */
export async function toldOptOuts(session: Session, query: OptOutQuery): Promise<ToldOptOut[]> {
  const calls = await callsThatTold(session, query);
  const told: ToldOptOut[] = [];
  for (let start = 0; start < calls.length; start += callsAtOnce) {
    const ids = calls.slice(start, start + callsAtOnce);
    const numbers = await session.db.selectFrom('opt_outs').selectAll().where('correlation_id', 'in', ids).execute();
    const rows = await session.db
      .selectFrom('write_backs')
      .selectAll()
      .where('correlation_id', 'in', ids)
      .where('aspect', '=', 'dnc')
      .execute();
    const numbersOf = Map.groupBy(numbers, (row) => row.correlation_id);
    const rowsOf = Map.groupBy(rows, (row) => row.correlation_id);
    for (const correlationId of ids) {
      const own = numbersOf.get(correlationId) ?? [];
      told.push({
        correlationId,
        source: own[0]?.source ?? '',
        toldAt: own.map(({ at }) => at).sort()[0] ?? '',
        phones: own.flatMap(({ phone }) => phone || []).sort(),
        isUndone: own.every(({ undone }) => undone === 1),
        writeBacks: (rowsOf.get(correlationId) ?? []).map(writeBackOf),
      });
    }
  }
  return told;
}

async function callsThatTold(session: Session, query: OptOutQuery): Promise<string[]> {
  const { isOpen, phone, calls, from, before, after, limit } = query;
  let select = session.db
    .selectFrom('opt_outs')
    .select(['correlation_id', (expression) => expression.fn.min('at').as('told')])
    .groupBy('correlation_id');
  if (isOpen) {
    const open = session.db
      .selectFrom('write_backs')
      .select('correlation_id')
      .where('state', 'in', openStates)
      .where('aspect', '=', 'dnc');
    select = select.where('undone', '=', 0).where('correlation_id', 'in', open);
  }
  if (phone) {
    const ofNumber = session.db.selectFrom('opt_outs').select('correlation_id').where('phone', '=', phone);
    select = select.where('correlation_id', 'in', ofNumber);
  }
  if (calls) select = select.where('correlation_id', 'in', calls);
  if (from) select = select.having((expression) => expression(expression.fn.min('at'), '>=', from));
  if (before) select = select.having((expression) => expression(expression.fn.min('at'), '<', before));
  if (after) {
    select = select.having((expression) =>
      expression.or([
        expression(expression.fn.min('at'), '>', after.toldAt),
        expression.and([
          expression(expression.fn.min('at'), '=', after.toldAt),
          expression('correlation_id', '>', after.correlationId),
        ]),
      ]),
    );
  }
  const direction = after ? 'asc' : 'desc';
  const rows = await select.orderBy('told', direction).orderBy('correlation_id', direction).limit(limit).execute();
  return rows.map(({ correlation_id }) => correlation_id);
}

const selectStanding = prepareBySize((size) =>
  prepareQuery((db, param: Param<Record<string, string>>) =>
    db
      .selectFrom('opt_outs')
      .select('phone')
      .where(
        'phone',
        'in',
        Array.from({ length: size }, (_, index) => param(`phone${index}`)),
      )
      .where('undone', '=', 0),
  ),
);
