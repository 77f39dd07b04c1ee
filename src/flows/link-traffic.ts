import type { Instant } from '../domain/call.ts';
import type { Clock } from '../domain/clock.ts';
import { type LinkReport, type Traffic, trafficSteps } from '../domain/link-report.ts';
import type { Aspect } from '../domain/write-back.ts';

/** What goes between us and each system, counted in memory over the last minutes. Costs a live call next to nothing. */
export interface LinkTraffic {
  /** From now on these are counted too. */
  add(ids: Iterable<string>): void;
  /** A system asked us. An instance that is not configured is not counted. */
  asked(instance: string, ms: number, isError: boolean): void;
  /** We asked a system. `ms` is null for what takes its time by nature: it says nothing about the link. */
  asking(instance: string, ms: number | null, isError: boolean): void;
  /** A dialer took write-backs. */
  delivered(instance: string, aspect: Aspect, count: number): void;
  of(instance: string): Pick<LinkReport, 'asked' | 'asking' | 'delivered'>;
}

const bucketMs = 10_000;
const bucketCount = 30;
const spanMs = bucketMs * bucketCount;
/** In each bucket: all, errors, then how many answers fell into each step. */
const width = trafficSteps.length + 3;
const errorCell = 1;
const firstStep = 2;

/** @param ids the instances that are there: a name in a request that is none of them is not counted */
export function createLinkTraffic(clock: Pick<Clock, 'now'>, ids: readonly string[]): LinkTraffic {
  const links = new Map(ids.map((id) => [id, newLink()]));
  const startedAt = clock.now();

  function read(ring: Ring | undefined): Traffic {
    const now = clock.now();
    const spanSec = Math.max(bucketMs, Math.min(spanMs, now - startedAt)) / 1000;
    const [count = 0, errors = 0, ...steps] = ring?.sums(now) ?? new Array<number>(width).fill(0);
    return {
      spanSec,
      count,
      errors,
      steps,
      lastAt: instant(ring?.lastAt() ?? 0),
      lastErrorAt: instant(ring?.lastErrorAt() ?? 0),
    };
  }

  return {
    add(more) {
      for (const id of more) if (!links.has(id)) links.set(id, newLink());
    },
    asked: (id, ms, isError) => links.get(id)?.asked.note(clock.now(), ms, isError),
    asking: (id, ms, isError) => links.get(id)?.asking.note(clock.now(), ms, isError),
    delivered(id, aspect, count) {
      const link = links.get(id);
      if (!link) return;
      const now = clock.now();
      const recent = (link.delivered.get(aspect) ?? []).filter(({ at }) => now - at < spanMs);
      const last = recent.at(-1);
      if (last && now - last.at < bucketMs) last.count += count;
      else recent.push({ at: now, count });
      link.delivered.set(aspect, recent);
    },
    of(id) {
      const link = links.get(id);
      const now = clock.now();
      const sums = [...(link?.delivered ?? [])].map(([aspect, recent]) => [
        aspect,
        recent.reduce((sum, { at, count }) => sum + (now - at < spanMs ? count : 0), 0),
      ]);
      return { asked: read(link?.asked), asking: read(link?.asking), delivered: Object.fromEntries(sums) };
    },
  };
}

interface Link {
  asked: Ring;
  asking: Ring;
  delivered: Map<Aspect, { at: number; count: number }[]>;
}

function newLink(): Link {
  return { asked: createRing(), asking: createRing(), delivered: new Map() };
}

interface Ring {
  note(now: number, ms: number | null, isError: boolean): void;
  sums(now: number): number[];
  lastAt(): number;
  lastErrorAt(): number;
}

function createRing(): Ring {
  const cells = new Uint32Array(bucketCount * width);
  /** Which stretch of time each bucket holds. */
  const stretches = new Float64Array(bucketCount);
  let lastAt = 0;
  let lastErrorAt = 0;

  function add(cell: number): void {
    cells[cell] = (cells[cell] ?? 0) + 1;
  }

  return {
    note(now, ms, isError) {
      const stretch = Math.floor(now / bucketMs);
      const bucket = stretch % bucketCount;
      const start = bucket * width;
      if (stretches[bucket] !== stretch) {
        stretches[bucket] = stretch;
        cells.fill(0, start, start + width);
      }
      add(start);
      lastAt = now;
      if (isError) {
        add(start + errorCell);
        lastErrorAt = now;
      }
      if (ms !== null) add(start + firstStep + stepOf(ms));
    },
    sums(now) {
      const newest = Math.floor(now / bucketMs);
      const sums = new Array<number>(width).fill(0);
      for (const [bucket, stretch] of stretches.entries()) {
        if (stretch <= newest - bucketCount || stretch > newest) continue;
        for (const cell of sums.keys()) sums[cell] = (sums[cell] ?? 0) + (cells[bucket * width + cell] ?? 0);
      }
      return sums;
    },
    lastAt: () => lastAt,
    lastErrorAt: () => lastErrorAt,
  };
}

function stepOf(ms: number): number {
  let step = 0;
  while (step < trafficSteps.length && ms > (trafficSteps[step] ?? 0)) step += 1;
  return step;
}

function instant(ms: number): Instant | null {
  return ms === 0 ? null : new Date(ms).toISOString();
}
