import { databaseClock } from '../database-clock.ts';
import { fitKey } from '../fit-key.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import { type GoingQuery, goingCalls } from '../reads/going-calls.ts';
import type { Session } from '../session.ts';

export interface HoldSlotsInput {
  platform: string;
  /** The process that asks. */
  holder: string;
  /** Calls that may go on at once. */
  limit: number;
  /** Slots that it gave to calls which the store may not know yet. */
  given: number;
  /** Slots of its hold that it has not given. */
  free: number;
  /** For so many calls that wait now. */
  wanted: number;
  /** So long the hold lasts, by the database's clock. */
  ttlMs: number;
  going: GoingQuery;
}

export interface HeldSlots {
  /** Calls that the AI has now, as far as the store knows. */
  going: number;
  /** Slots that the process may give from now on. */
  free: number;
}

/** By process: slots that calls of it may have beyond those that the store knows. */
type Holds = Record<string, { slots: number; until: string }>;

/** A process that told nothing for so long has no part in what is free. */
const silentMs = 60_000;

/**
 * Gives a process its part of what is free at a platform: calls that the store knows, and what all processes hold, are never more
 * than the limit together. One at a time: whoever comes second sees what the first one got.
 */
export async function holdSlots(trx: Session, input: HoldSlotsInput): Promise<HeldSlots> {
  const { platform, holder, limit, given, ttlMs } = input;
  const name = fitKey(`slots:${platform}`);
  const { value, now, until } = await lock(trx, name, ttlMs);
  const going = await goingCalls(trx, input.going);
  const holds = JSON.parse(value || '{}') as Holds;
  const others = Object.entries(holds).filter(([id, hold]) => id !== holder && hold.until > now);
  const own = holds[holder];

  const held = others.reduce((sum, [, { slots }]) => sum + slots, 0);
  const room = Math.max(0, limit - going - held - given);
  const sharers = Math.max(others.length + 1, await countProcesses(trx));
  // What it has not given is its own as long as the hold lasts: it may be giving it right now.
  const kept = own && own.until > now ? input.free : 0;
  const free = Math.min(room, Math.max(kept, input.wanted, Math.ceil(room / sharers)));
  const next: Holds = { ...Object.fromEntries(others), [holder]: { slots: given + free, until } };
  await update.change(trx, { name, value: JSON.stringify(next) });
  return { going, free };
}

async function lock(trx: Session, name: string, ttlMs: number) {
  const row = await select.first(trx, { name, ttlMs });
  if (row) return row;
  await insert.change(trx, { name });
  const fresh = await select.first(trx, { name, ttlMs });
  if (!fresh) throw new Error('a row that was just written is gone');
  return fresh;
}

async function countProcesses(trx: Session): Promise<number> {
  const row = await selectProcesses.first(trx, {});
  return Number(row?.count ?? 0);
}

/** The first statement of the unit, so that what is counted after it is no older than the lock. */
const select = prepareQuery((db, param: Param<{ name: string; ttlMs: number }>, kind) => {
  const query = db
    .selectFrom('cursors')
    .select(['value', databaseClock(kind).as('now'), databaseClock(kind, param('ttlMs')).as('until')])
    .where('name', '=', param('name'));
  return kind === 'mysql' ? query.forUpdate() : query;
});

const insert = prepareQuery((db, param: Param<{ name: string }>) =>
  db.insertInto('cursors').values({ name: param('name'), value: '' }),
);

const update = prepareQuery((db, param: Param<{ name: string; value: string }>) =>
  db
    .updateTable('cursors')
    .set({ value: param('value') })
    .where('name', '=', param('name')),
);

const selectProcesses = prepareQuery((db, _param, kind) =>
  db
    .selectFrom('processes')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('seen_at', '>', databaseClock(kind, -silentMs)),
);
