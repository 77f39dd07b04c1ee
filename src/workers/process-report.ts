import { setTimeout as wait } from 'node:timers/promises';
import { instantOf } from '../domain/clock.ts';
import { messageOf } from '../domain/errors.ts';
import { goneAfterSec, sumLinks } from '../domain/link-report.ts';
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

/** Tells the store again and again how this process and its links do, so that others can show it. Machine time. */
export function createProcessReporter(deps: Deps): ProcessReporter {
  const stopping = new AbortController();
  const startedAt = instantOf(deps.clock);
  let running: Promise<unknown> | null = null;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const isTold = !deps.gate.isAway() && (await tried());
      await wait(isTold ? everyMs : againMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }

  async function tried(): Promise<boolean> {
    try {
      await tell();
      return true;
    } catch (error) {
      deps.log.debug({ reason: messageOf(error) }, 'the report of this process could not be kept');
      return false;
    }
  }

  async function tell(): Promise<void> {
    const { store, ownProcess, spool } = deps;
    const links = ownLinks(deps);
    const others = (await store.processes()).filter(
      ({ id, silentSec }) => id !== ownProcess.id && silentSec < goneAfterSec,
    );
    const all = sumLinks([...links, ...others.flatMap((other) => other.links)]);
    const backlog = forecastBacklogs(deps, await store.countOpenWriteBacks(instantOf(deps.clock)), all);
    if (stopping.signal.aborted) return;
    const { id, name, version } = ownProcess;
    await store.reportProcess({ id, name, version, startedAt, links, backlog, spooled: spool.size() });
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
