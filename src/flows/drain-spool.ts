import { instantOf } from '../domain/clock.ts';
import { ConnectorError } from '../domain/errors.ts';
import type { FactToRecord } from '../store/store.ts';
import type { Deps } from './deps.ts';
import { tellAll } from './record-facts.ts';
import { hasOpenStage, settleStages } from './settle-stages.ts';

/** Brings what was kept on disk to the store, oldest first. Gives how many facts; rejects while the store is away. */
export async function drainSpool(deps: Deps): Promise<number> {
  if (deps.spool.size() === 0) return 0;
  const count = await deps.spool.drain(async (entries) => {
    const facts = entries as FactToRecord[];
    const isTaken = await take(deps, facts);
    return isTaken ? [] : await takeOneByOne(deps, facts);
  });
  if (count > 0) deps.failAt('spool.drained');
  if (count > 0) deps.log.info({ count }, 'the spool was brought to the store');
  return count;
}

/** False when the store can never hold one of them. */
async function take(deps: Deps, entries: readonly FactToRecord[]): Promise<boolean> {
  try {
    const facts = hasOpenStage(entries) ? await settleStages(deps, entries) : entries;
    const results = await deps.store.recordFacts({ facts, now: instantOf(deps.clock) });
    deps.failAt('spool.stored');
    tellAll(deps, facts, results);
    return true;
  } catch (error) {
    // Only a store that may take it later holds the spool up; all else is the fact's own fault.
    if (error instanceof ConnectorError && error.retryable) throw error;
    return false;
  }
}

/** One bad fact must not hold up the others; it is given back, so that the spool keeps it for a human. */
async function takeOneByOne(deps: Deps, facts: readonly FactToRecord[]): Promise<FactToRecord[]> {
  const useless: FactToRecord[] = [];
  for (const fact of facts) if (!(await take(deps, [fact]))) useless.push(fact);
  if (useless.length > 0)
    deps.log.error({ count: useless.length }, 'facts from the spool can not be stored as they are');
  return useless;
}
