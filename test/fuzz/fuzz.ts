import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import Table from 'cli-table3';
import type { FuzzedParser } from './parser.ts';
import { parsers } from './registry.ts';
import { runParser, type Tally } from './run-parser.ts';

// npm run fuzz -- [--inputs 100000] [--seed 1] [--only webhook]: feeds every parser that reads what others write; the inputs
// are shared out among them. --each 100000: so many for each that is a function, a twentieth by a socket. --seconds 60: none is
// fed for longer. --canaries: plants secrets and people everywhere, and looks for them wherever something shows.

const { values: options } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    each: { type: 'string' },
    seconds: { type: 'string', default: '86400' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    canaries: { type: 'boolean', default: false },
  },
});

if (options.canaries) {
  const { showCanaries } = await import('./canaries/show-canaries.ts');
  process.exitCode = await showCanaries();
} else {
  process.exitCode = await fuzz(Number(options.each ?? options.inputs), Number(options.seed), options.only);
}

async function fuzz(inputs: number, seed: number, only: string): Promise<number> {
  const chosen = parsers.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()));
  if (chosen.length === 0 || !(inputs > 0) || !Number.isInteger(seed)) {
    process.stderr.write(`Nothing to do. Parsers: ${parsers.map(({ name }) => name).join(', ')}\n`);
    return 2;
  }
  const watch = watchdog();
  const mostMs = Number(options.seconds) * 1000;
  const shareOf = ({ isDoor }: FuzzedParser) =>
    Math.ceil(options.each === undefined ? inputs / chosen.length : isDoor ? inputs / 20 : inputs);
  const tallies: Tally[] = [];
  for (const parser of chosen) {
    const tally = await runParser(parser, { inputs: shareOf(parser), seed, mostMs, onInput: watch.beat }).catch(
      (error: unknown) => brokenTally(parser.name, error),
    );
    tallies.push(tally);
    process.stderr.write(`${tally.parser}: ${tally.inputs} inputs, ${tally.faults} faults\n`);
    for (const fault of tally.firstFaults) process.stderr.write(`  ${fault}\n`);
  }
  await watch.stop();
  return told(tallies, seed);
}

function told(tallies: readonly Tally[], seed: number): number {
  const table = new Table({
    head: ['parser', 'inputs', 'refused', 'slowest ms', 'faults'],
    style: { head: [], border: [] },
  });
  for (const { parser, inputs, refused, slowestMs, faults } of tallies) {
    table.push([parser, inputs, refused, slowestMs.toFixed(1), faults]);
  }
  process.stdout.write(`${table.toString()}\n`);
  const sum = (of: (tally: Tally) => number) => tallies.reduce((all, tally) => all + of(tally), 0);
  const result = {
    seed,
    parsers: tallies.length,
    inputs: sum(({ inputs }) => inputs),
    refused: sum(({ refused }) => refused),
    slowestMs: Math.round(Math.max(...tallies.map(({ slowestMs }) => slowestMs))),
    faults: sum(({ faults }) => faults),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return result.faults === 0 ? 0 : 1;
}

function brokenTally(parser: string, error: unknown): Tally {
  return { parser, inputs: 0, refused: 0, slowestMs: 0, faults: 1, firstFaults: [String(error)] };
}

/** A reader that never comes back would also never say so: a thread of its own looks whether inputs go on. */
function watchdog() {
  const mostMs = 60_000;
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { workerData: { beats, mostMs, pid } } = require('node:worker_threads');
let last = -1;
setInterval(() => {
  if (beats[0] === last) {
    require('node:fs').writeSync(2, 'a parser has not come back for a minute: name it with --only to find the input\\n');
    process.kill(pid, 'SIGKILL');
  }
  last = beats[0];
}, mostMs);`,
    { eval: true, workerData: { beats, mostMs, pid: process.pid } },
  );
  worker.unref();
  let parser = '';
  return {
    beat(name: string) {
      if (name !== parser) process.stderr.write(`${name} …\n`);
      parser = name;
      Atomics.add(beats, 0, 1);
    },
    stop: async () => void (await worker.terminate()),
  };
}
