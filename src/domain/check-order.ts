import type { Check, CheckResult, SeenResults } from './connector.ts';
import { ConnectorError, messageOf } from './errors.ts';

/** A check among those of a whole site. */
export interface NamedCheck {
  /** `<owner>:<check>`. */
  id: string;
  /** Instance id; `patchbay` for what lies across systems. */
  owner: string;
  check: Check;
}

/** How a check turned out. */
export interface Judged extends CheckResult {
  id: string;
  /** The checks at the root of it, when it could not be told, or not for all, for want of them; else empty. */
  causes: readonly string[];
}

/** Names checks as the whole site knows them. */
export function namedChecks(instances: readonly { id: string; checks(): readonly Check[] }[]): NamedCheck[] {
  return instances.flatMap(({ id, checks }) =>
    checks().map((check) => ({ id: `${id}:${check.id}`, owner: id, check })),
  );
}

/** What a check needs, by global names. */
export function needsOf({ owner, check }: NamedCheck): string[] {
  return globalNames(owner, check.needs ?? []);
}

/** What has to be done before a check, by global names. */
export function doneBefore({ owner, check }: NamedCheck): string[] {
  return globalNames(owner, [...(check.needs ?? []), ...(check.after ?? [])]);
}

function globalNames(owner: string, ids: readonly string[]): string[] {
  return ids.map((id) => (id.includes(':') ? id : `${owner}:${id}`));
}

/**
 * Runs each check as soon as what it needs is there, a few of one owner at a time. What needs a check that failed or can't
 * be told is not run: it can't be told either, and names the root of that. A check that throws has seen nothing.
 */
export async function runInOrder(
  checks: readonly NamedCheck[],
  options: { atOnce: number; onJudged?(judged: Judged): void; signal?: AbortSignal },
): Promise<Map<string, Judged>> {
  refuseBrokenOrder(checks);
  const judged = new Map<string, Judged>();
  const waiting = new Set(checks);
  const running = new Map<string, Set<Promise<void>>>();

  function begin(named: NamedCheck): void {
    waiting.delete(named);
    const own = running.get(named.owner) ?? new Set();
    running.set(named.owner, own);
    const run = judge(named, judged).then((result) => {
      own.delete(run);
      judged.set(named.id, result);
      options.onJudged?.(result);
    });
    own.add(run);
  }

  while (waiting.size > 0) {
    options.signal?.throwIfAborted();
    for (const named of waiting) {
      const isReady = doneBefore(named).every((need) => judged.has(need));
      if (isReady && (running.get(named.owner)?.size ?? 0) < options.atOnce) begin(named);
    }
    await Promise.race([...running.values()].flatMap((own) => [...own]));
  }
  await Promise.all([...running.values()].flatMap((own) => [...own]));
  return judged;
}

async function judge(named: NamedCheck, judged: ReadonlyMap<string, Judged>): Promise<Judged> {
  const missing = needsOf(named).flatMap((need) => {
    const result = judged.get(need);
    return result && isLost(result) ? [result] : [];
  });
  const seen = (id: string) => judged.get(id);
  if (missing.length === 0) return { id: named.id, causes: [], ...(await runOne(named.check, seen)) };

  const causes = rootsOf(missing);
  return { id: named.id, causes, status: 'unknown', found: `can't tell: ${wordsOf(causes, seen)}` };
}

/** What needs such a result can't be told. */
export function isLost({ status }: CheckResult): boolean {
  return status === 'fail' || status === 'unknown';
}

/** The checks at the root of these, each once. */
export function rootsOf(results: readonly (CheckResult & { id: string })[]): string[] {
  return [...new Set(results.flatMap(({ id, causes = [] }) => (causes.length > 0 ? causes : [id])))];
}

/** `needs soap.login, which failed`. */
export function wordsOf(causes: readonly string[], seen: SeenResults): string {
  const words = causes.map((id) =>
    seen(id)?.status === 'fail' ? `${id}, which failed` : `${id}, which can't be told`,
  );
  return `needs ${words.join('; ')}`;
}

async function runOne(check: Check, seen: SeenResults): Promise<CheckResult> {
  try {
    return await check.run(seen);
  } catch (error) {
    const fix = error instanceof ConnectorError ? error.hint : '';
    return { status: 'unknown', found: `the check itself broke off: ${messageOf(error)}`, ...(fix && { fix }) };
  }
}

/** Throws where a check needs one that is not there, or itself: slips of the program, which would stay hidden until it fails. */
export function refuseBrokenOrder(checks: readonly NamedCheck[]): void {
  const byId = new Map(checks.map((named) => [named.id, named]));
  if (byId.size < checks.length) {
    const twice = checks.find(({ id }, index) => checks.findIndex((other) => other.id === id) !== index);
    throw new Error(`two checks are called ${twice?.id}`);
  }
  const sound = new Set<string>();
  const visit = (named: NamedCheck, path: readonly string[]): void => {
    if (sound.has(named.id)) return;
    if (path.includes(named.id))
      throw new Error(`checks need each other in a circle: ${[...path, named.id].join(' → ')}`);
    for (const need of doneBefore(named)) {
      const other = byId.get(need);
      if (!other) throw new Error(`${named.id} needs ${need}, and there is no such check`);
      visit(other, [...path, named.id]);
    }
    sound.add(named.id);
  };
  for (const named of checks) visit(named, []);
}
