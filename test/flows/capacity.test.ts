import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { createDialling } from '../../src/flows/dial/dialling.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { eventually } from '../support/eventually.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';
import { keys, platformSection, startTestApp, type TestApp } from '../support/start-app.ts';

const ada = {
  ...{ dialer: 'carousel', key: 'r1', list: 'people', campaign: 'Autumn' },
  ...{ phones: ['+13035550111'], fields: {} },
};

type Answer = Record<string, string>;

let dialer: MadeUpServer;
let calls = 0;

beforeAll(async () => {
  dialer = await startMadeUpServer([]);
});

afterAll(() => dialer.stop());

interface Site {
  gate?: object;
  campaigns?: object;
  /** Of the platform. */
  keepFree?: number;
  /** Another platform beside it. */
  second?: object;
  store?: Record<string, unknown>;
}

function startWith(
  concurrency: number | undefined,
  { gate = {}, campaigns = {}, keepFree, second, store }: Site = {},
): Promise<TestApp> {
  const api = { apiKey: 'unused', apiUrl: 'http://127.0.0.1:1' };
  const budgets = { registerMs: 4500 };
  return startTestApp({
    registry: { dialers: [madeUp], platforms: [sigmamind] },
    dialers: { carousel: { type: 'made-up', url: dialer.url, campaigns, budgets } },
    config: {
      platforms: {
        sigmamind: {
          ...platformSection(api),
          ...(concurrency !== undefined && { concurrency }),
          ...(keepFree !== undefined && { keepFree }),
        },
        ...(second && { second: { ...platformSection(api), ...second } }),
      },
      gate: { hours: { enabled: false }, ...gate },
    },
    ...(store && { store }),
  });
}

function nextCall(): string {
  calls += 1;
  return `mu-${calls}`;
}

async function register({ url }: TestApp, callId = nextCall(), campaign = 'Autumn'): Promise<Answer> {
  const query = new URLSearchParams({ call_id: callId, campaign, number: `303555${String(1000 + calls)}` });
  const response = await fetch(`${url}/v1/ivr/carousel/register?${query}`, { headers: { 'x-api-key': keys.script } });
  return (await response.json()) as Answer;
}

/** The platform's word that the conversation of a call is over. */
async function end(patchbay: TestApp, correlationId = ''): Promise<void> {
  const data = { callId: `call_${correlationId}`, dynamicVariables: { correlation_id: correlationId } };
  const response = await patchbay.postEvent({
    event: 'conversation_ended',
    data: { ...data, status: 'ended', terminationReason: 'user_ended_call' },
  });
  expect(response.status).toBe(200);
}

const withAi = (answers: readonly Answer[]) => answers.filter(({ route }) => route === 'ai');

describe('one process', () => {
  it('sends no more than the platform takes, of 200 calls that ask at once', async () => {
    const patchbay = await startWith(5);
    try {
      const answers = await Promise.all(Array.from({ length: 200 }, () => register(patchbay)));

      expect(withAi(answers)).toHaveLength(5);
      const refused = answers.filter(({ route }) => route !== 'ai');
      for (const answer of refused) {
        expect(answer).toMatchObject({ route: 'skill', reason: 'no_capacity' });
      }
      const facts = await patchbay.app.deps.store.factsOf(refused[0]?.correlation_id ?? '');
      expect(facts[0]?.body).toMatchObject({ gate: { waited_ms: expect.stringMatching(/^\d+$/) } });
      const metrics = await (await fetch(`${patchbay.url}/metrics`)).text();
      expect(metrics).toContain('patchbay_platform_calls{platform="sigmamind"} 5');
      expect(metrics).toContain('patchbay_gate_answers_total{dialer="carousel",reason="no_capacity"} 195');
    } finally {
      await patchbay.stop();
    }
  }, 30_000);

  it('gives the slot of a call that ends to the next, and tells a call that asks again the same', async () => {
    const patchbay = await startWith(1);
    try {
      const ada = await register(patchbay, 'mu-ada');
      expect((await register(patchbay, 'mu-ben')).route).toBe('skill');
      expect(await register(patchbay, 'mu-ada')).toMatchObject({ route: 'ai', correlation_id: ada.correlation_id });

      await end(patchbay, ada.correlation_id);
      expect((await register(patchbay, 'mu-cyd')).route).toBe('ai');
      expect((await register(patchbay, 'mu-dan')).route).toBe('skill');
    } finally {
      await patchbay.stop();
    }
  });

  it('counts a call that was refused first and let through when its script asked again', async () => {
    const patchbay = await startWith(1);
    try {
      const ada = await register(patchbay, 'mu-ada');
      expect((await register(patchbay, 'mu-ben')).route).toBe('skill');
      await end(patchbay, ada.correlation_id);
      const ben = await register(patchbay, 'mu-ben');

      expect(ben.route).toBe('ai');
      expect(await patchbay.app.deps.store.callById(ben.correlation_id ?? '')).toMatchObject({
        route: 'ai',
        reason: '',
      });
    } finally {
      await patchbay.stop();
    }
  });

  it('lets calls wait for a slot where the site says so', async () => {
    const patchbay = await startWith(1, { gate: { capacity: { waitMs: 2000 } } });
    try {
      const first = await register(patchbay);
      const waiting = [register(patchbay), register(patchbay)];

      await end(patchbay, first.correlation_id);
      const next = await Promise.race(waiting);
      expect(next.route).toBe('ai');
      await end(patchbay, next.correlation_id);
      const all = await Promise.all(waiting);

      expect(all.map(({ route }) => route)).toEqual(['ai', 'ai']);
    } finally {
      await patchbay.stop();
    }
  });

  it('keeps slots free for calls that nobody asks about, and counts those', async () => {
    const patchbay = await startWith(3, { keepFree: 1 });
    try {
      const headers = await fetch(`${patchbay.url}/v1/ivr/carousel/headers?code=${nextCall()}`, {
        headers: { 'x-api-key': keys.script },
      });
      expect(headers.status).toBe(200);
      await eventually(async () =>
        expect(await patchbay.app.deps.capacity.loads()).toEqual([{ platform: 'sigmamind', going: 1, concurrency: 3 }]),
      );
      await patchbay.app.deps.registrations.flush();

      const answers = [await register(patchbay), await register(patchbay)];
      // What it held from before the call that was not asked about is given still; the store lets it have no more.
      expect(withAi(answers).length).toBeLessThanOrEqual(2);
      expect((await register(patchbay)).route).toBe('skill');
    } finally {
      await patchbay.stop();
    }
  });

  it('keeps slots free at the platform that has such calls, and not at another', async () => {
    const campaigns = { Autumn: { platform: 'sigmamind' }, Winter: { platform: 'second' } };
    const patchbay = await startWith(3, { keepFree: 2, campaigns, second: { concurrency: 1 } });
    try {
      const autumn = [await register(patchbay), await register(patchbay)];
      const winter = [await register(patchbay, nextCall(), 'Winter'), await register(patchbay, nextCall(), 'Winter')];

      expect(autumn.map(({ route }) => route)).toEqual(['ai', 'skill']);
      expect(winter.map(({ route }) => route)).toEqual(['ai', 'skill']);
    } finally {
      await patchbay.stop();
    }
  });

  it('asks nothing where nobody said what the platform takes, and refuses by the route of the campaign', async () => {
    const open = await startWith(undefined);
    const shut = await startWith(1, { campaigns: { Softly: { gate: { routes: { no_capacity: 'callback' } } } } });
    try {
      const answers = await Promise.all(Array.from({ length: 30 }, () => register(open)));
      expect(withAi(answers)).toHaveLength(30);

      await register(shut);
      expect(await register(shut, nextCall(), 'Softly')).toMatchObject({ route: 'callback', reason: 'no_capacity' });
    } finally {
      await open.stop();
      await shut.stop();
    }
  });

  it('dials nobody for a platform that is full', async () => {
    const patchbay = await startWith(1);
    try {
      const { deps } = patchbay.app;
      const dialling = createDialling(() => deps, 'sigmamind');
      const at = new Date().toISOString();
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
      const lead = { ...ada, changedAt: at };
      const wish = { lead, purpose: 'Spring', batch: 'one', at, callerId: '+13035550199', agent: 'agent_1' };
      expect(await dialling.judge([wish])).toMatchObject([{ kind: 'ready' }]);

      await register(patchbay);

      expect(await dialling.judge([wish, { ...wish, at: tomorrow }])).toMatchObject([
        { kind: 'refused', reason: 'no_capacity' },
        { kind: 'ready' },
      ]);
    } finally {
      await patchbay.stop();
    }
  });
});

describe('three processes on one store', () => {
  let mariadb: PrivateMariaDb;
  beforeAll(async () => {
    mariadb = await startPrivateMariaDb();
  }, 180_000);
  afterAll(() => mariadb?.stop());

  it('together send no more than the platform takes, and use what it takes', async () => {
    await mariadb.createDatabase('shared');
    const { host, port, user, password } = mariadb;
    const store = { kind: 'mysql', host, port, user, password, database: 'shared', poolSize: 5 };
    const members: TestApp[] = [];
    for (let count = 0; count < 3; count += 1) members.push(await startWith(20, { store }));
    const at = (index: number) => members[index % 3] as TestApp;
    try {
      const first = await Promise.all(Array.from({ length: 200 }, (_, index) => register(at(index))));
      expect(withAi(first).length).toBeLessThanOrEqual(20);
      // Before it said no, each had its part.
      expect(withAi(first).length).toBeGreaterThanOrEqual(12);

      const ended = withAi(first).slice(0, 8);
      await Promise.all(ended.map(({ correlation_id }, index) => end(at(index), correlation_id)));
      // A part that nobody uses goes back by itself: in the end all of them are used.
      const more: Answer[] = [];
      await eventually(async () => {
        more.push(...(await Promise.all([0, 1, 2].map((index) => register(at(index))))));
        expect(withAi(first).length - 8 + withAi(more).length).toBe(20);
      }, 15_000);
      more.push(...(await Promise.all(Array.from({ length: 30 }, (_, index) => register(at(index))))));
      expect(withAi(first).length - 8 + withAi(more).length).toBe(20);
    } finally {
      await Promise.all(members.map((member) => member.stop()));
    }
  }, 180_000);
});
