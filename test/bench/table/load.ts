import { readFileSync, writeFileSync } from 'node:fs';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { type Asker, askAgi, askOnce, openAsker } from './exchange.ts';
import {
  agiEnvironment,
  commitRequest,
  eventRequest,
  goodAnswers,
  headersOfLead,
  headersRequest,
  keyedRegisterRequest,
  kinds,
  leadsHeader,
  outcomeRequest,
  registerRequest,
} from './requests.ts';

// Makes the load, in a process of its own: what it costs is not counted. The first argument names a file with the plan; one
// JSON line comes out. A closed loop: each connection asks again as soon as it is answered.

export const Plan = z.strictObject({
  kind: z.enum(kinds),
  port: z.int(),
  connections: z.int().min(1),
  /** It ends after so long, or when the names are used up. */
  ms: z.number(),
  /** Requests at most. */
  count: z.int(),
  /** No more than so many; 0: as many as can be. */
  perSecond: z.number(),
  /** Number of the first new call. */
  first: z.int(),
  /** What is asked about: correlation IDs or caller codes, one each; none for new calls. */
  names: z.array(z.string()),
  /** Whether the names may be asked about again and again. */
  isRepeated: z.boolean(),
  /** Takes the correlation IDs of new calls. */
  idsFile: z.string(),
});
export type Plan = z.infer<typeof Plan>;

export interface Loaded {
  count: number;
  faults: number;
  /** Answered within the budget with what was there: the dialer was too slow with its lead. */
  poor: number;
  ms: number;
  medianUs: number;
  p99Us: number;
  maxUs: number;
}

/** From a script's question to the agent's word. */
const agentsPauseMs = 20;
const highestUs = 120_000_000;

const plan = Plan.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
const histogram = createHistogram({ lowest: 1, highest: highestUs, figures: 3 });
const ids: string[] = [];
let begun = 0;
let faults = 0;
let poor = 0;
let firstFault = '';

const startedAt = performance.now();
const endsAt = startedAt + plan.ms;
await Promise.all(Array.from({ length: plan.connections }, connection));
const loaded: Loaded = {
  count: histogram.count,
  faults,
  poor,
  ms: performance.now() - startedAt,
  medianUs: histogram.percentile(50),
  p99Us: histogram.percentile(99),
  maxUs: histogram.max,
};
if (plan.idsFile) writeFileSync(plan.idsFile, JSON.stringify(ids));
process.stdout.write(`${JSON.stringify({ ...loaded, firstFault })}\n`);

async function connection(): Promise<void> {
  const ask = await asker();
  for (let index = next(); index !== null; index = next()) {
    const aheadMs = plan.perSecond > 0 ? startedAt + (1000 * index) / plan.perSecond - performance.now() : 0;
    if (aheadMs >= 1) await wait(aheadMs);
    await ask.ask(index);
  }
  ask.close();
}

function next(): number | null {
  if (begun >= plan.count || performance.now() >= endsAt) return null;
  if (plan.names.length > 0 && !plan.isRepeated && begun >= plan.names.length) return null;
  begun += 1;
  return begun - 1;
}

function nameOf(index: number): string {
  return plan.names[index % plan.names.length] ?? '';
}

async function asker(): Promise<{ ask(index: number): Promise<void>; close(): void }> {
  const { kind, port } = plan;
  if (kind === 'agi') return { ask: (index) => timed(() => askByAgi(nameOf(index))), close: () => undefined };
  if (kind === 'headers') {
    const ask = (index: number) => timed(async () => judge((await askOnce(port, headersRequest(nameOf(index)))).body));
    return { ask, close: () => undefined };
  }
  const own = await openAsker(port);
  if (kind === 'woken') return wakers(own, await openAsker(port));
  if (kind === 'call') return { ask: (index) => wholeCall(own, index), close: () => own.close() };
  return {
    async ask(index) {
      const request = requestFor(index);
      await timed(async () => judge((await own.ask(request)).body));
    },
    close: () => own.close(),
  };
}

function requestFor(index: number): string {
  switch (plan.kind) {
    case 'register':
      return registerRequest(plan.first + index);
    case 'commit':
      return commitRequest(nameOf(index));
    case 'event':
      return eventRequest(nameOf(index), new Date());
    default:
      return outcomeRequest(nameOf(index));
  }
}

/** One connection waits for the outcome, the other brings it: the time is from the agent's word to the script's answer. */
function wakers(script: Asker, agent: Asker) {
  return {
    async ask(index: number): Promise<void> {
      const waiting = script.ask(outcomeRequest(nameOf(index)));
      await wait(agentsPauseMs);
      const commit = commitRequest(nameOf(index));
      await timed(async () => {
        const [answer] = await Promise.all([waiting, agent.ask(commit)]);
        judge(answer.body);
      });
    },
    close() {
      script.close();
      agent.close();
    },
  };
}

/** A call from beginning to end; each of its requests counts. */
async function wholeCall(own: Asker, index: number): Promise<void> {
  let id = '';
  await timed(async () => {
    const { body } = await own.ask(keyedRegisterRequest(plan.first + index));
    id = idIn(body);
    if (!id) fault(body);
  });
  for (const request of [commitRequest(id), outcomeRequest(id), eventRequest(id, new Date())]) {
    await timed(async () => {
      const { status, body } = await own.ask(request);
      if (status !== 200) fault(body);
    });
  }
}

async function askByAgi(code: string): Promise<void> {
  const headers = await askAgi(plan.port, agiEnvironment(code, plan.port));
  if (headers === 0) fault('no header was set');
  else if (headers < headersOfLead) poor += 1;
}

async function timed(work: () => Promise<void>): Promise<void> {
  const before = performance.now();
  await work();
  histogram.record(Math.max(1, Math.round((performance.now() - before) * 1000)));
}

function judge(body: string): void {
  if (plan.kind === 'headers' && !body.includes(leadsHeader) && body.includes(goodAnswers.headers)) poor += 1;
  else if (!body.includes(goodAnswers[plan.kind])) fault(body);
  if (plan.kind !== 'register' || !plan.idsFile) return;
  const id = idIn(body);
  if (id) ids.push(id);
}

function idIn(body: string): string {
  return /"correlation_id":"([^"]+)"/.exec(body)?.[1] ?? '';
}

function fault(what: string): void {
  faults += 1;
  firstFault ||= what.slice(0, 300);
}
