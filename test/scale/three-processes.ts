import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isSound } from '../demo/verdict.ts';
import { playScale, type ScaleResult } from './play.ts';
import { isPauseSound, type PauseResult, playPause } from './play-pause.ts';

const usage = `npm run scale -- [options]
  --calls <n>        how many calls (Default: 600)
  --members <n>      how many processes of Patchbay (Default: 3)
  --per-second <n>   calls that begin in a second of the machine (Default: 12)
  --seed <n>         another day
  --from <folder>    a rolling upgrade: all begin as the Patchbay of this folder, and are this one once killed or restarted
  --pause            a pause in the middle of a drain, in the place of kills and restarts
  --json             close with one JSON line`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '600' },
      members: { type: 'string', default: '3' },
      'per-second': { type: 'string', default: '12' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string' },
      pause: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const counts = {
    calls: Number(values.calls),
    members: Number(values.members),
    perSecond: Number(values['per-second']),
    seed: Number(values.seed),
  };
  if (!Object.values(counts).every((value) => Number.isInteger(value) && value > 0)) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const from = values.from && resolve(values.from);
  if (from && !existsSync(join(from, 'node_modules'))) {
    process.stderr.write(`${from} has no node_modules: clone the other version there, and run \`npm ci\` in it\n`);
    return 2;
  }
  if (from && values.pause) {
    process.stderr.write('--from and --pause are two plays: choose one\n');
    return 2;
  }
  const startedAt = performance.now();
  const tell = (line: string) => {
    process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(7)}  ${line}\n`);
  };
  if (values.pause) {
    const paused = await playPause(counts, tell);
    report(paused, pauseTableOf(paused), values.json);
    return isPauseSound(paused) ? 0 : 1;
  }
  const result = await playScale({ ...counts, from }, tell);
  report(result, tableOf(result), values.json);
  return isSound(result) ? 0 : 1;
}

function report({ findings, ...figures }: { findings: string[] }, table: readonly string[], isJson: boolean): void {
  for (const line of [...findings.map((finding) => `finding: ${finding}`), ...table]) process.stderr.write(`${line}\n`);
  if (isJson) process.stdout.write(`${JSON.stringify(figures)}\n`);
}

function pauseTableOf(result: PauseResult): string[] {
  const { sentAfterPause, lastSentMs, leftWaiting, drainedAfterResume, firstSentAfterResumeMs } = result;
  const rows: [string, string | number][] = [
    ['processes over one MariaDB', result.members],
    ['calls, write-backs that waited', `${result.calls}, ${result.rows}`],
    ['requests while all was paused', result.sentWhileCallsCame],
    ['requests of the drain before the pause', result.sentBeforePause],
    ['requests after it, the last one after', `${sentAfterPause}, ${lastSentMs} ms`],
    ['later than one second after it', result.sentLaterThanOneSecond],
    ['held back, drained after the pause', `${leftWaiting}, ${drainedAfterResume}`],
    ['the first request after it was lifted', `${firstSentAfterResumeMs} ms`],
    ['tried again, dead', `${result.retried}, ${result.dead}`],
    ['lost, double, wrong', `${result.lost}, ${result.double}, ${result.wrong}`],
    ['took', `${result.wallSeconds} s`],
  ];
  return rows.map(rowOf);
}

function tableOf(result: ScaleResult): string[] {
  const rows: [string, string | number][] = [
    ['processes over one MariaDB', result.members],
    ['calls, handed to the AI, missed it', `${result.calls}, ${result.handedToAi}, ${result.missedTheAi}`],
    ['began as', result.from || 'this version'],
    ['migrations meanwhile', result.migrations],
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
  return rows.map(rowOf);
}

function rowOf([name, value]: [string, string | number]): string {
  return `${name.padEnd(42)}${value}`;
}
