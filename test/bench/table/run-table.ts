import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Contestant,
  contestantNames,
  type Dialers,
  type Open,
  startContestants,
  startDialers,
} from './contestants.ts';
import { type Drained, measureDrains } from './drain.ts';
import { measureLeadSync, type SyncedLeads } from './leads.ts';
import { measureOnItsWay, type OnItsWay } from './on-its-way.ts';
import { type Operation, operations } from './operations.ts';
import { measureStart, type Started } from './start-up.ts';
import { type Turn, takeTurn } from './turn.ts';

export interface TableOptions {
  rounds: number;
  ms: number;
  /** Names of operations and parts; empty: all. */
  only: readonly string[];
  levels: readonly number[];
}

/** One operation of one contestant at one number of connections, all its rounds. */
export interface Line {
  operation: string;
  connections: number;
  contestant: Contestant['name'];
  turns: Turn[];
}

export interface Measured {
  lines: Line[];
  started: Started[];
  onItsWay: OnItsWay[];
  drained: Drained[];
  leads: SyncedLeads | null;
  /** Parts that could not be measured to their end: the others' figures are not lost with them. */
  failed: string[];
}

/** Parts of the table that are no requests. */
export const otherParts = ['start', 'due', 'drain', 'leads'] as const;
/** Until all is compiled that is compiled at all; at most so long. */
const warmUp = { count: 5000, ms: 15_000 };

/** Measures the whole table, or what of it is named. */
export async function measureTable(options: TableOptions): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const measured: Measured = { lines: [], started: [], onItsWay: [], drained: [], leads: null, failed: [] };
  try {
    await part('start', async () => {
      measured.started = await withDialers((dialers, open) => measureStart(folder, dialers, open));
    });
    const asked = operations.filter(({ name }) => isWanted(name));
    if (asked.length > 0) {
      await withDialers(async (dialers, open) => {
        const contestants = await startContestants(contestantNames, folder, dialers, open);
        for (const operation of asked) {
          await part(operation.name, async () => {
            measured.lines.push(...(await measureOperation(operation, contestants, folder, options)));
          });
        }
      });
    }
    await part('due', async () => {
      measured.onItsWay = await withDialers((...given) => measureOnItsWay(folder, ...given));
    });
    await part('drain', async () => {
      measured.drained = await measureDrains(folder);
    });
    await part('leads', async () => {
      measured.leads = await measureLeadSync();
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return measured;

  function isWanted(name: string): boolean {
    return options.only.length === 0 || options.only.includes(name);
  }

  async function part(name: string, measure: () => Promise<void>): Promise<void> {
    if (!isWanted(name)) return;
    try {
      await measure();
    } catch (error) {
      measured.failed.push(name);
      say(`${name} could not be measured: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
}

async function withDialers<T>(work: (dialers: Dialers, open: Open) => Promise<T>): Promise<T> {
  const open: Open = [];
  try {
    return await work(await startDialers(open), open);
  } finally {
    for (const part of open.reverse()) await part.stop();
  }
}

/** Every contestant in turn, and who begins moves on with each round. */
async function measureOperation(
  operation: Operation,
  contestants: readonly Contestant[],
  folder: string,
  { rounds, ms, levels }: TableOptions,
): Promise<Line[]> {
  const among = contestants.filter(({ name }) => operation.who.includes(name));
  const take = async (contestant: Contestant, connections: number, turnMs: number, mayFail = false) => {
    const names = await operation.namesFor(contestant, folder, { connections, ms: turnMs });
    const { kind, isRepeated = false } = operation;
    const count = mayFail ? { count: warmUp.count } : {};
    return takeTurn(contestant, folder, { kind, connections, ms: turnMs, names, isRepeated, ...count }, mayFail);
  };
  say(`${operation.title} …`);
  for (const contestant of among) await take(contestant, 20, warmUp.ms, true);
  const lines: Line[] = [];
  for (const connections of levels) {
    const own = among.map(
      ({ name }): Line => ({ operation: operation.name, connections, contestant: name, turns: [] }),
    );
    for (let round = 0; round < rounds; round += 1) {
      for (let place = 0; place < among.length; place += 1) {
        const at = (place + round) % among.length;
        const contestant = among[at];
        if (contestant) own[at]?.turns.push(await take(contestant, connections, ms));
      }
    }
    lines.push(...own);
    say(
      own
        .map(({ contestant, turns }) => `${contestant} ${turns.map(({ cpuUs }) => cpuUs.toFixed(0)).join(' ')} µs`)
        .join(', '),
    );
  }
  return lines;
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
