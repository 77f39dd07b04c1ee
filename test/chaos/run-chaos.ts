import { failPoints } from '../../src/domain/fail-points.ts';
import { openCounts } from '../demo/counts.ts';
import { putBehaviours, waitForLeads } from '../demo/day.ts';
import { readDemoOptions } from '../demo/options.ts';
import { judge } from '../demo/verdict.ts';
import { startWorld, type World } from '../demo/world.ts';
import { countEventFaults, dayLengthSec, writeChaosScript } from './chaos-script.ts';
import { keepEvidence } from './evidence.ts';
import { countFaults } from './faults.ts';
import { armed, keepAlive } from './keeper.ts';
import type { LiveAnswers } from './live-probe.ts';
import { openDncWindow, startOfDay } from './nights.ts';
import type { ChaosOptions } from './options.ts';
import { planFaults, planPoints } from './plan.ts';
import { playChaos } from './play-chaos.ts';

export interface ChaosResult {
  seed: number;
  minutes: number;
  store: ChaosOptions['store'];
  calls: number;
  handedToAi: number;
  writeBacks: number;
  dead: number;
  /** By kind. */
  faults: Record<string, number>;
  kills: number;
  killsByPoint: Record<string, number>;
  /** Armed fail points that nobody came to. */
  pointsLeft: string[];
  /** Ends that no fault explains. */
  crashes: string[];
  live: LiveAnswers;
  lost: number;
  double: number;
  wrong: number;
  longestRecoveryMs: { healToDrained: number; killToReady: number };
  /** Where what is needed to find the cause lies; empty when the verdict holds. */
  evidence: string;
  wallSeconds: number;
}

/** Plays one plan and judges it. Rejects only when the world itself can't be had. */
export async function runChaos(options: ChaosOptions, tell: (line: string) => void): Promise<ChaosResult> {
  const startedAt = performance.now();
  const script = writeChaosScript(options);
  const plan = options.isTour ? [] : planFaults(options);
  const points = planPoints(options);
  const world = await startWorld(
    // Its Asterisk takes a moment between hand-over and carrier, as with kills of the dialer.
    readDemoOptions(['--once', '--kill-dialer', '1', '--seed', String(options.seed)]),
    script,
    options.isTour ? openDncWindow : startOfDay(options.seed, dayLengthSec(options)),
    tell,
    { drill: { ...drillOf(options), ...armed(points, options.armedAtOnce) } },
    options.store === 'mysql' ? { store: 'mysql', patchbays: 2 } : {},
  );
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    await world.stop();
  };
  const interrupt = () => void stop().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  try {
    return await playAndJudge(world);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, interrupt);
    await stop();
  }

  async function playAndJudge(world: World): Promise<ChaosResult> {
    const { members, clock } = world;
    await putBehaviours(world, script);
    await waitForLeads(world, script);
    const keeper = keepAlive({ members, points, armedAtOnce: options.armedAtOnce, now: clock.now, tell });
    try {
      const played = await playChaos({ world, keeper, script, plan }, options, tell);
      const verdict = judge(played.ends, played.journals, true);
      verdict.lost += played.faults.length;
      const findings = [...verdict.findings, ...played.faults];
      const crashes = keeper.deaths.filter(({ isWanted }) => !isWanted).map(({ by, from }) => `${by} at ${from}`);
      const isGood = findings.length === 0 && crashes.length === 0;
      const evidence = isGood ? '' : await keepEvidence({ options, world, keeper, plan, played, findings });
      for (const finding of [...findings, ...crashes]) tell(`finding: ${finding}`);
      const counts = await openCounts(world.store);
      return {
        seed: options.seed,
        minutes: options.minutes,
        store: options.store,
        calls: played.ends.length,
        handedToAi: played.ends.filter((end) => end.wasHandedToAi).length,
        writeBacks: counts.writeBacks,
        dead: counts.dead,
        faults: { ...countFaults(plan), ...countEventFaults(script) },
        kills: keeper.deaths.filter(({ isWanted }) => isWanted).length,
        killsByPoint: countBy(keeper.deaths.map(({ by }) => by)),
        pointsLeft: failPoints.filter(
          (point) => options.points.includes(point) && !keeper.deaths.some(({ by }) => by === point),
        ),
        crashes,
        live: played.live,
        lost: verdict.lost,
        double: verdict.double,
        wrong: verdict.wrong,
        longestRecoveryMs: {
          healToDrained: played.drainedMs,
          killToReady: Math.max(0, ...keeper.deaths.map(({ readyMs }) => readyMs)),
        },
        evidence,
        wallSeconds: Math.round((performance.now() - startedAt) / 100) / 10,
      };
    } finally {
      keeper.stop();
    }
  }
}

function drillOf({ ignoresIdempotency, dropsFact }: ChaosOptions) {
  return { ignoreIdempotency: ignoresIdempotency, ...(dropsFact && { dropCommittedFact: 3 }) };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
