import { Counter, type Metric, type Registry } from 'prom-client';

/** How a metric is called, as its readers see it. */
export interface TallyHead {
  name: string;
  help: string;
  labelNames: readonly string[];
}

type Labels = Record<string, string>;

// What each live call counts is kept in plain numbers, and put into words when somebody reads it: prom-client checks and joins
// the labels anew each time, which is more than all else that is done to count.

/** A counter, by the values of its labels in their order. */
export interface Tally {
  add(...values: string[]): void;
  /** Shows a zero, for alarms that need a count from the start. */
  begin(...values: string[]): void;
}

export function createTally(registry: Registry, head: TallyHead): Tally {
  const counts = new Map<string, { labels: Labels; left: number }>();
  const counter = new Counter({
    ...head,
    labelNames: [...head.labelNames],
    registers: [registry],
    collect() {
      for (const entry of counts.values()) {
        if (entry.left > 0) this.inc(entry.labels, entry.left);
        entry.left = 0;
      }
    },
  });
  return {
    add(...values) {
      const key = values.join('\n');
      const entry = counts.get(key);
      if (entry) entry.left += 1;
      else counts.set(key, { labels: labelsOf(head, values), left: 1 });
    },
    begin: (...values) => counter.inc(labelsOf(head, values), 0),
  };
}

/** Notes how many seconds something took. */
export type Timing = (seconds: number, ...values: string[]) => void;

/** @param bounds of the buckets, the smallest first */
export function createTiming(registry: Registry, head: TallyHead, bounds: readonly number[]): Timing {
  const timed = new Map<string, Timed>();
  const metric = { ...head, type: 'histogram', aggregator: 'sum', get: async () => ({ ...metric, values: samples() }) };
  // A metric of the library is a class; the registry asks it for its name and its values.
  registry.registerMetric(metric as unknown as Metric);

  function samples() {
    return [...timed.values()].flatMap(({ labels, buckets, sum }) => {
      let count = 0;
      const steps = [...bounds, '+Inf'].map((le, index) => {
        count += buckets[index] ?? 0;
        return { metricName: `${head.name}_bucket`, labels: { le, ...labels }, value: count };
      });
      return [
        ...steps,
        { metricName: `${head.name}_sum`, labels, value: sum },
        { metricName: `${head.name}_count`, labels, value: count },
      ];
    });
  }

  return (seconds, ...values) => {
    const key = values.join('\n');
    let entry = timed.get(key);
    if (!entry) {
      entry = { labels: labelsOf(head, values), buckets: new Float64Array(bounds.length + 1), sum: 0 };
      timed.set(key, entry);
    }
    let step = 0;
    while (step < bounds.length && seconds > (bounds[step] ?? 0)) step += 1;
    entry.buckets[step] = (entry.buckets[step] ?? 0) + 1;
    entry.sum += seconds;
  };
}

interface Timed {
  labels: Labels;
  /** How many fell into each, the last beyond all bounds. */
  buckets: Float64Array;
  sum: number;
}

function labelsOf({ labelNames }: TallyHead, values: readonly string[]): Labels {
  return Object.fromEntries(labelNames.map((name, index) => [name, values[index] ?? '']));
}
