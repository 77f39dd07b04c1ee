import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { previewReplay } from '../../src/flows/preview-replay.ts';
import { replay } from '../../src/flows/replay-write-backs.ts';
import { setControl } from '../../src/flows/set-control.ts';
import { shadowReport } from '../../src/flows/shadow-report.ts';
import { watchShadowOptOuts } from '../../src/flows/watch-shadow-opt-outs.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { eventually } from '../support/eventually.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const ben = { key: 'r2', number: '3035550112', name: 'Ben', values: {} };
const dispositions = { sale: 'sold', not_interested: 'gone', opt_out: 'never', transferred: 'sold', hung_up: 'done' };
const campaigns = { Autumn: { dispositions, safeRoute: 'queue' }, Winter: { dispositions } };

let carousel: MadeUpServer;
/** A dialer that nobody has told to be live. */
let orbit: MadeUpServer;
let patchbay: TestApp;
let home: string;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'patchbay-shadow-'));
  [carousel, orbit] = [await startMadeUpServer([ada, ben]), await startMadeUpServer([ada])];
  patchbay = await start();
  await stage({ dialer: 'orbit' }, 0);
});
afterEach(async () => {
  await patchbay.stop();
  await Promise.all([carousel.stop(), orbit.stop()]);
  rmSync(home, { recursive: true, force: true });
});

function start(controls: object = {}, names: readonly string[] = ['carousel', 'orbit']): Promise<TestApp> {
  const all = [['carousel', carousel] as const, ['orbit', orbit] as const].filter(([name]) => names.includes(name));
  return startTestApp({
    store: { kind: 'sqlite', file: join(home, 'patchbay.sqlite') },
    dialers: Object.fromEntries(all.map(([name, { url }]) => [name, { type: 'made-up', url, campaigns }])),
    config: { controls },
  });
}

function stage({ dialer = '', campaign = '' }, percent: number): Promise<void> {
  const scope = { dialer, campaign, aspect: '' } as const;
  return setControl(patchbay.app.deps, { kind: 'stage', scope, percent, note: 'first days', by: 'olga' });
}

async function register(callId: string, { campaign = 'Autumn', lead = ada } = {}): Promise<string> {
  carousel.live.set(callId, { state: 'ai', to: '', status: '' });
  const answer = await request(patchbay.url)
    .get(`/v1/ivr/carousel/register?call_id=${callId}&lead_id=${lead.key}&number=${lead.number}&campaign=${campaign}`)
    .set('X-API-Key', keys.script);
  expect(answer.body).toMatchObject({ route: 'ai' });
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

const commit = (id: string, outcome: string) => tool('commit-outcome', { correlation_id: id, outcome, summary: '' });
const outcomeOf = async (callId: string) =>
  (await request(patchbay.url).get(`/v1/ivr/carousel/outcome?call_id=${callId}`).set('X-API-Key', keys.script)).body;
const rowsOf = (id: string) => patchbay.app.deps.store.writeBacksOf(id);
const statesOf = async (id: string) =>
  (await rowsOf(id)).map(({ dialer, aspect, state }) => `${dialer} ${aspect} ${state}`);
const shownOptOuts = () => patchbay.app.deps.store.attention({ kind: 'shadow-opt-out', isOpen: true, limit: 9 });
const writes = async () => [...(await carousel.journal()), ...(await orbit.journal())].map(({ value }) => value);

async function reported() {
  const rows = [];
  for await (const { row, verdict, held } of shadowReport(patchbay.app.deps, {}, new AbortController().signal)) {
    rows.push(`${row.dialer} ${row.aspect} ${verdict} ${held}`.trim());
  }
  return rows;
}

describe('a campaign in shadow', () => {
  beforeEach(() => stage({ campaign: 'Autumn' }, 0));

  it('records what a call ended as and what would be written, and writes nothing', async () => {
    const id = await register('mu-1');
    await commit(id, 'sale');
    const live = await register('mu-2', { campaign: 'Winter', lead: ben });
    await commit(live, 'sale');

    await eventually(async () => expect(await statesOf(live)).toEqual(['carousel disposition confirmed']));
    expect((await patchbay.app.deps.store.callById(id))?.outcome).toMatchObject({ code: 'sale', shadow: ['*'] });
    expect(await statesOf(id)).toEqual(['carousel disposition shadow']);
    expect((await carousel.journal()).map(({ record }) => record)).toEqual([ben.key]);
    expect(await reported()).toEqual(['carousel disposition would-change']);
  });

  it('tells a script what was said, the safe route, and nothing to write', async () => {
    const id = await register('mu-1');
    await commit(id, 'sale');

    expect(await outcomeOf('mu-1')).toMatchObject({ status: 'done', outcome: 'sale', route: 'queue', disposition: '' });
  });

  it('sends no order for a customer on the line, and tells the agent so', async () => {
    const id = await register('mu-1');

    const transfer = await tool('transfer', { correlation_id: id });
    const end = await tool('end-call', { correlation_id: id });

    expect(transfer).toMatchObject({ ok: false, error: 'refused', say: expect.stringContaining('tried out') });
    expect(end).toMatchObject({ ok: true, next: 'end_call' });
    expect([carousel.orders(), carousel.live.get('mu-1')?.state]).toEqual([0, 'ai']);
    const acts = (await patchbay.app.deps.store.factsOf(id)).flatMap(({ body }) =>
      body.kind === 'steered' ? [`${body.act} ${body.result}`] : [],
    );
    expect(acts).toEqual(['transfer shadow', 'hang-up shadow']);
    expect((await patchbay.app.deps.store.callById(id))?.outcome?.code).not.toBe('transferred');
  });

  it('keeps a call as it began, whatever is decided later', async () => {
    const shown = await register('mu-1');
    await stage({ campaign: 'Autumn' }, 100);
    const live = await register('mu-2', { lead: ben });
    await stage({ campaign: 'Autumn' }, 0);

    await commit(shown, 'sale');
    await commit(live, 'sale');

    await eventually(async () => expect(await statesOf(live)).toEqual(['carousel disposition confirmed']));
    expect(await statesOf(shown)).toEqual(['carousel disposition shadow']);
  });

  it('writes what a person chose to have written, on the record, and no more', async () => {
    const id = await register('mu-1');
    await commit(id, 'opt_out');
    const { deps } = patchbay.app;
    const [disposition] = (await rowsOf(id)).filter(({ aspect }) => aspect === 'disposition');

    const preview = await previewReplay(deps, [disposition?.id ?? '']);
    const { due } = await replay(deps, { ids: [disposition?.id ?? ''], by: 'cli:olga', subject: id });

    expect(preview.rows).toMatchObject([
      { verdict: 'writes', canReplay: true, why: expect.stringContaining('shadow') },
    ]);
    expect(due).toBe(1);
    await eventually(async () => expect(await statesOf(id)).toContain('carousel disposition confirmed'));
    expect(await writes()).toEqual(['never']);
    expect(await deps.store.auditLog(1)).toMatchObject([{ act: 'write-backs-replay', by: 'cli:olga' }]);
  });
});

describe('an opt-out that is told in shadow', () => {
  it('is kept by our own gate, on no list of a dialer, and shown until somebody saw to it', async () => {
    await stage({ campaign: 'Autumn' }, 0);
    const { deps } = patchbay.app;
    const id = await register('mu-1');
    await commit(id, 'opt_out');
    await watchShadowOptOuts(deps);
    const first = await shownOptOuts();
    await watchShadowOptOuts(deps);

    const open = await shownOptOuts();
    const again = await request(patchbay.url)
      .get('/v1/ivr/carousel/register?call_id=mu-9&lead_id=r1&number=3035550111&campaign=Autumn')
      .set('X-API-Key', keys.script);
    expect(open).toMatchObject([{ correlationId: id, count: first[0]?.count, details: { dialer: 'carousel, orbit' } }]);
    expect(again.body).toMatchObject({ reason: 'opt_out' });
    expect([carousel.dnc.size, orbit.dnc.size]).toEqual([0, 0]);

    const lists = (await rowsOf(id)).filter(({ aspect }) => aspect === 'dnc').map(({ id: row }) => row);
    await replay(deps, { ids: lists, by: 'olga', subject: id });
    await eventually(() => expect([carousel.dnc.size, orbit.dnc.size]).toEqual([1, 1]));
    await watchShadowOptOuts(deps);
    expect(await shownOptOuts()).toEqual([]);
  });

  it('is found though its row was kept after later ones: processes have clocks of their own', async () => {
    await stage({ campaign: 'Autumn' }, 0);
    const { store } = patchbay.app.deps;
    const id = await register('mu-1');
    await commit(id, 'opt_out');
    const ahead = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

    await store.writeCursor('opt-outs:shadow', ahead(9));
    await watchShadowOptOuts(patchbay.app.deps);

    expect(await shownOptOuts()).toMatchObject([{ correlationId: id }]);
  });

  it('stays shown when its campaign goes live, and its number stays refused; a replay lists it then', async () => {
    await stage({ campaign: 'Autumn' }, 0);
    const { deps } = patchbay.app;
    const id = await register('mu-1');
    await commit(id, 'opt_out');
    await stage({ campaign: 'Autumn' }, 100);
    await watchShadowOptOuts(deps);
    const [item] = await shownOptOuts();
    const next = await request(patchbay.url)
      .get('/v1/ivr/carousel/register?call_id=mu-9&lead_id=r1&number=3035550111&campaign=Autumn')
      .set('X-API-Key', keys.script);
    const before = carousel.dnc.size;
    const ids = /replay (.+)$/.exec(item?.details.hint ?? '')?.[1]?.split(' ') ?? [];

    await replay(deps, { ids, by: 'cli:olga', subject: id });

    expect(item).toMatchObject({ correlationId: id, settledAt: null });
    expect([next.body.route, next.body.reason, before]).toEqual(['hangup', 'opt_out', 0]);
    await eventually(() => expect(carousel.dnc.size).toBe(1));
    await watchShadowOptOuts(deps);
    expect(await shownOptOuts()).toEqual([]);
  });

  it('is written where the configuration wants it so', async () => {
    await patchbay.stop();
    patchbay = await start({ startPercent: 0, shadowOptOuts: 'written' });
    const id = await register('mu-1');
    await commit(id, 'opt_out');

    await eventually(() => expect([carousel.dnc.size, orbit.dnc.size]).toEqual([1, 1]));
    expect(await statesOf(id)).toContain('carousel disposition shadow');
  });
});

describe('a dialer with all campaigns in shadow', () => {
  it('is only read, also when another dialer tells an opt-out', async () => {
    const id = await register('mu-1');
    await commit(id, 'opt_out');

    await eventually(() => expect(carousel.dnc.size).toBe(1));
    expect(await statesOf(id)).toContain('orbit dnc shadow');
    expect(await orbit.journal()).toEqual([]);
  });

  it('that joins waits for its first stage with the opt-outs from before', async () => {
    await patchbay.stop();
    patchbay = await start({}, ['carousel']);
    const id = await register('mu-1');
    await commit(id, 'opt_out');
    await eventually(() => expect(carousel.dnc.size).toBe(1));

    await patchbay.stop();
    patchbay = await start();

    await eventually(async () => {
      const [row] = (await rowsOf(id)).filter(({ dialer }) => dialer === 'orbit');
      expect(row).toMatchObject({ state: 'pending', attempts: 0, why: expect.stringContaining('in shadow') });
    });
    expect(orbit.dnc.size).toBe(0);
  });
});
