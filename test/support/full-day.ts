import { correlationRef } from '../../src/domain/connector.ts';
import type { FactBody } from '../../src/domain/fact.ts';
import { type LinkReport, noTraffic, type ProcessReport } from '../../src/domain/link-report.ts';
import { overtakenWhy, type WriteBackState, writeBackStates } from '../../src/domain/write-back.ts';
import { correctOutcome } from '../../src/flows/correct-outcome.ts';
import { keepCallCounts } from '../../src/flows/keep-call-counts.ts';
import { recordFacts } from '../../src/flows/record-facts.ts';
import { registerCall } from '../../src/flows/register-call.ts';
import { runSync } from '../../src/flows/run-sync.ts';
import { liftControl, setControl } from '../../src/flows/set-control.ts';
import type { Settlement } from '../../src/store/store.ts';
import type { MadeUpRecord } from '../contract/made-up/made-up-server.ts';
import type { OpenDeps } from '../unit/flows/open-deps.ts';
import { plantEverywhere } from './planted-pages.ts';

/** Names of what some pages are about. */
export interface Known {
  /** A call full of what wants to be run, and one of any day. */
  calls: readonly [string, string];
  /** A write-back of each state that there is. */
  writeBacks: ReadonlyMap<WriteBackState, string>;
  optOut: string;
}

/** More than a page of calls shows. */
const callCount = 60;
const outcomes = ['sale', 'callback', 'not_interested', 'qualified', 'opt_out', 'voicemail'];
const names = ['Maria Sandoval', 'Bao Nguyen', 'Wolfeschlegelsteinhausenbergerdorff Featherstonehaugh', 'Ida Ek'];

export const people: MadeUpRecord[] = Array.from({ length: callCount }, (_, index) => ({
  key: String(100 + index),
  number: `+1312555${String(200 + index).padStart(4, '0')}`,
  name: names[index % names.length] ?? '',
  values: (index % 3 === 0 ? { disposition: 'gone' } : {}) as Record<string, string>,
}));

/** How the rows of the day end, in turn; those that are left wait. */
const ends: Partial<Settlement>[] = [
  { state: 'confirmed' },
  { state: 'refused', why: 'the dialer has no status "sold"', hint: 'Make one in the dialer, then replay.' },
  { state: 'dead', attempts: 12, why: 'no answer within 5 s', hint: 'Look whether the dialer is up.' },
  { state: 'submitted', receipt: 'ticket-of-the-dialer-7f3a2b1c' },
  { state: 'pending', attempts: 3, why: 'the dialer answered 500' },
  { state: 'cancelled', why: overtakenWhy },
  {},
];

/** A day of many calls, after which every list of the console has rows, and each state of a write-back is there. */
export async function fillDay(open: OpenDeps): Promise<Known> {
  const { deps } = open;
  await plantEverywhere(open);
  const [planted] = (await deps.store.searchCalls({ limit: 1 })).calls;
  await runSync(deps, open.dialer, new AbortController().signal, { by: 'schedule' });
  const calls: string[] = [];
  for (const [index, person] of people.entries()) calls.push(await callOne(open, person, index));
  await callInShadow(open);
  await settleSome(open);
  await correctOne(open, calls[2] ?? '');
  await decideSome(open);
  await deps.store.reportProcess(badReport(instant(open)));
  const marks = new Map();
  while (!(await keepCallCounts(deps, marks)).isWhole);
  const [told] = await deps.store.latestOptOuts({ limit: 1 });
  return {
    calls: [planted?.correlationId ?? '', calls[0] ?? ''],
    writeBacks: new Map(
      await Promise.all(writeBackStates.map(async (state) => [state, await oneOf(open, state)] as const)),
    ),
    optOut: told?.correlationId ?? '',
  };
}

async function callOne({ deps, dialer }: OpenDeps, { key, number }: MadeUpRecord, index: number): Promise<string> {
  const at = (second: number) =>
    new Date(deps.clock.now() - (callCount - index) * 60_000 + second * 1000).toISOString();
  const leg = { dialer: 'carousel', callKey: `call-${key}`, campaign: 'Autumn', list: 'Autumn leads', leadKey: key };
  const sighting = {
    refs: [{ instance: 'carousel', kind: 'call', key: `call-${key}` }],
    leg: { ...leg, phone: number, agent: '', number: '+13125550199', calledAt: at(0) },
    fields: { first_name: 'Maria', city: 'Chicago' },
  };
  const { correlationId: id } = await registerCall(deps, dialer, sighting, 'register', 10_000);
  const outcome = outcomes[index % outcomes.length] ?? '';
  const said: FactBody[] = [{ kind: 'started', agent: 'agent_autumn_outbound' }];
  if (index % 7 !== 6) {
    const summary = 'Wants a quote for two lines, and asks to be called after the holidays.';
    said.push({ kind: 'committed', outcome, summary, fields: { topic: 'quote' } });
    said.push({ kind: 'ended', outcome: 'hung_up', reason: 'the customer hung up', durationSec: 61 + index });
  }
  if (index % 5 === 4) said.push({ kind: 'dispositioned', dialer: 'carousel', disposition: 'sold', by: 'anna' });
  const facts = said.map((body, step) => {
    const source = body.kind === 'dispositioned' ? 'carousel' : 'mind';
    return { refs: [correlationRef(id)], source, key: `${id} ${step}`, at: at(5 + 30 * step), body };
  });
  await recordFacts(deps, facts, { budgetMs: 10_000 });
  return id;
}

/** Somebody whom no dialer's list has: all that a page shows of the others stays as it is. */
async function callInShadow(open: OpenDeps): Promise<void> {
  const stage = { kind: 'stage', scope: { dialer: 'carousel', campaign: 'Autumn', aspect: '' }, by: 'olga' } as const;
  await setControl(open.deps, { ...stage, percent: 0, note: 'before the first day' });
  await callOne(open, { key: '99', number: '+13125550298', name: 'Ida Ek', values: {} }, 0);
  await liftControl(open.deps, stage);
  await setControl(open.deps, { ...stage, percent: 100, note: 'a good first day' });
}

async function settleSome(open: OpenDeps): Promise<void> {
  const { store, clock } = open.deps;
  const tomorrow = new Date(clock.now() + 86_400_000).toISOString();
  const rows = await store.claimWriteBacks({ dialer: 'carousel', limit: callCount, leaseMs: 3_600_000, now: tomorrow });
  // While it is on its way something else is wanted: when it comes back, its time is over.
  const late = rows.find(({ desired }, index) => {
    return ends[index % ends.length]?.state === 'pending' && 'outcome' in desired && desired.outcome !== 'opt_out';
  });
  await correctOne(open, late?.correlationId ?? '');
  const settlements = rows.flatMap(({ id, claim }, index): Settlement[] => {
    const end = ends[index % ends.length];
    const blank = { attempts: 1, inDoubt: false, receipt: '', why: '', hint: '', dueAt: tomorrow, now: instant(open) };
    return end?.state ? [{ id, claim, ...blank, state: end.state, ...end }] : [];
  });
  await store.settleWriteBacks(settlements);
}

/** Of campaigns that no call has: the day goes on. */
async function decideSome({ deps }: OpenDeps): Promise<void> {
  const scope = { dialer: 'carousel', campaign: 'Winter', aspect: '' } as const;
  const said = { by: 'olga', note: 'the dialer is slow since its upgrade' };
  await setControl(deps, { kind: 'pause', scope, percent: 0, ...said });
  await setControl(deps, { kind: 'stage', scope, percent: 25, ...said });
}

async function correctOne({ deps }: OpenDeps, id: string): Promise<void> {
  const call = await deps.store.callById(id);
  if (call) await correctOutcome(deps, call, { outcome: 'sale', by: 'olga', why: 'heard the recording' });
}

async function oneOf({ deps }: OpenDeps, state: WriteBackState): Promise<string> {
  const { rows } = await deps.store.writeBackPage({ state, order: 'oldest', limit: 1 });
  if (!rows[0]) throw new Error(`no write-back is ${state}: a page of the console would be empty`);
  return rows[0].id;
}

/** A link that is broken, with little left of its limits, and a backlog. */
function badReport(now: string): ProcessReport {
  const asking = { ...noTraffic, spanSec: 300, count: 400, errors: 380, lastAt: now, lastErrorAt: now };
  const link: LinkReport = {
    ...{ id: 'carousel', kind: 'dialer', asked: asking, asking, delivered: { disposition: 3 }, breaker: 'open' },
    quotas: [
      { name: 'AsynchronousUpload', used: 7190, limit: 7200, per: 'hour' },
      { name: 'QueryRequest', used: 3, limit: 14_400, per: 'day' },
    ],
  };
  const waits = {
    dialer: 'carousel',
    aspect: 'dnc',
    waiting: 12_345,
    submitted: 7,
    opensAt: now,
    throughAt: null,
  } as const;
  const process = { id: 'other', name: 'patchbay-7d9f8b6c5d-x2x4z 41', startedAt: now, version: '0.0.0', spooled: 12 };
  return { ...process, links: [link], backlog: [waits] };
}

function instant({ deps }: OpenDeps): string {
  return new Date(deps.clock.now()).toISOString();
}
