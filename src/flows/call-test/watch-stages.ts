import type { Clock } from '../../domain/clock.ts';
import { factsOf, type Seen } from './seen.ts';
import { judgeStages, type Stage, type StageId, stageIds } from './stages.ts';

/** A stage that came, or did not, and when. */
export interface StageReport extends Stage {
  /** Seconds since the number was put up to be called. */
  afterSec: number;
}

/** How long a stage may take from what it waits for, in seconds. */
export type StageLimits = Readonly<Record<StageId, number>>;

export const stageLimits: StageLimits = {
  dialled: 120,
  answered: 45,
  registered: 15,
  headers: 15,
  'picked-up': 25,
  variables: 30,
  outcome: 45,
  'hand-back': 30,
  // Until the whole time is up: dialers take imports by the minute, and a technical end waits for a better word.
  disposition: Number.POSITIVE_INFINITY,
};

export interface WatchOptions {
  /** For the whole of it. */
  timeoutSec: number;
  limits: StageLimits;
  pollMs: number;
  onStage(stage: StageReport): void;
  signal: AbortSignal;
}

/** From when on the time of a stage counts: another stage, or the end of the conversation. */
const waitsFor: Readonly<Record<StageId, StageId | 'begin' | 'end'>> = {
  dialled: 'begin',
  answered: 'dialled',
  registered: 'answered',
  headers: 'registered',
  'picked-up': 'registered',
  variables: 'end',
  outcome: 'end',
  'hand-back': 'end',
  disposition: 'outcome',
};
/** A test goes on without these: later ones can come all the same. */
const optional: readonly StageId[] = ['headers', 'variables', 'hand-back'];

/** Watches until every stage came or failed, or one failed that all others wait for. Gives each once, as it settled. */
export async function watchStages(
  { clock }: { clock: Clock },
  look: () => Promise<Seen>,
  options: WatchOptions,
): Promise<{ stages: StageReport[]; last: Seen }> {
  const begunAt = clock.now();
  const settled = new Map<StageId, StageReport>();
  const doneAt = new Map<StageId | 'begin' | 'end', number>([['begin', begunAt]]);

  for (;;) {
    const seen = await look();
    const now = clock.now();
    if (isOver(seen) && !doneAt.has('end')) doneAt.set('end', now);
    const isLate = now - begunAt >= options.timeoutSec * 1000;
    for (const stage of judgeStages(seen)) {
      if (settled.has(stage.id)) continue;
      const verdict = overdue(stage, now, isLate);
      if (verdict.status === 'waiting') continue;
      const report = { ...verdict, afterSec: Math.round((now - begunAt) / 100) / 10 };
      settled.set(stage.id, report);
      doneAt.set(stage.id, now);
      options.onStage(report);
      if (verdict.endsTest) break;
    }
    const stages = stageIds.flatMap((id) => settled.get(id) ?? []);
    const isEnded = stages.some(({ endsTest }) => endsTest) || settled.size === stageIds.length;
    if (isEnded || isLate || options.signal.aborted) return { stages, last: seen };
    await clock.sleep(options.pollMs, options.signal);
  }

  /** A stage that did not come within its time has failed. */
  function overdue(stage: Stage, now: number, isLate: boolean): Stage {
    if (stage.status !== 'waiting') return stage;
    const since = doneAt.get(waitsFor[stage.id]);
    const isOverdue = since !== undefined && now - since >= options.limits[stage.id] * 1000;
    const isOptional = optional.includes(stage.id);
    // When the whole time is up, what the others wait for is named, not what waits besides.
    if (!isOverdue && !(isLate && !isOptional)) return stage;
    return { ...stage, status: 'failed', ...(!isOptional && { endsTest: true }) };
  }
}

function isOver(seen: Seen): boolean {
  return seen.reached.has('over') || seen.record?.isOver === true || factsOf(seen, 'ended').length > 0;
}
