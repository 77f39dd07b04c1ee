import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../../src/domain/clock.ts';
import type { Category } from './operations.ts';
import { soapFault } from './soap-fault.ts';
import type { XmlContent } from './xml.ts';

export interface WindowLimits {
  minute: number;
  hour: number;
  day: number;
}

/** Five9's default limits per domain. */
export const defaultLimits: Readonly<Record<Category, WindowLimits>> = {
  Query: { minute: 450, hour: 15_000, day: 172_800 },
  Modify: { minute: 140, hour: 7_200, day: 172_800 },
  SingleUpload: { minute: 160, hour: 7_200, day: 172_800 },
  AsynchronousUpload: { minute: 20, hour: 1_000, day: 2_000 },
  Upload: { minute: 20, hour: 400, day: 2_000 },
  ReportRequest: { minute: 16, hour: 120, day: 800 },
  RetrieveReport: { minute: 20, hour: 200, day: 1_000 },
};

export interface RateLimits {
  /** Counts a request; a fault when a window of one of its categories is full. A refused request does not count. */
  spend(categories: readonly Category[]): void;
  /** Somebody else uses the rest of today's limit. Gives what takes it back. */
  useUp(category: Category): () => void;
  /** The answer of getCallCountersState. */
  state(): XmlContent;
}

const windows = [
  { name: 'minute', seconds: 60 },
  { name: 'hour', seconds: 3600 },
  { name: 'day', seconds: 86_400 },
] as const;

const dataCentreZone = 'America/Los_Angeles';

/** Counters per domain, in windows that are aligned to the clock of the data centre. */
export function createRateLimits(
  clock: Pick<Clock, 'now'>,
  limits: Readonly<Record<string, WindowLimits>>,
): RateLimits {
  const counters = new Map<string, { window: string; count: number }>();
  const limitOf = (category: Category) => limits[category] ?? defaultLimits[category];

  function counter(category: Category, name: keyof WindowLimits) {
    const window = windowAt(clock.now(), name);
    const key = `${category} ${name}`;
    let current = counters.get(key);
    if (current?.window !== window) {
      current = { window, count: 0 };
      counters.set(key, current);
    }
    return current;
  }

  return {
    spend(categories) {
      for (const category of categories) {
        for (const { name } of windows) {
          const limit = limitOf(category)[name];
          if (counter(category, name).count < limit) continue;
          throw soapFault('OperationsLimitExceededFault', `Operations limit exceeded for ${category}`, {
            limit,
            operationType: category,
          });
        }
      }
      for (const category of categories) for (const { name } of windows) counter(category, name).count += 1;
    },
    useUp(category) {
      const day = counter(category, 'day');
      const before = day.count;
      day.count = limitOf(category).day;
      return () => {
        day.count = before;
      };
    },
    state: () =>
      windows.map(({ name, seconds }) => ({
        callCounterStates: (Object.keys(defaultLimits) as Category[]).map((category) => ({
          limit: limitOf(category)[name],
          operationType: category,
          value: counter(category, name).count,
        })),
        timeout: seconds,
      })),
  };
}

function windowAt(nowMs: number, name: keyof WindowLimits): string {
  if (name === 'minute') return String(Math.floor(nowMs / 60_000));
  if (name === 'hour') return String(Math.floor(nowMs / 3_600_000));
  return Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(dataCentreZone).toPlainDate().toString();
}
