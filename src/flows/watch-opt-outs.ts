import type { Attention } from '../domain/attention.ts';
import { instantOf } from '../domain/clock.ts';
import { ourInstance } from '../domain/connector.ts';
import { type OptOutClock, readClock } from '../domain/opt-out-clock.ts';
import type { OptOutQuery } from '../store/store.ts';
import type { Deps } from './deps.ts';
import { optOutTerms } from './opt-out-terms.ts';

type ReadDeps = Pick<Deps, 'store' | 'clock' | 'dialers' | 'settings'>;

const mostShown = 10_000;
/** A read of so many takes some 10 ms of the thread that live calls are on. */
const openAtOnce = 200;

/** Opt-outs with their clocks, as the query asks. */
export async function readOptOuts(deps: ReadDeps, query: OptOutQuery): Promise<OptOutClock[]> {
  const terms = optOutTerms(deps);
  const clocks = (await deps.store.toldOptOuts(query)).map((told) => readClock(told, terms, instantOf(deps.clock)));
  return query.isOpen ? clocks.filter(({ isOpen }) => isOpen) : clocks;
}

/** Every opt-out that a dialer does not hold yet, however many they are, in no order. */
async function* openOptOuts(deps: ReadDeps): AsyncGenerator<OptOutClock> {
  const open = await deps.store.optedOutCalls({ isOpen: true });
  for (let start = 0; start < open.length; start += openAtOnce) {
    const calls = open.slice(start, start + openAtOnce);
    const clocks = await readOptOuts(deps, { calls, limit: openAtOnce });
    yield* clocks.filter(({ isOpen }) => isOpen);
  }
}

/**
 * Shows opt-outs that a dialer does not hold long after they were told, each limit once, with an error in the log; and
 * settles what is shown when the dialers hold it at last. One process at a time.
 */
export async function watchOptOuts(deps: ReadDeps & Pick<Deps, 'log'>): Promise<void> {
  const late = new Map<string, OptOutClock>();
  for await (const clock of openOptOuts(deps)) {
    for (const limit of limitsPassed(clock)) late.set(keyOf(clock, limit), clock);
  }
  const shown = await deps.store.attention({ kind: 'overdue-opt-out', limit: mostShown });
  // What a person settled stays so; what we settled because it came can be late again, by a lead that came later.
  const isKnown = ({ settledAt, settledBy }: Attention) => settledAt === null || settledBy !== ourInstance;
  const known = new Set(shown.filter(isKnown).map(({ key }) => key));
  const now = instantOf(deps.clock);

  for (const [key, clock] of late) {
    if (known.has(key)) continue;
    const { correlationId } = clock;
    const waits = clock.dialers.filter(({ state }) => state === 'waiting' || state === 'failed');
    await deps.store.raiseAttention([{ kind: 'overdue-opt-out', key, correlationId, details: detailsOf(clock) }], now);
    const dialers = waits.map(({ dialer }) => dialer);
    const fields = { correlationId, toldAt: clock.toldAt, legalBy: clock.legalBy, dialers };
    deps.log.error(fields, 'an opt-out is overdue: a dialer does not hold it yet; see `patchbay opt-outs --open`');
  }
  for (const { key, settledAt } of shown) {
    if (settledAt !== null || late.has(key)) continue;
    const settlement = 'every dialer holds it now, or it was undone';
    await deps.store.settleAttention({ kind: 'overdue-opt-out', key, by: ourInstance, settlement, now });
  }
}

/** For the metrics: without ids. */
export async function countOptOuts(deps: ReadDeps): Promise<{ open: number; oldestSec: number; overdue: number }> {
  const counts = { open: 0, oldestSec: 0, overdue: 0 };
  for await (const { dialers, isOverdue } of openOptOuts(deps)) {
    counts.open += 1;
    if (isOverdue) counts.overdue += 1;
    for (const { openSince = '' } of dialers) {
      const seconds = (deps.clock.now() - Date.parse(openSince)) / 1000;
      if (seconds > counts.oldestSec) counts.oldestSec = seconds;
    }
  }
  return counts;
}

function limitsPassed({ isOverdue, isPastLegal }: OptOutClock): ('alarm' | 'legal')[] {
  return [...(isOverdue ? (['alarm'] as const) : []), ...(isPastLegal ? (['legal'] as const) : [])];
}

function keyOf({ correlationId }: OptOutClock, limit: string): string {
  return `${correlationId}:${limit}`;
}

function detailsOf({ toldAt, legalBy, phones, dialers }: OptOutClock): Record<string, string> {
  const waits = dialers.flatMap(({ dialer, waitsFor, waitsUntil }) =>
    waitsFor ? [`${dialer}: ${waitsFor}${waitsUntil ? ` (until ${waitsUntil})` : ''}`] : [],
  );
  return { toldAt, legalBy, numbers: phones.join(', '), waits: waits.join('; ') };
}
