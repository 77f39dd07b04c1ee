import { parseArgs } from 'node:util';
import { type FailPoint, failPoints } from '../../src/domain/fail-points.ts';

export interface ChaosOptions {
  seed: number;
  /** How long calls and faults go on, by the machine's clock; healing and the night come after it. */
  minutes: number;
  store: 'sqlite' | 'mysql';
  isJson: boolean;
  /** Simulated seconds per second of the machine. */
  rate: number;
  calls: number;
  /** The fail points that are armed, and how many of them at once. */
  points: readonly FailPoint[];
  armedAtOnce: number;
  /** Only fail points, each once, until all were met: no other fault, and no time but the machine's. */
  isTour: boolean;
  /** Drills that prove the measure. */
  ignoresIdempotency: boolean;
  dropsFact: boolean;
}

export const usage = `npm run chaos -- [options]
  --seed <n>               another plan (Default: 1)
  --minutes <n>            how long calls and faults go on (Default: 10)
  --store sqlite|mysql     Patchbay's own database; with mysql there are two processes (Default: sqlite)
  --json                   close with one JSON line
  --rate <n>               simulated seconds per second (Default: 20)
  --calls <n>              how many calls (Default: 40 a minute)
  --points all|none|<a,b>  fail points that are armed (Default: all)
  --tour                   only the fail points, each once, until all were met
  --without-idempotency    drill: double must rise above 0
  --drop-fact              drill: lost must rise above 0`;

const callsPerMinute = 40;

/** Reads the command line; throws with the usage on anything unknown. */
export function readChaosOptions(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '10' },
      store: { type: 'string', default: 'sqlite' },
      json: { type: 'boolean', default: false },
      rate: { type: 'string', default: '20' },
      calls: { type: 'string', default: '' },
      points: { type: 'string', default: 'all' },
      tour: { type: 'boolean', default: false },
      'without-idempotency': { type: 'boolean', default: false },
      'drop-fact': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) throw new Error(usage);
  const number = (text: string, name: string): number => {
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} wants a number\n${usage}`);
    return value;
  };
  const minutes = number(values.minutes, 'minutes');
  const { store } = values;
  if (store !== 'sqlite' && store !== 'mysql') throw new Error(`--store is sqlite or mysql\n${usage}`);
  return {
    seed: number(values.seed, 'seed'),
    minutes,
    store,
    isJson: values.json,
    rate: number(values.rate, 'rate'),
    calls: values.calls ? number(values.calls, 'calls') : Math.round(minutes * callsPerMinute),
    points: readPoints(values.points),
    ...(values.tour ? { isTour: true, armedAtOnce: failPoints.length } : { isTour: false, armedAtOnce: 6 }),
    ignoresIdempotency: values['without-idempotency'],
    dropsFact: values['drop-fact'],
  };
}

function readPoints(text: string): FailPoint[] {
  if (text === 'all') return [...failPoints];
  const names = text === 'none' ? [] : text.split(',');
  return names.map((name) => {
    const point = failPoints.find((each) => each === name);
    if (!point) throw new Error(`--points: ${name} is none; there are ${failPoints.join(', ')}`);
    return point;
  });
}
