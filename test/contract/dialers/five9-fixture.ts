import { setTimeout as wait } from 'node:timers/promises';
import { Five9Config, five9 } from '../../../connectors/five9/index.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import { nobodysLease } from '../../../src/domain/lease.ts';
import type { Aspect, Desired, WriteBack, WriteBackTarget } from '../../../src/domain/write-back.ts';
import { type Five9Simulator, startFive9Simulator } from '../../simulators/five9/five9-simulator.ts';
import type { Five9SimulatorInput } from '../../simulators/five9/options.ts';
import { describedCall } from '../../support/described-call.ts';
import { noDialling } from '../../support/no-dialling.ts';
import type { DialerFixture } from './dialer-contract.ts';
import { scriptsFor } from './five9-scripts.ts';

const password = 'analytical-engine';
const publicUrl = 'https://patchbay.example.com';
const writeOf: Readonly<Record<Aspect, string>> = {
  disposition: 'asyncUpdateCampaignDispositions',
  callback: 'asyncAddRecordsToList',
  dnc: 'addNumbersToDnc',
  fields: 'updateCrmRecord',
};

/** Midnight in California: the DNC list takes numbers. */
const midnight = '2026-03-03T08:00:00.000Z';

const domain = {
  campaigns: [
    { name: 'Spring', lists: ['Leads', 'AI callbacks'] },
    { name: 'Summer', lists: ['Leads'] },
    { name: 'Autumn', lists: ['Leads'] },
  ],
  dispositions: ['AI - Sale', 'Agent - Sold', { name: 'AI - Callback', type: 'RedialNumber' as const }],
  contactFields: [
    { name: 'last_disp', mapTo: 'LastDisposition' as const },
    { name: 'last_disp_at', type: 'DATE_TIME' as const, mapTo: 'LastDispositionDateTime' as const },
    { name: 'agent_disp', mapTo: 'LastAgentDisposition' as const },
    { name: 'agent_disp_at', type: 'DATE_TIME' as const, mapTo: 'LastAgentDispositionDateTime' as const },
    { name: 'modified_at', type: 'DATE_TIME' as const, mapTo: 'LastModifiedDateTime' as const },
    { name: 'ai_mark' },
    { name: 'ai_summary' },
  ],
};

/** A Five9 domain with the connector before it, on one clock that goes on only when somebody waits. */
export interface Five9Fixture extends DialerFixture {
  simulator: Five9Simulator;
  clock: Clock & { leapTo(at: string): void };
}

export interface Five9FixtureOptions {
  limits?: Record<string, object>;
  switches?: Five9SimulatorInput['switches'];
  /** What differs in the configuration. */
  config?: Record<string, unknown>;
}

export async function startFive9Fixture(options: Five9FixtureOptions = {}): Promise<Five9Fixture> {
  const clock = waitingClock(midnight);
  const simulator = await startFive9Simulator({
    clock,
    users: [{ name: 'ada', password }],
    domainTimeZone: 'America/New_York',
    limits: (options.limits ?? {}) as Record<string, { minute: number; hour: number; day: number }>,
    seed: domain,
    ...(options.switches && { switches: options.switches }),
  });
  const scripts = scriptsFor(configFor(simulator.url, password, options.config), publicUrl);
  const bound = domain.campaigns.filter(({ name }) => scripts.some((script) => script.name === name));
  simulator.seed({ scripts, campaigns: bound.map((campaign) => ({ ...campaign, script: campaign.name })) });
  const opened: Dialer[] = [];
  let rows: readonly WriteBack[] = [];
  const connect = (secret: string) => {
    const dialer = five9.create(
      'five9',
      configFor(simulator.url, secret, options.config),
      depsOn(clock, () => rows),
    );
    opened.push(dialer);
    return dialer;
  };
  const numbers: string[] = [];
  const addLead = () => {
    const number1 = `2125550${100 + numbers.length}`;
    numbers.push(number1);
    const fields = { number1, first_name: 'Adelheid', state: numbers.length % 2 ? 'NY' : 'NJ' };
    simulator.seed({ contacts: [{ fields, lists: ['Leads'] }] });
    return number1;
  };
  const [known = ''] = [addLead(), addLead()];
  let lastWish: Aspect = 'disposition';

  return {
    simulator,
    clock,
    dialer: connect(password),
    keepRows(told) {
      rows = told;
    },
    async passTimeTo(instant) {
      clock.leapTo(instant);
    },
    async endedCall() {
      return targetOf(addLead(), clock);
    },
    desired(aspect, target) {
      lastWish = aspect;
      return desiredOf(aspect, target);
    },
    journal: () => simulator.journal(),
    async goDown() {
      simulator.failNext('down', { times: -1 });
    },
    async comeUp() {
      simulator.heal();
    },
    async loseNextAnswer() {
      simulator.failNext('timeoutAfterEffect', { operation: writeOf[lastWish] });
    },
    async agentSets({ campaign, number }) {
      const human = { disposition: 'Agent - Sold', afterSec: 0 };
      const placed = simulator.call({ campaign, number1: number, callType: 4, human });
      if (placed.kind === 'placed') await placed.over;
      return human.disposition;
    },
    async forget(aspect, { number }) {
      const everything = {
        disposition: { dispositions: true },
        callback: { callbacks: true, fields: ['ai_mark'] },
        dnc: { dnc: true },
        fields: { fields: ['ai_summary'] },
      };
      simulator.forget(number, everything[aspect]);
    },
    withWrongPassword: async () => connect('difference-engine'),
    secrets: [password, 'difference-engine', 'Adelheid'],
    ownCall: {
      variables: { call_id: '300000000012345', call_type: '5', dnis: known, ani: '8005550199', campaign: 'Spring' },
      callKey: '300000000012345',
    },
    soundCampaign: 'Spring',
    doubtfulCampaign: 'Autumn',
    leadKeys: async () => numbers,
    async stop() {
      for (const dialer of opened) await dialer.close();
      await simulator.stop();
    },
  };
}

function configFor(host: string, secret: string, changes: Record<string, unknown> = {}): Five9Config {
  const dispositions = { sale: 'AI - Sale', callback: 'AI - Callback' };
  return Five9Config.parse({
    type: 'five9',
    soap: { host, users: [{ user: 'ada', password: secret }], timeoutMs: 400 },
    domainTimeZone: 'America/New_York',
    keyField: 'number1',
    imports: { lostAfterSec: 20 },
    settle: { maxWaitSec: 0 },
    fields: {
      lastDisposition: 'last_disp',
      lastDispositionAt: 'last_disp_at',
      lastAgentDisposition: 'agent_disp',
      lastAgentDispositionAt: 'agent_disp_at',
      lastModifiedAt: 'modified_at',
      callbackMark: 'ai_mark',
    },
    callbackList: 'AI callbacks',
    sync: { partitions: [{ field: 'state', values: ['NY', 'NJ'] }] },
    campaigns: {
      Spring: { dispositions, fields: { ai_summary: 'summary' } },
      Autumn: { dispositions: { sale: 'Never heard of' } },
    },
    ...changes,
  });
}

function targetOf(number1: string, clock: Clock): WriteBackTarget {
  return {
    campaign: 'Spring',
    list: 'Leads',
    leadKey: number1,
    callKey: `3000${number1}`,
    number: number1,
    phone: `+1${number1}`,
    agent: '',
    calledAt: new Date(clock.now() - 60_000).toISOString(),
  };
}

function desiredOf(aspect: Aspect, target: WriteBackTarget): Desired {
  const tomorrow = new Date(Date.parse(target.calledAt) + 86_400_000).toISOString();
  const wishes = {
    disposition: { aspect: 'disposition', disposition: 'AI - Callback', outcome: 'callback', callbackAt: tomorrow },
    callback: { aspect: 'callback', at: tomorrow, note: '' },
    dnc: { aspect: 'dnc', phones: [target.phone], listed: true },
    fields: { aspect: 'fields', fields: { ai_summary: 'Wants a quote & a call – in May' } },
  } satisfies Record<Aspect, Desired>;
  return wishes[aspect];
}

function depsOn(clock: Clock, rows: () => readonly WriteBack[]): ConnectorDeps {
  const silent = () => undefined;
  const cursors = new Map<string, string>();
  const unused = () => Promise.reject(new Error('not used by this connector'));
  return {
    clock,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    newId: () => crypto.randomUUID(),
    random: () => 0.5,
    hashNumber: (number) => `hash of ${number}`,
    publicUrl,
    ignoresIdempotency: false,
    failAt: () => undefined,
    recordFacts: unused,
    registerCall: unused,
    readCursor: async (name) => cursors.get(name) ?? '',
    writeCursor: async (name, value) => void cursors.set(name, value),
    withLease: (_name, work) => work(new AbortController().signal, nobodysLease),
    nudge: silent,
    settleSoon: unused,
    describeCalls: async () => [describedCall(rows().map((row) => ({ ...row, dialer: 'five9' })))],
    backlog: async () => [],
    isOptedOut: unused,
    mayCall: unused,
    dialling: noDialling,
    takenBackAt: () => null,
    inboundCallUrls: () => [],
    promptWords: () => ({ headers: [], outcomes: [] }),
  };
}

/** Stands still but for the time that somebody sleeps, which goes by in a moment. */
function waitingClock(at: string): Five9Fixture['clock'] {
  let now = Date.parse(at);
  const goOnTo = (time: number) => {
    now = Math.max(now, time);
  };
  return {
    now: () => now,
    async sleep(ms, signal) {
      const until = now + ms;
      await wait(5, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal?.aborted) goOnTo(until);
    },
    leapTo: (instant) => goOnTo(Date.parse(instant)),
  };
}
