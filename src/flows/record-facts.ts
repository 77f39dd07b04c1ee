import type { Call } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { correlationRef } from '../domain/connector.ts';
import { isCorrelationId, mintCorrelationId } from '../domain/correlation-id.ts';
import type { Fact } from '../domain/fact.ts';
import type { FactToRecord, RecordedFact } from '../store/store.ts';
import type { Deps } from './deps.ts';

export type RecordResult =
  | { kind: 'recorded'; results: RecordedFact[] }
  /** The store did not answer in time: the facts lie flushed on disk, and are drained later. */
  | { kind: 'spooled' };

export interface RecordOptions {
  /** Milliseconds of the machine's clock for the store, before the spool takes the facts. */
  budgetMs: number;
  /** The ID for a call that may be new. It counts as given away when the facts go to the spool. */
  announcedId?: string;
}

/**
 * Appends what a system told us about calls: the outcome is derived and the write-backs are planned in one transaction.
 * When it resolves the facts are durable, and the sender may be acknowledged. Rejects only when neither store nor spool
 * took them.
 */
export async function recordFacts(deps: Deps, facts: readonly Fact[], options: RecordOptions): Promise<RecordResult> {
  const entries = facts.filter((fact) => !isDroppedByDrill(deps, fact)).map((fact) => entryOf(deps, fact, options));
  if (entries.length === 0) return { kind: 'spooled' };

  const answer = await deps.gate.write(options.budgetMs, () =>
    deps.store.recordFacts({ facts: entries, now: instantOf(deps.clock) }),
  );
  if (answer.kind === 'away') {
    const isAnnounced = options.announcedId !== undefined;
    for (const entry of entries) await deps.spool.append({ ...entry, isAnnounced });
    for (const fact of facts) deps.count.factRecorded(fact.body.kind, 'spooled');
    return { kind: 'spooled' };
  }
  for (const [index, result] of answer.value.entries()) tell(deps, entries[index], result);
  return { kind: 'recorded', results: answer.value };
}

/** Wakes and nudges after facts are durable. */
export function tell(deps: Deps, entry: FactToRecord | undefined, result: RecordedFact): void {
  if (!entry) return;
  const { fact } = entry;
  deps.count.factRecorded(fact.body.kind, result.isAdded ? 'recorded' : 'duplicate');
  remember(deps, result.call, fact);
  if (!result.isAdded) return;
  deps.log.debug(
    { correlationId: result.call.correlationId, kind: fact.body.kind, source: fact.source },
    'fact recorded',
  );
  if (result.call.outcome) {
    deps.waiters.wake(result.call);
    deps.nudge();
  }
}

function remember(deps: Deps, call: Call, fact: Fact): void {
  deps.memory.rememberCall(call, [...fact.refs, correlationRef(call.correlationId)]);
}

function entryOf(deps: Deps, fact: Fact, options: RecordOptions): FactToRecord {
  const named = fact.refs.find((ref) => ref.kind === 'correlation' && isCorrelationId(ref.key));
  return {
    fact,
    receivedAt: instantOf(deps.clock),
    freshId: options.announcedId ?? named?.key ?? mintCorrelationId(deps.randomBytes),
    isAnnounced: false,
    expiresAt: new Date(deps.clock.now() + deps.settings.idHours * 3_600_000).toISOString(),
  };
}

const droppedCalls = new WeakMap<object, { seen: Set<string>; dropped: string }>();

/** In a drill that proves the measure: every commit of the n-th call is acknowledged and thrown away. */
function isDroppedByDrill(deps: Deps, fact: Fact): boolean {
  const nth = deps.settings.drill.dropsCommitOfCall;
  if (nth === 0 || fact.body.kind !== 'committed') return false;
  const state = droppedCalls.get(deps.settings) ?? { seen: new Set<string>(), dropped: '' };
  droppedCalls.set(deps.settings, state);
  const name = fact.refs[0]?.key ?? '';
  state.seen.add(name);
  if (state.seen.size === nth && !state.dropped) state.dropped = name;
  return state.dropped === name;
}
