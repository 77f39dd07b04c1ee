import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSigmamindApi } from '../../../connectors/sigmamind/api/api.ts';
import { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';
import { callLead } from '../../../connectors/sigmamind/dialling/call-lead.ts';
import { readBook } from '../../../connectors/sigmamind/dialling/campaign-book.ts';
import type { Dialler } from '../../../connectors/sigmamind/dialling/dialler.ts';
import { type CampaignWish, sendCampaign } from '../../../connectors/sigmamind/dialling/send-campaign.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Lead } from '../../../src/domain/lead.ts';
import { nobodysLease } from '../../../src/domain/lease.ts';
import { createDialling } from '../../../src/flows/dial/dialling.ts';
import { type MadeUpServer, startMadeUpServer } from '../../contract/made-up/made-up-server.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../../simulators/sigmamind/sigmamind-simulator.ts';
import { eventually } from '../../support/eventually.ts';
import { type OpenDeps, openDeps } from '../flows/open-deps.ts';

const noon = Date.parse('2026-11-20T17:00:00.000Z');
const person = (key: string): Lead => ({
  ...{ dialer: 'carousel', key, list: 'people', campaign: 'Autumn', fields: {} },
  ...{ phones: [`+1303555010${key}`], changedAt: new Date(noon).toISOString() },
});
const [ada, ben, cyd] = [person('1'), person('2'), person('3')];
const own = '+13035550100';

/** The lease on a name, by hand. */
const held = nobodysLease;

let leaptMs = 0;
const clock = { now: () => noon + leaptMs, sleep: async () => {} };
let server: MadeUpServer;
let simulator: SigmamindSimulator;
let folder: string;
let config: SigmamindConfig;
let opened: OpenDeps;

beforeEach(async () => {
  leaptMs = 0;
  folder = mkdtempSync(join(tmpdir(), 'patchbay-once-'));
  server = await startMadeUpServer([]);
  simulator = await startSigmamindSimulator({ clock, apiKey: 'key-1', behaviours: { '*': { dialled: 'busy' } } });
  config = SigmamindConfig.parse({ type: 'sigmamind', apiUrl: simulator.url, apiKey: 'key-1' });
  opened = await openDeps({ folder, url: server.url, clock });
  await opened.deps.store.saveLeads([ada, ben, cyd], new Date(noon).toISOString());
  // So that the platform's list shows how it tells variables.
  await callLead(newProcess(), wish('before'), person('9'), false);
});

afterEach(async () => {
  await opened.close();
  await simulator.stop();
  await server.stop();
});

it.each(['killed', 'failing'] as const)(
  'calls every lead of a campaign once, whichever step of the first run is the %s one',
  async (how) => {
    for (let step = 0, isHit = true; isHit; step += 1) {
      const name = `Autumn ${step}`;

      const broken = breaking(newProcess(), how, step);
      await sendCampaign(broken.dialler, wish(name), held).catch(() => undefined);
      isHit = broken.isHit();
      for (let run = 0; run < 2; run += 1) {
        leaptMs += 200_000;
        await sendCampaign(newProcess(), wish(name), held);
      }

      expect(await timesCalled(name, [ada, ben, cyd]), `step ${step}`).toEqual([1, 1, 1]);
    }
  },
  60_000,
);

it.each(['killed', 'failing'] as const)(
  'calls one lead once, whichever step of the first run is the %s one',
  async (how) => {
    for (let step = 0, isHit = true; isHit; step += 1) {
      const name = `one ${step}`;

      const broken = breaking(newProcess(), how, step);
      await callLead(broken.dialler, wish(name), ada, false).catch(() => undefined);
      isHit = broken.isHit();
      for (let run = 0; run < 2; run += 1) {
        leaptMs += 200_000;
        await callLead(newProcess(), wish(name), ada, false);
      }

      expect(await timesCalled(name, [ada]), `step ${step}`).toEqual([1]);
    }
  },
  60_000,
);

it('leaves a lead that is in a campaign to that campaign, which may not have come to it yet', async () => {
  await sendCampaign(endingOnceSent(newProcess()), wish('Autumn'), held).catch(() => undefined);
  leaptMs += 200_000;

  const outcome = await callLead(newProcess(), wish('Autumn'), ada, false);
  await sendCampaign(newProcess(), wish('Autumn'), held);

  expect(outcome).toMatchObject({ kind: 'unsure', why: 'in a campaign' });
  expect(await timesCalled('Autumn', [ada, ben, cyd])).toEqual([1, 1, 1]);
});

it('does not take a call for absent while one of that time shows no variables', async () => {
  await callLead(endingOnceSent(newProcess()), wish('one'), ada, false).catch(() => undefined);
  leaptMs += 200_000;
  const hiding = newProcess();
  const { listCalls } = hiding.api;
  hiding.api.listCalls = async (query) => {
    const page = await listCalls(query);
    const [latest, ...others] = page.rows;
    return { ...page, rows: latest ? [{ ...latest, dynamicVariables: {} }, ...others] : [] };
  };

  const outcome = await callLead(hiding, wish('one'), ada, false);

  expect(outcome.kind).toBe('unsure');
  expect(await timesCalled('one', [ada])).toEqual([1]);
});

it('counts from when a campaign was sent, not from when its list was begun, and knows its rows after a crash', async () => {
  const slow = endingOnceSent(newProcess());
  const { claim } = slow.deps.dialling;
  slow.deps.dialling.claim = async (requests) => {
    leaptMs += 600_000;
    return await claim(requests);
  };
  await sendCampaign(slow, wish('Autumn'), held).catch(() => undefined);

  const unlisted = newProcess();
  unlisted.api.findCampaign = async () => null;
  await expect(sendCampaign(unlisted, wish('Autumn'), held)).rejects.toThrow('nobody can tell yet');
  leaptMs += 200_000;
  await sendCampaign(newProcess(), wish('Autumn'), held);

  expect(await readBook(newProcess(), 'Autumn')).toMatchObject({
    batches: [{ name: 'Autumn', state: 'sent', rows: 3 }],
  });
});

it('gives no row of a file away twice, whenever the process that writes it ends', async () => {
  for (let step = 0, isHit = true; isHit; step += 1) {
    const name = `by hand ${step}`;
    const files = [0, 1].map((run) => join(folder, `${step}-${run}.csv`));

    const broken = breaking(newProcess(), 'killed', step);
    await sendCampaign(broken.dialler, { ...wish(name), file: files[0] ?? '' }, held).catch(() => undefined);
    isHit = broken.isHit();
    leaptMs += 200_000;
    await sendCampaign(newProcess(), { ...wish(name), file: files[1] ?? '' }, held);

    const rows = files.filter(existsSync).flatMap((file) => readFileSync(file, 'utf8').match(/^\+\d+/gm) ?? []);
    expect(rows.length, `step ${step}`).toBe(new Set(rows).size);
  }
}, 60_000);

it('lets go who opted out while the list was gone through', async () => {
  const slow = newProcess();
  slow.deps.isOptedOut = async (phone) => ben.phones.includes(phone);

  const result = await sendCampaign(slow, wish('Autumn'), held);

  expect(result).toMatchObject({ rows: 2, refused: { opt_out: 1 } });
  expect(await timesCalled('Autumn', [ada, cyd])).toEqual([1, 1]);
  expect(simulator.calls().some(({ to, from }) => [to, from].includes(ben.phones[0] ?? ''))).toBe(false);
  const takenBack = await sendCampaign(newProcess(), wish('Autumn'), held);
  expect(takenBack).toMatchObject({ rows: 1, before: 2 });
});

it('sends nothing once another may have the name', async () => {
  const lost = { ...nobodysLease, isOurs: () => false };

  await expect(sendCampaign(newProcess(), wish('Autumn'), lost)).rejects.toMatchObject({ code: 'store_away' });

  await sendCampaign(newProcess(), wish('Autumn'), held);
  expect(await timesCalled('Autumn', [ada, ben, cyd])).toEqual([1, 1, 1]);
});

/** What a process of its own works with: nothing but the store is shared. */
function newProcess(): Dialler {
  const { store } = opened.deps;
  return {
    id: 'sigmamind',
    config,
    api: createSigmamindApi({ clock, random: () => 0 }, config),
    deps: {
      clock,
      dialling: createDialling(() => opened.deps, 'sigmamind'),
      readCursor: (name) => store.readCursor(name),
      writeCursor: (name, value) => store.writeCursor(name, value),
      isOptedOut: (phone) => store.isOptedOut(phone),
      withLease: (_name, work) => work(new AbortController().signal, held),
      describeCalls: async () => [],
    },
  };
}

/**
 * A process that ends for good at a step, or one whose step fails. Every request to store and platform is two steps:
 * before it took effect, and after.
 */
function breaking(dialler: Dialler, how: 'killed' | 'failing', at: number) {
  let steps = 0;
  const isNow = () => (how === 'killed' ? steps++ >= at : steps++ === at);
  const wrap = <Part extends object>(part: Part, isWritten: boolean): Part =>
    new Proxy(part, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== 'function') return value;
        const inDoubt = isWritten && String(name).startsWith('create');
        const fault = () =>
          how === 'killed'
            ? new Error('killed')
            : new ConnectorError('store_away', 'away', { retryable: true, inDoubt });
        return async (...words: unknown[]) => {
          if (isNow()) throw fault();
          const answer: unknown = await Reflect.apply(value, target, words);
          if (isNow()) throw fault();
          return answer;
        };
      },
    });
  const { deps, api } = dialler;
  const { readCursor, writeCursor } = wrap({ readCursor: deps.readCursor, writeCursor: deps.writeCursor }, false);
  const broken: Dialler = {
    ...dialler,
    api: wrap(api, true),
    deps: { ...deps, dialling: wrap(deps.dialling, false), readCursor, writeCursor },
  };
  return { dialler: broken, isHit: () => steps > at };
}

/** A process that ends for good when the platform has its call or campaign, and before it hears of that. */
function endingOnceSent(dialler: Dialler): Dialler {
  const { createCall, createCampaign } = dialler.api;
  const end = async (sending: Promise<unknown>): Promise<never> => {
    await sending;
    throw new Error('killed');
  };
  dialler.api.createCall = (call) => end(createCall(call));
  dialler.api.createCampaign = (campaign) => end(createCampaign(campaign));
  return dialler;
}

function wish(name: string): CampaignWish {
  return {
    ...{ name, dialer: 'carousel', campaign: '', from: own, agentId: 'agent_1', list: 'people', concurrency: 3 },
    ...{ schedule: null, limit: 100, isTrial: false, file: '' },
  };
}

async function timesCalled(name: string, leads: readonly Lead[]): Promise<number[]> {
  return await eventually(async () => {
    const counts: number[] = [];
    for (const { dialer, key } of leads) {
      const ref = { instance: 'sigmamind', kind: 'dial', key: JSON.stringify([name, dialer, key]) };
      const id = (await opened.deps.store.callByRef(ref))?.correlationId;
      counts.push(simulator.calls().filter(({ variables }) => variables.correlation_id === id).length);
    }
    expect(counts.every((count) => count > 0)).toBe(true);
    return counts;
  });
}
