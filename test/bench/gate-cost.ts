import { parseArgs } from 'node:util';
import type { CallSighting } from '../../src/domain/call.ts';
import { judgeCallingTime, leadPlace } from '../../src/domain/calling-hours.ts';
import type { Dialer } from '../../src/domain/dialer.ts';
import { gateOf } from '../../src/domain/gate.ts';
import type { Deps } from '../../src/flows/deps.ts';
import { passGate } from '../../src/flows/gate/pass-gate.ts';
import { registerCall } from '../../src/flows/register-call.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { realClock } from '../support/real-clock.ts';
import { startScrubServer } from '../support/scrub-server.ts';
import { startTestApp } from '../support/start-app.ts';

const noon = Date.parse('2026-03-11T17:00:00.000Z');
const consent = { field: 'consent', sourceField: 'consent_source' };
const fields = { state: 'NY', postal_code: '10001', utc_offset: '-5.00', consent: 'yes', consent_source: 'form A' };
/** Whose scrub answers are remembered. */
const people = 500;

/**
 * Measures what the gate costs, in one process: its rules alone, all of it with the store's opt-out list, and a register
 * with every rule beside one with none, in turn.
 *
 * @param args `--calls 4000`: so many of each
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { calls: { type: 'string', default: '4000' } } });
  const calls = Number(values.calls);
  const scrub = await startScrubServer();
  const patchbay = await startTestApp({
    registry: { dialers: [madeUp], platforms: [] },
    dialers: {
      carousel: {
        type: 'made-up',
        url: 'http://127.0.0.1:9',
        campaigns: {
          None: { gate: { hours: false, scrub: false } },
          Rules: { gate: { scrub: false, consent } },
          All: { gate: { consent } },
        },
      },
    },
    clock: { ...realClock, now: () => noon },
    config: {
      platforms: {},
      gate: {
        scrub: { url: `${scrub.url}/{number}`, timeoutMs: 1000, blockedWhen: { path: 'result.dnc', values: ['Y'] } },
      },
    },
  });
  try {
    const { deps } = patchbay.app;
    const dialer = deps.dialers.get('carousel');
    if (!dialer) throw new Error('the made-up dialer is missing');
    const leads = Array.from({ length: people }, (_, index) => ({
      ...{ dialer: 'carousel', key: `r${index}`, list: '', campaign: '', changedAt: '2026-03-01T12:00:00.000Z' },
      phones: [phoneOf(index)],
      fields,
    }));
    await deps.store.saveLeads(leads, '2026-03-01T12:00:00.000Z');

    print(`${calls} of each; ms, median and p99`);
    const rules = await times(calls, async (index) => {
      judgeCallingTime(deps.settings.gate.hours, leadPlace(phoneOf(index), fields), noon + index * 1000);
    });
    print(`hours alone:                     ${summary(rules)}`);
    print(
      `the gate, hours and consent:     ${summary(await times(calls, (index) => pass(deps, dialer, 'Rules', index)))}`,
    );
    await times(people, (index) => pass(deps, dialer, 'All', index));
    print(
      `the gate, scrub remembered:      ${summary(await times(calls, (index) => pass(deps, dialer, 'All', index % people)))}`,
    );
    const fresh = await times(Math.min(calls, 2000), (index) => pass(deps, dialer, 'All', people + index));
    print(`the gate, scrub service asked:   ${summary(fresh)}  (its own round trip in it)`);

    const taken: Record<string, number[]> = { None: [], Rules: [], All: [] };
    // In turn, so that whatever else the machine does meets them alike. The first tenth warms up.
    for (let index = -calls / 10; index < calls; index += 1) {
      for (const [campaign, list] of Object.entries(taken)) {
        const startedAt = performance.now();
        await registerCall(deps, dialer, sightingOf(campaign, Math.abs(index), `${index}`), 'register', 1000);
        if (index >= 0) list.push(performance.now() - startedAt);
      }
    }
    print(`register without the gate:       ${summary(taken.None)}`);
    print(`register, hours and consent:     ${summary(taken.Rules)}`);
    print(`register, scrub remembered too:  ${summary(taken.All)}`);
    print(`the gate's share of the median:  ${(median(taken.All) - median(taken.None)).toFixed(3)}  (target: under 1)`);
  } finally {
    await patchbay.stop();
    await scrub.stop();
  }
}

function pass(deps: Deps, dialer: Dialer, campaign: string, index: number) {
  const question = { phone: phoneOf(index), fields, isLeadKnown: true, isInbound: false, at: noon };
  return passGate(deps, gateOf(deps.settings.gate, dialer.settings, campaign), question, 1000);
}

function sightingOf(campaign: string, index: number, call: string): CallSighting {
  const callKey = `mu-${campaign}-${call}`;
  const person = index % people;
  return {
    refs: [{ instance: 'carousel', kind: 'call-id', key: callKey }],
    leg: {
      ...{ dialer: 'carousel', callKey, campaign, list: '', agent: '', number: phoneOf(person).slice(2) },
      leadKey: `r${person}`,
      phone: phoneOf(person),
      calledAt: new Date(noon).toISOString(),
    },
    fields: {},
  };
}

/** Made-up numbers in New York. */
function phoneOf(index: number): string {
  return `+1${['212', '718', '917', '646'][index % 4]}555${String(index % 10_000).padStart(4, '0')}`;
}

async function times(count: number, work: (index: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedAt = performance.now();
    await work(index);
    taken.push(performance.now() - startedAt);
  }
  return taken;
}

function summary(taken: readonly number[] = []): string {
  const sorted = [...taken].sort((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
  return `${median(taken).toFixed(3)}  ${p99.toFixed(3)}`;
}

function median(taken: readonly number[] = []): number {
  return [...taken].sort((a, b) => a - b)[Math.floor(taken.length / 2)] ?? 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
