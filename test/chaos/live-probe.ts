import { setTimeout as wait } from 'node:timers/promises';
import type { World } from '../demo/world.ts';
import type { Keeper } from './keeper.ts';

/** How requests of a live script were answered while faults were on. */
export interface LiveAnswers {
  asked: number;
  /** A Patchbay was down, or just ended: the dialer's script takes its own safe way. */
  whileDown: number;
  /** Patchbay was there, and the answer came after `lateMs`, or not at all. */
  late: number;
  maxMs: number;
  p99Ms: number;
}

export interface LiveProbe {
  stop(): Promise<LiveAnswers>;
}

const everyMs = 250;
/** Well within the 5 s for which a script waits. */
const lateMs = 1500;

/** Asks as a Five9 script does that has its customer on the line, for a call that nobody knows: it changes nothing. */
export function startLiveProbe({ patchbayUrl, secrets }: World, keeper: Keeper): LiveProbe {
  const stopping = new AbortController();
  const times: number[] = [];
  let whileDown = 0;
  let late = 0;
  const headers = { authorization: `Bearer ${secrets.five9Key}` };

  async function ask(): Promise<void> {
    const wasWhole = keeper.isWhole();
    const deaths = keeper.deaths.length;
    const askedAt = performance.now();
    const signal = AbortSignal.timeout(5000);
    const url = `${patchbayUrl}/v1/ivr/five9/outcome?call_id=900000000000000&format=text`;
    const isGood = await fetch(url, { headers, signal }).then(
      async (response) => (await response.text()).includes('status=') && response.ok,
      () => false,
    );
    const ms = performance.now() - askedAt;
    // An end shows a moment later than its connections break.
    if (!isGood) await wait(600);
    if (!wasWhole || !keeper.isWhole() || keeper.deaths.length > deaths) whileDown += 1;
    else {
      times.push(ms);
      if (!isGood || ms > lateMs) late += 1;
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await ask();
      await wait(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }
  const running = run();

  return {
    async stop() {
      stopping.abort();
      await running;
      times.sort((a, b) => a - b);
      const at = (share: number) => Math.round(times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? 0);
      return { asked: times.length + whileDown, whileDown, late, maxMs: at(1), p99Ms: at(0.99) };
    },
  };
}
