import type { Instant } from '../../domain/call.ts';
import { type Clock, instantOf } from '../../domain/clock.ts';
import { ConnectorError, messageOf } from '../../domain/errors.ts';
import { type Checked, runChecks } from './run-checks.ts';
import { allChecks, type DoctorSite } from './site.ts';
import { judgeTroubles, type TroubleVerdict } from './trouble.ts';

/** Where operators have the doctor run, one run at a time, and see what it found last. All of it is kept in memory. */
export interface DoctorDesk {
  /** What is known now. The first look makes the list of checks. */
  picture(): Promise<DoctorPicture>;
  /** Begins a run of all checks, or those of an instance, or one. Throws where one goes on, or nothing has this name. */
  start(wish: { only: string; by: string }): Promise<void>;
  /** Ends a run that goes on. */
  stop(): Promise<void>;
}

export interface DoctorPicture {
  /** Every check of the site in the order of a run. */
  checks: readonly SeenCheck[];
  /** The guides' troubleshooting, judged by what was seen last. */
  troubles: readonly TroubleVerdict[];
  /** The run that goes on, or the last one; null before the first. */
  run: DoctorRun | null;
}

export interface SeenCheck {
  id: string;
  owner: string;
  title: string;
  looksAt: string;
  /** Whether the run that goes on has yet to tell. */
  isAwaited: boolean;
  /** What it found last, and when. Null until it was run. */
  last: { checked: Checked; at: Instant } | null;
}

export interface DoctorRun {
  /** An instance or a check; empty: all. */
  only: string;
  by: string;
  startedAt: Instant;
  /** Null while it goes on. */
  endedAt: Instant | null;
  /** In milliseconds of the machine. */
  tookMs: number;
  /** Why it broke off; empty when it did not. */
  fault: string;
}

export interface DoctorDeskDeps {
  clock: Clock;
  /** The site as it is configured now, for one run. Throws where the configuration can't be used. */
  openSite(): Promise<{ site: DoctorSite; close(): Promise<void> }>;
  /** Does the work unless another process does the like; null then. */
  alone(work: () => Promise<void>): Promise<true | null>;
}

type KnownCheck = Pick<SeenCheck, 'id' | 'owner' | 'title' | 'looksAt'>;

/** What stays known of a site after it was closed. */
interface KnownSite {
  checks: readonly KnownCheck[];
  judge(checked: readonly Checked[]): TroubleVerdict[];
}

export function createDoctorDesk(deps: DoctorDeskDeps): DoctorDesk {
  const last = new Map<string, { checked: Checked; at: Instant }>();
  const awaited = new Set<string>();
  const stopping = new AbortController();
  // A check that waits for a dead system does not hold up the end of the service.
  const stopped = new Promise<never>((_, reject) => {
    stopping.signal.addEventListener('abort', () => reject(stopping.signal.reason), { once: true });
  });
  stopped.catch(() => undefined);
  let known: KnownSite | null = null;
  let opening: Promise<KnownSite> | null = null;
  let troubles: readonly TroubleVerdict[] = [];
  let run: DoctorRun | null = null;
  let going: Promise<void> | null = null;

  async function site(): Promise<KnownSite> {
    if (known) return known;
    opening ??= look().finally(() => {
      opening = null;
    });
    return opening;
  }

  async function look(): Promise<KnownSite> {
    const opened = await deps.openSite();
    try {
      known = knownOf(opened.site);
      return known;
    } finally {
      await opened.close();
    }
  }

  async function go({ only }: DoctorRun): Promise<void> {
    const opened = await deps.openSite();
    try {
      known = knownOf(opened.site);
      for (const { id } of chosen(known.checks, only)) awaited.add(id);
      const running = runChecks(allChecks(opened.site), {
        ...(only && { only: [only] }),
        signal: stopping.signal,
        onChecked: keep,
      });
      const checked = await Promise.race([running, stopped]);
      forgetOthers(known.checks);
      const all = known.checks.flatMap(({ id }) => last.get(id)?.checked ?? []);
      if (checked.length > 0) troubles = known.judge(all);
    } finally {
      await opened.close();
    }
  }

  function keep(checked: Checked): void {
    last.set(checked.id, { checked, at: instantOf(deps.clock) });
    awaited.delete(checked.id);
  }

  /** Checks of an instance that is not configured any more. */
  function forgetOthers(checks: readonly KnownCheck[]): void {
    const ids = new Set(checks.map(({ id }) => id));
    for (const id of last.keys()) if (!ids.has(id)) last.delete(id);
  }

  async function watched(own: DoctorRun): Promise<void> {
    const startedAt = performance.now();
    try {
      const isDone = await deps.alone(() => go(own));
      if (!isDone) own.fault = 'Another process of this service runs the doctor now. Try again in a minute.';
    } catch (error) {
      own.fault = stopping.signal.aborted ? 'The service stopped.' : wordsOf(error);
    } finally {
      awaited.clear();
      own.tookMs = Math.round(performance.now() - startedAt);
      own.endedAt = instantOf(deps.clock);
      going = null;
    }
  }

  return {
    async picture() {
      const checks = await site().then(
        (found) => found.checks,
        () => [],
      );
      return {
        checks: checks.map((check) => ({
          ...check,
          isAwaited: awaited.has(check.id),
          last: last.get(check.id) ?? null,
        })),
        troubles,
        run: run && { ...run },
      };
    },
    async start({ only, by }) {
      if (only !== '' && chosen((await site()).checks, only).length === 0) {
        throw new ConnectorError('bad_request', `nothing that the doctor looks at is called "${only}"`, {
          hint: 'Choose an instance or a check from the page.',
        });
      }
      if (going !== null) {
        throw new ConnectorError('bad_request', `a run that ${run?.by} began goes on`, {
          hint: 'Wait until it is through: everybody sees what it finds.',
        });
      }
      run = { only, by, startedAt: instantOf(deps.clock), endedAt: null, tookMs: 0, fault: '' };
      going = watched(run);
    },
    async stop() {
      stopping.abort();
      await going;
    },
  };
}

/** The checks of an instance, or the one of this name. */
function chosen(checks: readonly KnownCheck[], only: string): readonly KnownCheck[] {
  return only === '' ? checks : checks.filter(({ id, owner }) => owner === only || id === only);
}

function knownOf(site: DoctorSite): KnownSite {
  const checks = allChecks(site).map(({ id, owner, check }) => ({
    id,
    owner,
    title: check.title,
    looksAt: check.looksAt,
  }));
  // The names alone: instances that were closed are not kept.
  const names = (of: ReadonlyMap<string, unknown>) => new Map([...of.keys()].map((id) => [id, null]));
  const part = { guides: site.guides, dialers: names(site.dialers), platforms: names(site.platforms) };
  return { checks, judge: (checked) => judgeTroubles(part, checks, checked) };
}

function wordsOf(error: unknown): string {
  const hint = error instanceof ConnectorError ? error.hint : '';
  return hint ? `${messageOf(error)}: ${hint}` : messageOf(error);
}
