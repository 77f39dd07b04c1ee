import type { Clock } from '../../../src/domain/clock.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { categoriesOf, type Operation } from '../soap/operations.ts';
import type { CallCounters } from '../soap/schema.ts';
import { defaultLimit, defaultLimits, windowEnd, windowNames } from './windows.ts';

/**
 * What a request is for: `interactive` is a live call or an operator who waits, `write` a write-back and all that it
 * needs, `background` the lead sync and reports.
 */
export type Purpose = 'interactive' | 'write' | 'background';

/** Spends the limits of the domain: nothing is sent that Five9 would refuse. */
export interface Governor {
  /** Reads the counters when they are old, and waits for them. Never rejects: the documented limits hold meanwhile. */
  refresh(operation: Operation, purpose: Purpose): Promise<void>;
  /** When an operation may be sent (epoch ms); 0: now. */
  openAt(operation: Operation, purpose: Purpose): number;
  /** Throws `dialer_limit` with the wait when nothing is left for it. */
  assertOpen(operation: Operation, purpose: Purpose): void;
  /** Does the work and counts it as one request; rejects with `dialer_limit` and the wait when nothing is left for it. */
  spend<T>(operation: Operation, purpose: Purpose, work: () => Promise<T>): Promise<T>;
  /** Five9 refused the operation all the same: closes the category until its window ends. Gives the error to throw. */
  refused(operation: Operation, saidCategory: string): Promise<ConnectorError>;
  learn(counters: CallCounters): void;
  lines(): QuotaLine[];
  /** How much of a limit this purpose may use. */
  shareOf(limit: number, purpose: Purpose): number;
}

/** One limit of the domain. */
export interface QuotaLine {
  category: string;
  windowSec: number;
  /** 0: none is known. */
  limit: number;
  used: number;
  /** Epoch ms. */
  endsAt: number;
}

interface GovernorOptions {
  /** The data centre's: its clock decides when a window ends. */
  timeZone: string;
  reservePercent: number;
  /** Asks Five9; this is not limited itself. */
  readCounters(): Promise<CallCounters>;
}

/** Other processes and programs spend from the same limits: what Five9 says of the whole domain is asked so often. */
const readEveryMs = 60_000;
/** The same while something waits: the domain may have been given more. */
const readWhenFullMs = 10_000;
/** Live calls leave so much of each limit to write-backs: few requests settle thousands of rows, and none would for hours. */
const writesPercent = 5;
/** Waited beyond the end of a full window, as our clock may be ahead of Five9's. */
const lateMs = 1000;

interface Line extends QuotaLine {
  /** Of `used`, this process's own by live calls. */
  live: number;
  /** Of `used`, this process's own for write-backs. */
  written: number;
}

export function createGovernor(clock: Pick<Clock, 'now'>, options: GovernorOptions): Governor {
  const known = new Map<string, Line>();
  const inFlight = new Map<string, number>();
  const closed = new Map<string, { until: number; windowSec: number }>();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  for (const category of Object.keys(defaultLimits)) for (const sec of windowNames.keys()) lineOf(category, sec);

  function lineOf(category: string, windowSec: number): Line {
    const now = clock.now();
    const name = `${category} ${windowSec}`;
    let line = known.get(name);
    if (!line) {
      const endsAt = windowEnd(now, windowSec, options.timeZone);
      line = { category, windowSec, limit: defaultLimit(category, windowSec), used: 0, live: 0, written: 0, endsAt };
      known.set(name, line);
    }
    if (now >= line.endsAt + (isFull(line, 'write') || isFull(line, 'interactive') ? lateMs : 0)) {
      line.used = 0;
      line.live = 0;
      line.written = 0;
      line.endsAt = windowEnd(now, windowSec, options.timeZone);
    }
    return line;
  }

  function isFull(line: Line, purpose: Purpose): boolean {
    const { limit, used, live, written } = line;
    if (limit === 0) return false;
    const writesLeft = Math.max(0, Math.floor((limit * writesPercent) / 100) - written);
    const isShutToLive = used >= limit - writesLeft;
    if (purpose === 'interactive') return isShutToLive;
    // Where live calls took more than is kept for them, here or in another process, they took it from write-backs.
    if (purpose === 'write' && writesLeft > 0 && (isShutToLive || live > reserveOf(limit))) return used >= limit;
    return used >= shareOf(limit, purpose);
  }

  function reserveOf(limit: number): number {
    return Math.floor((limit * options.reservePercent) / 100);
  }

  function shareOf(limit: number, purpose: Purpose): number {
    const reserve = reserveOf(limit);
    const kept = { interactive: 0, write: reserve, background: 2 * reserve }[purpose];
    return Math.max(1, limit - kept);
  }

  function linesOf(category: string): Line[] {
    return [...known.values()]
      .filter((line) => line.category === category)
      .map((line) => lineOf(category, line.windowSec));
  }

  function openAt(operation: Operation, purpose: Purpose): number {
    let at = 0;
    for (const category of categoriesOf(operation)) {
      at = Math.max(at, closedUntil(category));
      for (const line of linesOf(category)) if (isFull(line, purpose)) at = Math.max(at, line.endsAt + lateMs);
    }
    return at > clock.now() ? at : 0;
  }

  /** 0 where our clock was put back behind the window that Five9 refused: it may have been hours ahead. */
  function closedUntil(category: string): number {
    const { until, windowSec } = closed.get(category) ?? { until: 0, windowSec: 60 };
    const now = clock.now();
    return until > now && until <= windowEnd(now, windowSec, options.timeZone) + lateMs ? until : 0;
  }

  function assertOpen(operation: Operation, purpose: Purpose): void {
    const until = openAt(operation, purpose);
    if (until > 0) throw limitError(operation, until);
  }

  function read(): Promise<void> {
    readAt = clock.now();
    reading ??= options
      .readCounters()
      .then(learn)
      .catch(() => undefined)
      .finally(() => {
        reading = null;
      });
    return reading;
  }

  /** What is on its way may not be in Five9's answer yet; counted twice it does no harm, and the next read mends it. */
  function learn(counters: CallCounters): void {
    readAt = clock.now();
    for (const { windowSec, counters: states } of counters) {
      for (const { operationType, limit, value } of states) {
        const line = lineOf(operationType, windowSec);
        const endsAt = windowEnd(readAt, windowSec, options.timeZone);
        // A full window may be over here before it opens again.
        if (endsAt !== line.endsAt) Object.assign(line, { live: 0, written: 0, endsAt });
        line.limit = limit;
        line.used = value + (inFlight.get(operationType) ?? 0);
      }
    }
  }

  function limitError(operation: Operation, until: number): ConnectorError {
    const categories = categoriesOf(operation).join(' and ');
    return new ConnectorError('dialer_limit', `the Five9 limit for ${categories} is used up: ${operation} waits`, {
      retryable: true,
      afterMs: Math.max(1, until - clock.now()),
      hint: 'Nothing is lost. `npx patchbay … quota` shows what is left. If it happens often, ask Five9 for higher limits.',
    });
  }

  return {
    async refresh(operation, purpose) {
      if (categoriesOf(operation).length === 0) return;
      const every = openAt(operation, purpose) > 0 ? readWhenFullMs : readEveryMs;
      const isOld = clock.now() - readAt >= every;
      await (isOld ? read() : reading);
    },
    openAt,
    assertOpen,
    async spend(operation, purpose, work) {
      assertOpen(operation, purpose);
      const categories = categoriesOf(operation);
      for (const category of categories) {
        for (const line of linesOf(category)) {
          line.used += 1;
          if (purpose === 'interactive') line.live += 1;
          if (purpose === 'write') line.written += 1;
        }
        inFlight.set(category, (inFlight.get(category) ?? 0) + 1);
      }
      try {
        return await work();
      } finally {
        for (const category of categories) inFlight.set(category, (inFlight.get(category) ?? 1) - 1);
      }
    },
    async refused(operation, saidCategory) {
      await read();
      const own = categoriesOf(operation);
      const said = saidCategory && own.includes(saidCategory) ? [saidCategory] : own;
      const full = [saidCategory, ...said].flatMap(linesOf).filter(({ limit, used }) => limit > 0 && used >= limit);
      // The fault does not say which window is full. When the counters don't either, the shortest is tried first.
      const windowSec = Math.max(60, ...full.map((line) => line.windowSec));
      const until = windowEnd(clock.now(), windowSec, options.timeZone) + lateMs;
      for (const category of said) closed.set(category, { until, windowSec });
      return limitError(operation, until);
    },
    learn,
    lines: () =>
      [...known.values()].map((line) => {
        const { live, written, ...said } = lineOf(line.category, line.windowSec);
        return said;
      }),
    shareOf,
  };
}
