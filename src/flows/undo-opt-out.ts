import { instantOf } from '../domain/clock.ts';
import { correlationRef } from '../domain/connector.ts';
import type { Fact } from '../domain/fact.ts';
import type { ToldOptOut } from '../domain/opt-out-clock.ts';
import type { Deps } from './deps.ts';
import { recordFacts } from './record-facts.ts';

export interface UndoneOptOut {
  /** Calls that told the opt-out. */
  calls: string[];
  /** True when the number is opted out still: another call told it in the meantime. */
  standsStill: boolean;
}

const mostCalls = 1000;

/** Whose opt-outs: those of a number (E.164), or what one call told, whose number may not be known. */
export type UndoneOf = { phone: string } | { call: string };

/**
 * Takes opt-outs back, on an operator's word: the one way to. Of the numbers of the person, those that we listed are taken
 * off the dialers' lists; the statuses of leads stay. Written down in the audit log.
 */
export async function undoOptOut(
  deps: Deps,
  { by, why, ...of }: UndoneOf & { by: string; why: string },
): Promise<UndoneOptOut> {
  const told = await standing(deps, of);
  const now = instantOf(deps.clock);
  const facts: Fact[] = [];
  for (const { correlationId, toldAt } of told) {
    const call = await deps.store.callById(correlationId);
    // By a clock that is fast the opt-out may lie in our future.
    const at = [now, toldAt, call?.outcome?.optedOutAt ?? ''].sort().at(-1) ?? now;
    const refs = [correlationRef(correlationId)];
    facts.push({
      refs,
      source: `operator:${by.replace(/^cli:/, '')}`,
      key: `opt-out-undone:${now}`,
      at,
      body: { kind: 'opt-out-undone', by, why },
    });
  }
  const calls = told.map(({ correlationId }) => correlationId);
  if (facts.length > 0) {
    const details = { why, calls: calls.join(' ') };
    const subject = 'phone' in of ? deps.hashNumber(of.phone) : of.call;
    await deps.store.appendAudit({ at: now, by, act: 'opt-out-undo', subject, details });
    await recordFacts(deps, facts, { budgetMs: 10_000 });
    deps.nudge();
  }
  return { calls, standsStill: (await standing(deps, of)).length > 0 };
}

async function standing({ store }: Pick<Deps, 'store'>, of: UndoneOf): Promise<ToldOptOut[]> {
  const query = 'phone' in of ? { phone: of.phone } : { calls: [of.call] };
  return (await store.toldOptOuts({ ...query, limit: mostCalls })).filter(({ isUndone }) => !isUndone);
}
