import {
  doneBefore,
  type Judged,
  type NamedCheck,
  namedChecks,
  refuseBrokenOrder,
  runInOrder,
} from '../../domain/check-order.ts';
import type { CheckResult, SeenResults } from '../../domain/connector.ts';
import { chosenChecks } from './chosen-checks.ts';

export { type NamedCheck, namedChecks };

/** A check with what it saw. */
export interface Checked extends CheckResult {
  id: string;
  owner: string;
  title: string;
  looksAt: string;
  tookMs: number;
  /** The checks at the root of it, when it could not be told, or not for all, for want of them; else empty. */
  causes: readonly string[];
}

export interface RunOptions {
  /** Instances, checks, or beginnings of their names: only these are reported; what they need is run as well. (Default: all) */
  only?: readonly string[];
  /** Told of each check in the order of definition, as soon as all before it are done. */
  onChecked?(checked: Checked): void;
  signal?: AbortSignal;
  /** How long one check may take before it is given up. (Default: 60 s) */
  limitMs?: number;
}

const atOncePerOwner = 4;

/** Runs checks, each once and never before what it needs. */
export async function runChecks(checks: readonly NamedCheck[], options: RunOptions = {}): Promise<Checked[]> {
  refuseBrokenOrder(checks);
  const reported = chosenChecks(checks, options.only ?? []);
  const took = new Map<string, number>();
  const wanted = withNeeds(checks, reported).map((named) => timed(named, options.limitMs ?? 60_000, took));
  const done = new Map<string, Checked>();
  const told: Checked[] = [];

  await runInOrder(wanted, {
    atOnce: atOncePerOwner,
    ...(options.signal && { signal: options.signal }),
    onJudged(judged) {
      const named = wanted.find(({ id }) => id === judged.id);
      if (named) done.set(judged.id, checkedOf(named, judged, took.get(judged.id) ?? 0));
      for (let next = nextOf(); next; next = nextOf()) {
        told.push(next);
        options.onChecked?.(next);
      }
    },
  });
  return told;

  function nextOf(): Checked | undefined {
    const id = reported[told.length]?.id;
    return id === undefined ? undefined : done.get(id);
  }
}

function checkedOf({ owner, check }: NamedCheck, judged: Judged, tookMs: number): Checked {
  return { ...judged, owner, title: check.title, looksAt: check.looksAt, tookMs };
}

function withNeeds(checks: readonly NamedCheck[], reported: readonly NamedCheck[]): NamedCheck[] {
  const wanted = new Set(reported.map(({ id }) => id));
  // A set that grows while it is gone through: what is added is gone through as well.
  for (const id of wanted) {
    const named = checks.find((each) => each.id === id);
    for (const need of named ? doneBefore(named) : []) wanted.add(need);
  }
  return checks.filter(({ id }) => wanted.has(id));
}

/** The same check, timed, and given up after a while: one that hangs must not hang the doctor. */
function timed({ id, owner, check }: NamedCheck, limitMs: number, took: Map<string, number>): NamedCheck {
  async function run(seen?: SeenResults): Promise<CheckResult> {
    const startedAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<CheckResult>((resolve) => {
      const found = `no result within ${limitMs / 1000} s`;
      const why = 'Nothing of what it looks at was seen.';
      const fix = `See whether ${owner} is overloaded, and run \`npx patchbay doctor --only ${id}\` alone.`;
      timer = setTimeout(() => resolve({ status: 'unknown', found, why, fix }), limitMs);
    });
    try {
      return await Promise.race([check.run(seen), tooLong]);
    } finally {
      clearTimeout(timer);
      took.set(id, Math.round(performance.now() - startedAt));
    }
  }
  return { id, owner, check: { ...check, run } };
}
