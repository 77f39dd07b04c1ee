import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { Five9Config, five9 } from '../../../connectors/five9/index.ts';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import { nobodysLease } from '../../../src/domain/lease.ts';
import { applySteps, type SiteSecrets } from '../../../src/flows/setup/apply-steps.ts';
import { openJournal } from '../../../src/flows/setup/journal.ts';
import { stepsInOrder } from '../../../src/flows/setup/named-steps.ts';
import { isApplied, planSteps } from '../../../src/flows/setup/plan-steps.ts';
import { openThings, undoSteps } from '../../../src/flows/setup/undo-steps.ts';
import { startFive9Simulator } from '../../simulators/five9/five9-simulator.ts';
import { seedScript } from '../../simulators/five9/ivr/seed-script.ts';
import type { Five9SimulatorInput, SeedInput } from '../../simulators/five9/options.ts';
import { realClock } from '../../support/real-clock.ts';

const stops: (() => Promise<void>)[] = [];

/** Stops after each test what `startSite` started. */
export function stopSitesAfterEach(): void {
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });
}

export const password = 'analytical-engine';
const dispositions = {
  opt_out: 'AI - Do not call',
  sale: 'AI - Sale',
  callback: 'AI - Callback',
  no_answer: 'AI - No contact',
};
const script = { transferTo: '+19895551235', skill: 'Sales' };

/** Three campaigns: outbound over a dedicated trunk, autodial over a carrier, autodial whose AI hands back by a number. */
export const settings = {
  type: 'five9',
  domainTimeZone: 'America/New_York',
  fields: {
    lastDisposition: 'last_disposition',
    lastAgentDisposition: 'last_agent_disposition',
    lastAgentDispositionAt: 'last_agent_disposition_at',
  },
  callbackList: 'AI callbacks',
  ivr: { seedScript: 'Patchbay seed', callVariableGroup: 'SigmaMind' },
  campaigns: {
    'Spring outbound': { dispositions, fields: { ai_summary: 'summary' }, screenPop: ['intent'], script },
    Summer: { connection: 'carrier', dispositions, script: { ...script, transferTo: '+19895551236' } },
    Autumn: {
      dispositions,
      script: {
        ...{ ...script, transferTo: '+19895551237', handoff: 'B' },
        ...{ inboundCampaign: 'Handed back', inboundNumber: '+18885550188' },
      },
    },
  },
};

const stopped = { state: 'NOT_RUNNING' as const, dispositions: ['Sold'] };
/** A domain in use, into which the AI shall come. */
export const domain: SeedInput = {
  campaigns: [
    {
      ...{ ...stopped, name: 'Spring outbound', lists: ['Leads'] },
      members: {
        profileName: 'Spring',
        dialingMode: 'PREDICTIVE',
        ftpPassword: 'engine number two',
        maxQueueTime: { days: 0, hours: 0, minutes: 1, seconds: 30 },
      },
    },
    { ...stopped, name: 'Summer', type: 'AUTODIAL', lists: ['Leads'], members: { dnisAsAni: false, maxNumOfLines: 7 } },
    { ...stopped, name: 'Autumn', type: 'AUTODIAL', script: 'Old script' },
    { ...stopped, name: 'Handed back', type: 'INBOUND', ani: '8885550100' },
  ],
  dispositions: ['Sold'],
  dnis: ['8885550188'],
  scripts: [
    { name: 'Patchbay seed', xmlDefinition: seedScript([...new Set(Object.values(dispositions))]) },
    { name: 'Old script', xmlDefinition: seedScript([]) },
  ],
  contacts: [{ fields: { number1: '2125550101', first_name: 'Ada' }, lists: ['Leads'] }],
};

/** A domain with set-up before it, offline as set-up is: no store, no service. */
export async function startSite(
  changes: Record<string, unknown> = {},
  simulatorInput: Partial<Five9SimulatorInput> = {},
) {
  const simulator = await startFive9Simulator({
    clock: realClock,
    users: [{ name: 'ada@example', password }],
    importDelayMs: 0,
    seed: domain,
    ...simulatorInput,
  });
  const soap = { host: simulator.url, users: [{ user: 'ada@example', password }], timeoutMs: 1000 };
  const dialer = five9.create('five9', Five9Config.parse({ ...settings, soap, ...changes }), offlineDeps());
  const home = mkdtempSync(join(tmpdir(), 'patchbay-setup-'));
  stops.push(async () => {
    await dialer.close();
    await simulator.stop();
    rmSync(home, { recursive: true });
  });
  const clock = realClock;
  const journal = openJournal({ clock, newId: () => crypto.randomUUID(), by: 'cli:ada' }, join(home, 'journal'));
  const deps = { journal, secrets: noSecrets };
  const instance = { id: 'five9', type: 'five9', kind: 'dialer' as const, setupSteps: dialer.setupSteps ?? [] };
  const steps = stepsInOrder([instance]);
  const chosen = (ids: readonly string[]) =>
    steps.filter((named) => isApplied(named) && (ids.length === 0 || ids.includes(named.step.id)));

  return {
    simulator,
    dialer,
    journal,
    steps: steps.map(({ step }) => step),
    /** What applying would do: `state what`. */
    async plan(...ids: string[]) {
      const planned = await planSteps(chosen(ids), await journal.things());
      return planned.flatMap(({ changes: found }) => found.map(({ what, state }) => `${state} ${what}`));
    },
    details: async (...ids: string[]) =>
      (await planSteps(chosen(ids), await journal.things()))
        .flatMap(({ changes: found }) => found.map(({ detail }) => detail))
        .join('\n'),
    apply: (...ids: string[]) => applySteps(deps, chosen(ids)),
    async undo() {
      const undone = await undoSteps(deps, steps, await openThings(deps));
      return undone.map(({ thing, result, note }) => ({ what: thing.what, result, note }));
    },
    sent: (operation: string) => simulator.requests().filter((request) => request.operation === operation),
  };
}

const noSecrets: SiteSecrets = { keep: async () => undefined, drop: async () => undefined };

export function offlineDeps(): ConnectorDeps {
  const away = () => Promise.reject(new Error('there is no store'));
  const silent = () => undefined;
  return {
    clock: realClock,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    newId: () => crypto.randomUUID(),
    random: () => 0.5,
    hashNumber: () => 'hash',
    publicUrl: 'https://patchbay.example.com',
    ignoresIdempotency: false,
    failAt: () => undefined,
    withLease: (_name, work) => work(new AbortController().signal, nobodysLease),
    isOptedOut: async (phone) => phone === '+12125550109',
    nudge: silent,
    takenBackAt: () => null,
    inboundCallUrls: () => ['https://patchbay.example.com/v1/platforms/sigmamind/inbound-call/<token>'],
    promptWords: () => ({ headers: [], outcomes: [] }),
    ...{ recordFacts: away, registerCall: away, readCursor: away, writeCursor: away, backlog: away },
    ...{ settleSoon: away, describeCalls: away, mayCall: away },
    dialling: { leadsOfList: away, lead: away, judge: away, claim: away, settle: away },
  };
}
