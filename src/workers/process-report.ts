import { setTimeout as wait } from 'node:timers/promises';
import { instantOf } from '../domain/clock.ts';
import { messageOf } from '../domain/errors.ts';
import { goneAfterSec, type SeenProcess, sumLinks } from '../domain/link-report.ts';
import type { Deps } from '../flows/deps.ts';
import { forecastBacklogs } from '../flows/forecast-backlogs.ts';
import { ownLinks } from '../flows/own-links.ts';

export interface ProcessReporter {
  start(): void;
  /** Takes the process off the list: it stops in good order. */
  stop(): Promise<void>;
}

const everyMs = 10_000;
const againMs = 1000;
const farewellMs = 1000;
/** No store that works takes so long for a handful of rows. */
const readMs = 5000;

/**
 * Tells the store again and again how this process and its links do, so that others can show it. Machine time. It reads
 * through the gate: that the store is away, or back, is seen at a time without calls too.
 */
export function createProcessReporter(deps: Deps, { pauseMs = everyMs }: { pauseMs?: number } = {}): ProcessReporter {
  const stopping = new AbortController();
  const startedAt = instantOf(deps.clock);
  let running: Promise<unknown> | null = null;
  /** A frozen store holds a read for long: it gets no second one meanwhile. */
  let reading: Promise<SeenProcess[]> | null = null;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const isTold = await tried();
      await wait(isTold ? pauseMs : againMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }

  async function tried(): Promise<boolean> {
    try {
      const read = await deps.gate.read(readMs, () => {
        reading ??= deps.store.processes().finally(() => {
          reading = null;
        });
        return reading;
      });
      if (read.kind === 'away' || deps.gate.isAway()) return false;
      await tell(read.value);
      return true;
    } catch (error) {
      deps.log.debug({ reason: messageOf(error) }, 'the report of this process could not be kept');
      return false;
    }
  }

  async function tell(processes: readonly SeenProcess[]): Promise<void> {
    const { store, ownProcess, spool } = deps;
    const links = ownLinks(deps);
    const others = processes.filter(({ id, silentSec }) => id !== ownProcess.id && silentSec < goneAfterSec);
    const all = sumLinks([...links, ...others.flatMap((other) => other.links)]);
    const backlog = forecastBacklogs(deps, await store.countOpenWriteBacks(instantOf(deps.clock)), all);
    if (stopping.signal.aborted) return;
    const { id, name, version } = ownProcess;
    const tools = deps.tools.recent();
    await store.reportProcess({ id, name, version, startedAt, links, backlog, spooled: spool.size(), tools });
  }

  return {
    start() {
      running = run();
    },
    async stop() {
      stopping.abort();
      if (!running) return;
      const farewell = running.then(() => deps.store.forgetProcess(deps.ownProcess.id)).catch(() => undefined);
      await Promise.race([farewell, wait(farewellMs, undefined, { ref: false })]);
    },
  };
}
