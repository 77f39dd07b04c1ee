import { parseArgs } from 'node:util';
import { isSound } from '../demo/verdict.ts';
import { playScale, type ScaleResult } from './play.ts';

const usage = `npm run scale -- [options]
  --calls <n>        how many calls (Default: 600)
  --members <n>      how many processes of Patchbay (Default: 3)
  --per-second <n>   calls that begin in a second of the machine (Default: 12)
  --seed <n>         another day
  --json             close with one JSON line`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '600' },
      members: { type: 'string', default: '3' },
      'per-second': { type: 'string', default: '12' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const options = {
    calls: Number(values.calls),
    members: Number(values.members),
    perSecond: Number(values['per-second']),
    seed: Number(values.seed),
  };
  if (!Object.values(options).every((value) => Number.isInteger(value) && value > 0)) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const startedAt = performance.now();
  const result = await playScale(options, (line) => {
    process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(7)}  ${line}\n`);
  });
  for (const line of tableOf(result)) process.stderr.write(`${line}\n`);
  const { findings, ...figures } = result;
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  return isSound(result) ? 0 : 1;
}

function tableOf(result: ScaleResult): string[] {
  const rows: [string, string | number][] = [
    ['processes over one MariaDB', result.members],
    ['calls, handed to the AI, missed it', `${result.calls}, ${result.handedToAi}, ${result.missedTheAi}`],
    ['killed with signal 9', result.kills],
    ['restarted in turn', result.rollingRestarts],
    ['longest start', `${result.longestRestartMs} ms`],
    ['requests by process', result.requests.join(', ')],
    ['requests that no process took', result.refused],
    ['write-backs, delivered, dead', `${result.writeBacks}, ${result.delivered}, ${result.dead}`],
    ['waits for what another process was told', result.waitsAcross],
    ['  woken after', `median ${result.wakeMedianMs} ms, p99 ${result.wakeP99Ms} ms, longest ${result.wakeMaxMs} ms`],
    ['waits for what the same process was told', `${result.waitsWithin}, median ${result.wakeWithinMedianMs} ms`],
    ['lost, double, wrong', `${result.lost}, ${result.double}, ${result.wrong}`],
    ['took', `${result.wallSeconds} s`],
    ...(result.evidence ? [['evidence', result.evidence] as [string, string]] : []),
  ];
  return [...result.findings.map((finding) => `finding: ${finding}`), ...rows.map(rowOf)];
}

function rowOf([name, value]: [string, string | number]): string {
  return `${name.padEnd(42)}${value}`;
}
