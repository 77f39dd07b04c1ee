import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/domain/clock.ts';
import { hangUpLeftOvers } from '../../src/flows/hang-up-left-overs.ts';
import { leftOverJobs } from '../../src/workers/left-overs.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { eventually } from '../support/eventually.ts';
import { startPrivateMariaDb } from '../support/private-mariadb.ts';
import { realClock } from '../support/real-clock.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const dispositions = {
  transferred: 'sold',
  not_interested: 'gone',
  hung_up: 'done',
  opt_out: 'never',
  callback: 'later',
};
const transfers = { sales: 'group-7', broken: 'nowhere', default: 'group-1' };
const Autumn = { dispositions, transfers, screenPop: ['transfer_to', 'transfer_target'] };
const carousel = { type: 'made-up', campaigns: { Autumn, '*': { dispositions } } };

let dialer: MadeUpServer;
let patchbay: TestApp;
let home: string;
/** How far the service's clock is ahead of the machine's. */
let aheadMs: number;
const clock: Clock = { now: () => Date.now() + aheadMs, sleep: realClock.sleep };

beforeEach(async () => {
  aheadMs = 0;
  home = mkdtempSync(join(tmpdir(), 'patchbay-live-'));
  dialer = await startMadeUpServer([ada]);
  patchbay = await start({});
});

afterEach(async () => {
  await patchbay.stop();
  await dialer.stop();
  rmSync(home, { recursive: true, force: true });
});

function start(more: object): Promise<TestApp> {
  const store = { kind: 'sqlite', file: join(home, 'patchbay.sqlite') };
  return startTestApp({ store, clock, dialers: { carousel: { ...carousel, url: dialer.url, ...more } } });
}

/** Another process, on the same store. */
async function restart(more: object): Promise<void> {
  await patchbay.stop();
  patchbay = await start(more);
}

/** A call that the AI has on a line of the dialer. */
async function liveCall(callId: string, campaign = 'Autumn'): Promise<string> {
  dialer.live.set(callId, { state: 'ai', to: '', status: '' });
  const answer = await request(patchbay.url)
    .get(`/v1/ivr/carousel/register?call_id=${callId}&lead_id=r1&number=3035550111&campaign=${campaign}`)
    .set('X-API-Key', keys.script);
  return String(answer.body.correlation_id);
}

async function tool(name: string, body: object) {
  const answer = await request(patchbay.url)
    .post(`/v1/platforms/sigmamind/tools/${name}`)
    .set('Authorization', `Bearer ${keys.tools}`)
    .send(body);
  expect(answer.status).toBe(200);
  return answer.body;
}

/** Asks again while the answer says to: right after a start, on a busy machine, the store may answer late. */
async function untilSure(ask: () => Promise<{ ok: boolean; next?: string; error?: string }>) {
  for (let round = 0; round < 10; round += 1) {
    const answer = await ask();
    if (answer.error !== 'not_sure') return answer;
  }
  throw new Error('no answer was sure');
}

function platformEnds(id: string, at = new Date().toISOString()) {
  const data = { callId: `call_${id}`, status: 'ended', dynamicVariables: { correlation_id: id } };
  return patchbay.postEvent({ event: 'conversation_ended', timestamp: at, data });
}

const outcomeOf = async (id: string) => (await patchbay.app.deps.store.callById(id))?.outcome?.code;
const steered = async () =>
  (await dialer.journal()).filter(({ kind }) => kind === 'steered').map(({ record, value }) => `${record} ${value}`);
const endIt = (callId: string) => {
  const call = dialer.live.get(callId);
  if (call) call.state = 'ended';
};

describe('the agent hands the customer to people', () => {
  it('sends them where the name points, with the mapped disposition, and keeps the outcome', async () => {
    const id = await liveCall('mu-1');

    const answer = await tool('transfer', { correlation_id: id, to: 'Sales', summary: 'Wants two', colour: 'red' });

    expect(answer).toMatchObject({ ok: true, outcome: 'transferred', next: 'stop' });
    expect(dialer.live.get('mu-1')).toEqual({ state: 'transferred', to: 'group-7', status: 'sold' });
    expect((await patchbay.app.deps.store.callById(id))?.outcome).toMatchObject({
      code: 'transferred',
      summary: 'Wants two',
      fields: { colour: 'red', transfer_to: 'sales', transfer_target: 'group-7' },
    });
  });

  it('takes the default where the agent names nobody, and the dialer’s own where nothing is configured', async () => {
    const ids = [await liveCall('mu-1'), await liveCall('mu-2', 'Winter')];
    for (const [index, id] of ids.entries()) await tool('transfer', { correlation_id: id, to: index ? 'sales' : '' });

    expect(await steered()).toEqual(['mu-1 transfer group-1', 'mu-2 transfer']);
  });

  it('refuses a name that nobody configured, and says which there are', async () => {
    const id = await liveCall('mu-1');

    const answer = await tool('transfer', { correlation_id: id, to: 'the boss' });

    expect(answer).toMatchObject({ ok: false, error: 'unknown_target', allowed: ['sales', 'broken'] });
    expect(await outcomeOf(id)).toBeUndefined();
    expect(await steered()).toEqual([]);
  });

  it('gives a repeated request the same answer, one after the other, at once, and after a restart', async () => {
    const id = await liveCall('mu-1');
    const body = { correlation_id: id, to: 'sales' };

    const both = await Promise.all([tool('transfer', body), tool('transfer', body)]);
    const again = await tool('transfer', { ...body, to: 'broken' });
    await restart({});
    const later = await untilSure(() => tool('transfer', body));
    const answers = [...both, again, later].map(({ ok, next }) => ({ ok, next }));

    expect(answers).toEqual(Array.from({ length: 4 }, () => ({ ok: true, next: 'stop' })));
    expect(await steered()).toEqual(['mu-1 transfer group-7']);
    expect(dialer.orders()).toBe(1);
  });

  it('finds out what became of an order whose answer was lost', async () => {
    const id = await liveCall('mu-1');
    dialer.failNext('lost', 1);

    const answer = await tool('transfer', { correlation_id: id, to: 'sales' });

    expect(answer).toMatchObject({ ok: true, next: 'stop' });
    expect(await steered()).toHaveLength(1);
  });

  it('tells the agent when the customer was gone first, and takes the outcome back', async () => {
    const id = await liveCall('mu-1');
    endIt('mu-1');

    const answer = await tool('transfer', { correlation_id: id, to: 'sales', summary: 'Wants two' });
    await platformEnds(id);

    expect(answer).toMatchObject({ ok: false, error: 'call_over' });
    await eventually(async () => expect(await outcomeOf(id)).toBe('hung_up'));
    expect((await patchbay.app.deps.store.callById(id))?.outcome?.summary).toBe('Wants two');
  });

  it('tells the agent when the dialer refuses, takes the outcome back, and lets it try again', async () => {
    const id = await liveCall('mu-1');

    const refused = await tool('transfer', { correlation_id: id, to: 'broken' });
    const between = await outcomeOf(id);
    await tool('commit-outcome', { correlation_id: id, outcome: 'not_interested' });
    dialer.missingGroups.clear();
    const better = await tool('transfer', { correlation_id: id, to: 'broken' });

    expect(refused).toMatchObject({ ok: false, error: 'refused' });
    expect(between).toBeUndefined();
    expect(better.ok).toBe(true);
    expect(await outcomeOf(id)).toBe('transferred');
    expect(patchbay.log).toContainEqual(expect.objectContaining({ hint: 'Make one.' }));
  });

  it('says so when the dialer is away, and works when it is back', async () => {
    const id = await liveCall('mu-1');
    dialer.failNext('down', 5);

    const away = await tool('transfer', { correlation_id: id, to: 'sales' });
    dialer.heal();
    const back = await eventually(async () => {
      const answer = await tool('transfer', { correlation_id: id, to: 'sales' });
      expect(answer.ok).toBe(true);
      return answer;
    }, 15_000);

    expect(away).toMatchObject({ ok: false, error: 'not_sure' });
    expect(back).toMatchObject({ next: 'stop' });
    expect(await steered()).toEqual(['mu-1 transfer group-7']);
  }, 20_000);

  it('answers in time when the dialer never does', async () => {
    const control = patchbay.app.deps.dialers.get('carousel')?.control;
    if (!control) throw new Error('the made-up dialer has control');
    control.transfer = () => new Promise(() => undefined);
    const id = await liveCall('mu-1');
    const startedAt = performance.now();

    const answer = await tool('transfer', { correlation_id: id, to: 'sales' });

    expect(answer).toMatchObject({ ok: false, error: 'not_sure' });
    expect(performance.now() - startedAt).toBeLessThan(3200);
  });

  it('lets an earlier opt-out stand in what the dialer writes', async () => {
    const id = await liveCall('mu-1');
    await tool('commit-outcome', { correlation_id: id, outcome: 'opt_out' });

    await tool('transfer', { correlation_id: id, to: 'sales' });

    expect(dialer.live.get('mu-1')).toMatchObject({ state: 'transferred', status: 'never' });
    expect(await outcomeOf(id)).toBe('opt_out');
  });

  it('asks the agent to end its turn where the dialer’s own script takes the call back', async () => {
    await restart({ hasControl: false });
    const id = await liveCall('mu-1');

    const answer = await tool('transfer', { correlation_id: id, to: 'sales', summary: 'Wants two' });
    const script = await request(patchbay.url)
      .get(`/v1/ivr/carousel/outcome?correlation_id=${id}`)
      .set('X-API-Key', keys.script);

    expect(answer).toMatchObject({ ok: true, outcome: 'transferred', next: 'end_call' });
    expect(script.body).toMatchObject({
      status: 'done',
      route: 'skill',
      outcome: 'transferred',
      transfer_to: 'sales',
      transfer_target: 'group-7',
    });
    expect(await steered()).toEqual([]);
  });

  it('works while the store is away, and keeps what happened', async () => {
    const mariadb = await startPrivateMariaDb();
    try {
      await mariadb.createDatabase('patchbay');
      const { host, port, user, password } = mariadb;
      await patchbay.stop();
      patchbay = await startTestApp({
        store: { kind: 'mysql', host, port, user, password, database: 'patchbay' },
        dialers: { carousel: { ...carousel, url: dialer.url } },
      });
      const id = await liveCall('mu-1');
      process.kill(mariadb.pid, 'SIGSTOP');
      const startedAt = performance.now();
      const answer = await tool('transfer', { correlation_id: id, to: 'sales' }).finally(() =>
        process.kill(mariadb.pid, 'SIGCONT'),
      );
      const tookMs = performance.now() - startedAt;

      expect(answer).toMatchObject({ ok: true, next: 'stop' });
      expect(tookMs).toBeLessThan(3200);
      await eventually(async () => expect(await outcomeOf(id)).toBe('transferred'), 10_000);
      await eventually(async () => {
        expect(await tool('transfer', { correlation_id: id, to: 'sales' })).toMatchObject({ ok: true, next: 'stop' });
      });
      expect(await steered()).toEqual(['mu-1 transfer group-7']);
    } finally {
      await patchbay.stop();
      await mariadb.stop();
      patchbay = await start({});
    }
  }, 40_000);

  it('takes a call that only the dialer’s own name tells', async () => {
    dialer.live.set('mu-7', { state: 'ai', to: '', status: '' });

    const answer = await tool('transfer', { made_up_call: 'mu-7', campaign: 'Autumn', lead_id: 'r1', to: 'sales' });

    expect(answer.ok).toBe(true);
    expect(await steered()).toEqual(['mu-7 transfer group-7']);
  });

  it.each(['transfer', 'end-call'])('asks for a key and for a call that it knows: %s', async (name) => {
    const closed = await request(patchbay.url).post(`/v1/platforms/sigmamind/tools/${name}`).send({});
    const garbled = await tool(name, { correlation_id: 'zzzzzzzzzzzzzz' });

    expect(closed.status).toBe(401);
    expect(garbled).toMatchObject({ ok: false, error: 'unknown_call' });
  });
});

describe('the agent ends the call', () => {
  it.each([
    ['the committed outcome', 'not_interested', {}, 'gone'],
    ['the outcome that comes along', '', { outcome: 'Not interested' }, 'gone'],
    ['a hang-up', '', {}, 'done'],
  ])('hangs up with the disposition of %s', async (_what, committed, more, status) => {
    const id = await liveCall('mu-1');
    if (committed) await tool('commit-outcome', { correlation_id: id, outcome: committed });

    const first = await tool('end-call', { correlation_id: id, ...more });
    const again = await tool('end-call', { correlation_id: id, ...more });

    expect([first, again]).toMatchObject([
      { ok: true, next: 'stop' },
      { ok: true, next: 'stop' },
    ]);
    expect(dialer.live.get('mu-1')).toEqual({ state: 'ended', to: '', status });
    expect(await steered()).toEqual(['mu-1 hang-up']);
  });

  it('is fine with a customer who hung up first', async () => {
    const id = await liveCall('mu-1');
    endIt('mu-1');

    const answer = await tool('end-call', { correlation_id: id });

    expect(answer).toMatchObject({ ok: true, outcome: 'hung_up' });
  });

  it('leaves a customer alone who is with people, and waits while nobody knows whether they are', async () => {
    const transferred = await liveCall('mu-1');
    await tool('transfer', { correlation_id: transferred, to: 'sales' });
    const control = patchbay.app.deps.dialers.get('carousel')?.control;
    if (!control) throw new Error('the made-up dialer has control');
    control.transfer = () => new Promise(() => undefined);
    const open = await liveCall('mu-2');
    await tool('transfer', { correlation_id: open, to: 'sales' });
    const before = dialer.orders();

    const stops = await tool('end-call', { correlation_id: transferred });
    const waits = await tool('end-call', { correlation_id: open });
    const ordersSoFar = dialer.orders();
    aheadMs = 30_000;
    const ends = await tool('end-call', { correlation_id: open });

    expect(stops).toMatchObject({ ok: true, next: 'stop' });
    expect(waits).toMatchObject({ ok: false, error: 'not_sure' });
    expect(ordersSoFar - before).toBe(0);
    expect(ends).toMatchObject({ ok: true, next: 'stop' });
    expect(await steered()).toEqual(['mu-1 transfer group-7', 'mu-2 hang-up']);
  });

  it('refuses an outcome that nobody knows, and leaves the call alone', async () => {
    const id = await liveCall('mu-1');

    const answer = await tool('end-call', { correlation_id: id, outcome: 'splendid' });

    expect(answer).toMatchObject({ ok: false, error: 'unknown_outcome' });
    expect(await steered()).toEqual([]);
  });

  it('lets the agent hang up where the dialer can not, or is away', async () => {
    const id = await liveCall('mu-1');
    dialer.failNext('down', 5);
    const away = await tool('end-call', { correlation_id: id });
    await restart({ hasControl: false });
    const without = await tool('end-call', { correlation_id: await liveCall('mu-2'), outcome: 'not_interested' });

    expect(away).toMatchObject({ ok: true, next: 'end_call' });
    expect(without).toMatchObject({ ok: true, outcome: 'not_interested', next: 'end_call' });
  });

  it('never follows from a committed outcome alone', async () => {
    await restart({ hangUpLeftOverSec: 0.05 });
    const id = await liveCall('mu-1');
    await tool('commit-outcome', { correlation_id: id, outcome: 'not_interested' });
    await eventually(() => expect(dialer.records.get('r1')?.values.disposition).toBe('gone'));

    await lookForLeftOvers();

    expect(dialer.live.get('mu-1')?.state).toBe('ai');
    expect(await steered()).toEqual([]);
  });
});

describe('a call that only the platform has ended', () => {
  it('is hung up in the dialer after the configured time, once', async () => {
    await restart({ hangUpLeftOverSec: 20 });
    const id = await liveCall('mu-1');
    await tool('commit-outcome', { correlation_id: id, outcome: 'not_interested' });
    await platformEnds(id);

    aheadMs = 15_000;
    await lookForLeftOvers();
    const early = dialer.live.get('mu-1')?.state;
    aheadMs = 30_000;
    await eventually(async () => {
      await lookForLeftOvers();
      expect(dialer.live.get('mu-1')).toEqual({ state: 'ended', to: '', status: 'gone' });
    });
    await lookForLeftOvers();

    expect(early).toBe('ai');
    expect(await steered()).toEqual(['mu-1 hang-up']);
  });

  it('is left to the people who may have it', async () => {
    await restart({ hangUpLeftOverSec: 0.01 });
    const id = await liveCall('mu-1');
    await tool('commit-outcome', { correlation_id: id, outcome: 'transferred' });
    await platformEnds(id);
    const other = await liveCall('mu-2');
    await platformEnds(other);

    await eventually(async () => {
      await lookForLeftOvers();
      expect(dialer.live.get('mu-2')?.state).toBe('ended');
    });

    expect(dialer.live.get('mu-1')?.state).toBe('ai');
  });

  it('is looked for by a job, unless that is switched off', async () => {
    const off = leftOverJobs(patchbay.app.deps);
    await restart({ hangUpLeftOverSec: 0.01 });
    const id = await liveCall('mu-1');
    await platformEnds(id);
    const [job] = leftOverJobs(patchbay.app.deps);

    await eventually(async () => {
      await job?.job.run(new AbortController().signal);
      expect(dialer.live.get('mu-1')?.state).toBe('ended');
    });

    expect(off).toEqual([]);
    expect(job).toMatchObject({ owner: 'carousel', job: { isExclusive: true } });
  });
});

function lookForLeftOvers(): Promise<number> {
  const { deps } = patchbay.app;
  const carouselDialer = deps.dialers.get('carousel');
  if (!carouselDialer?.control) throw new Error('the made-up dialer has control');
  return hangUpLeftOvers(deps, carouselDialer, carouselDialer.control, new AbortController().signal);
}
