import { instantOf } from '../domain/clock.ts';
import { correlationRef } from '../domain/connector.ts';
import type { Fact } from '../domain/fact.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';
import { recordFacts } from './record-facts.ts';

/** One transaction must not hold up the events of live calls. */
const atOnce = 50;

/**
 * Has written what was only shown, on a person's word: a fact of its call, so that the plan holds it for good. The dialer is
 * read before it is written. Gives how many go out; the call may want something else by now.
 */
export async function releaseShadow(deps: Deps, rows: readonly WriteBack[], by: string): Promise<number> {
  const shown = rows.filter(({ state }) => state === 'shadow');
  let due = 0;
  for (let start = 0; start < shown.length; start += atOnce) {
    const part = shown.slice(start, start + atOnce);
    await recordFacts(
      deps,
      part.map((row) => releaseOf(deps, row, by)),
      { budgetMs: 10_000, isStoreOnly: true },
    );
    for (const row of part) if (await isDue(deps, row)) due += 1;
  }
  return due;
}

function releaseOf({ clock }: Deps, { correlationId, dialer, aspect }: WriteBack, by: string): Fact {
  return {
    refs: [correlationRef(correlationId)],
    source: `operator:${by.replace(/^cli:/, '')}`,
    key: `released:${dialer}:${aspect}`,
    at: instantOf(clock),
    body: { kind: 'released', dialer, aspect, by },
  };
}

/** The outbox of the running service may have taken it by now. */
async function isDue({ store }: Deps, { correlationId, dialer, aspect, revision }: WriteBack): Promise<boolean> {
  const rows = await store.writeBacksOf(correlationId);
  return rows.some(
    (row) =>
      row.dialer === dialer &&
      row.aspect === aspect &&
      row.revision > revision &&
      /pending|claimed|submitted|confirmed/.test(row.state),
  );
}
