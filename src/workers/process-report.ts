import { setTimeout as wait } from 'node:timers/promises';
import { instantOf } from '../domain/clock.ts';
import { messageOf } from '../domain/errors.ts';
import { goneAfterSec, type SeenProcess, sumLinks } from '../domain/link-report.ts';
import type { Deps } from '../flows/deps.ts';
import { forecastBacklogs } from '../flows/forecast-backlogs.ts';
import { ownLinks } from '../flows/own-links.ts';

export interface ProcessReporter {
  start(): void;
  /** Tells at once: somebody waits for it. */
  tellNow(): Promise<void>;
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
 *
 * @param own what the process works with now
 */
export function createProcessReporter(
  own: () => Deps,
  { pauseMs = everyMs }: { pauseMs?: number } = {},
): ProcessReporter {
  const stopping = new AbortController();
  const startedAt = instantOf(own().clock);
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
    const deps = own();
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
    const deps = own();
    const { store, ownProcess, spool } = deps;
    const links = ownLinks(deps);
    const others = processes.filter(({ id, silentSec }) => id !== ownProcess.id && silentSec < goneAfterSec);
    const all = sumLinks([...links, ...others.flatMap((other) => other.links)]);
    const backlog = forecastBacklogs(deps, await store.countOpenWriteBacks(instantOf(deps.clock)), all);
    if (stopping.signal.aborted) return;
    const { id, name, version } = ownProcess;
    const tools = deps.tools.recent();
    const configuration = ownProcess.configuration();
    await store.reportProcess({
      id,
      name,
      version,
      startedAt,
      links,
      backlog,
      spooled: spool.size(),
      tools,
      configuration,
    });
  }

  return {
    start() {
      running = run();
    },
    async tellNow() {
      if (running !== null) await tried();
    },
    async stop() {
      stopping.abort();
      if (!running) return;
      const { store, ownProcess } = own();
      const farewell = running.then(() => store.forgetProcess(ownProcess.id)).catch(() => undefined);
      await Promise.race([farewell, wait(farewellMs, undefined, { ref: false })]);
    },
  };
}
