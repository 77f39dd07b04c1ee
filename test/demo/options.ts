import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Stop by itself after the day, with a verdict. */
  isOnce: boolean;
  calls: number;
  isJson: boolean;
  /** How often Patchbay is killed with signal 9 at random points of the day. */
  kills: number;
  /** How often VICIdial's database, and how often its web server, is killed and brought back. */
  dialerKills: number;
  seed: number;
  /** Simulated seconds per second of the machine. */
  rate: number;
  /** Drills that prove the measure. */
  ignoresIdempotency: boolean;
  dropsFact: boolean;
  /** The day twice: in shadow, and for real. (Default: once, for real) */
  isShadow?: boolean;
  port: number;
  /** Where addresses and keys are laid down for a shell; empty: var/demo.env. */
  envFile: string;
}

export const usage = `npm run demo -- [options]
  --once              stop after the day and print the verdict
  --calls <n>         how many calls (Default: 60)
  --json              close with one JSON line
  --kill <n>          kill Patchbay with signal 9 n times and start it again
  --kill-dialer <n>   kill VICIdial's database n times with signal 9 and its web server n times, and bring them back:
                      a short, dense day with most calls on VICIdial
  --seed <n>          another day
  --rate <n>          simulated seconds per second (Default: 600; 10 with --kill-dialer)
  --port <n>          where Patchbay listens (Default: any free port; 8080 when it stays up)
  --env <file>        where addresses and log-ins are laid down while it stays up (Default: var/demo.env)
  --without-idempotency   drill: double must rise above 0
  --drop-fact             drill: lost must rise above 0
  --shadow            the day in shadow, then for real: nothing is written in the one, and its report must agree with
                      what the other writes`;

/** Reads the command line; throws with the usage on anything unknown. */
export function readDemoOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: 'boolean', default: false },
      calls: { type: 'string', default: '60' },
      json: { type: 'boolean', default: false },
      kill: { type: 'string', default: '0' },
      'kill-dialer': { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      rate: { type: 'string', default: '' },
      port: { type: 'string', default: '' },
      env: { type: 'string', default: '' },
      'without-idempotency': { type: 'boolean', default: false },
      'drop-fact': { type: 'boolean', default: false },
      shadow: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) throw new Error(usage);
  const number = (text: string, name: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} wants a whole number\n${usage}`);
    return value;
  };
  const dialerKills = number(values['kill-dialer'], 'kill-dialer');
  return {
    isOnce: values.once || values.shadow,
    calls: number(values.calls, 'calls'),
    isJson: values.json,
    kills: number(values.kill, 'kill'),
    dialerKills,
    seed: number(values.seed, 'seed'),
    rate: values.rate ? number(values.rate, 'rate') : dialerKills > 0 ? 10 : 600,
    ignoresIdempotency: values['without-idempotency'],
    dropsFact: values['drop-fact'],
    isShadow: values.shadow,
    port: values.port ? number(values.port, 'port') : values.once || values.shadow ? 0 : 8080,
    envFile: values.env,
  };
}
