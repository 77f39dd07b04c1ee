import { connect } from 'node:net';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Asker } from '../../../src/domain/setup.ts';
import { namedChecks, runChecks } from '../../../src/flows/doctor/run-checks.ts';
import { syncLeads } from '../../../src/flows/sync-leads.ts';
import { eventually } from '../../support/eventually.ts';
import { keys, startTestApp, type TestApp } from '../../support/start-app.ts';
import { madeUp } from './made-up-dialer.ts';
import { type MadeUpServer, startMadeUpServer } from './made-up-server.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const ben = { key: 'r2', number: '3035550112', name: 'Ben', values: {} };
const cyd = { key: 'r3', number: 'none', name: 'Cyd', values: {} };
const dispositions = { callback: 'later', not_interested: 'gone', opt_out: 'never' };

let dialer: MadeUpServer;
let patchbay: TestApp;

beforeEach(async () => {
  dialer = await startMadeUpServer([ada, ben, cyd]);
  patchbay = await startWith({});
});

function startWith(changes: object): Promise<TestApp> {
  return startTestApp({
    dialers: {
      carousel: {
        type: 'made-up',
        url: dialer.url,
        ...changes,
        campaigns: {
          Autumn: { dispositions, fields: { note: 'summary' } },
          Winter: { dispositions: { not_interested: 'unheard-of' } },
        },
      },
    },
  });
}

afterEach(async () => {
  await patchbay.stop();
  await dialer.stop();
});

async function call(callId: string, query: string): Promise<string> {
  const answer = await request(patchbay.url)
    .get(`/v1/ivr/carousel/register?call_id=${callId}&${query}`)
    .set('X-API-Key', keys.script);
  return String(answer.body.correlation_id);
}

function commit(id: string, body: object) {
  return request(patchbay.url)
    .post('/v1/platforms/sigmamind/tools/commit-outcome')
    .set('Authorization', `Bearer ${keys.tools}`)
    .send({ correlation_id: id, ...body });
}

describe('a third dialer, that nothing under src/ knows', () => {
  it('is told every aspect: against a receipt, at once, and only once', async () => {
    const id = await call('mu-1', 'lead_id=r1&number=3035550111&campaign=Autumn');
    await commit(id, { outcome: 'callback', callback_at: '2027-01-04T15:00:00Z', summary: 'In the new year' });

    await eventually(async () => {
      const rows = await patchbay.app.deps.store.writeBacksOf(id);
      expect(rows.map(({ aspect, state }) => `${aspect} ${state}`).sort()).toEqual([
        'callback confirmed',
        'disposition confirmed',
        'fields confirmed',
      ]);
    });
    expect(dialer.records.get('r1')?.values).toEqual({
      disposition: 'later',
      callback: '2027-01-04T15:00:00.000Z',
      fields: '{"note":"In the new year"}',
    });
    expect((await dialer.journal()).every(({ isChange }) => isChange)).toBe(true);
  });

  it('gets what was lost on the way again, and nothing twice', async () => {
    const id = await call('mu-1', 'lead_id=r1&number=3035550111&campaign=Autumn');
    dialer.failNext('down', 1);
    dialer.failNext('lost', 4);
    await commit(id, { outcome: 'not_interested', summary: 'No' });

    await eventually(() =>
      expect(dialer.records.get('r1')?.values).toMatchObject({ disposition: 'gone', fields: '{"note":"No"}' }),
    );
    await eventually(async () => {
      const rows = await patchbay.app.deps.store.writeBacksOf(id);
      expect(rows.every(({ state }) => state === 'confirmed')).toBe(true);
    });
    expect((await dialer.journal()).filter(({ isChange }) => !isChange)).toEqual([]);
  });

  it("keeps a human's result", async () => {
    const record = dialer.records.get('r1');
    if (record) record.values.human = 'sold by Anna';
    const id = await call('mu-1', 'lead_id=r1&number=3035550111&campaign=Autumn');
    await commit(id, { outcome: 'not_interested' });

    await eventually(async () => {
      const rows = await patchbay.app.deps.store.writeBacksOf(id);
      expect(rows.map(({ state }) => state)).toContain('cancelled');
      const facts = await patchbay.app.deps.store.factsOf(id);
      expect(facts.map(({ body }) => body.kind)).toContain('dispositioned');
    });
    expect(dialer.records.get('r1')?.values.disposition).toBeUndefined();
  });

  it('refuses what it does not have; the others go on', async () => {
    const id = await call('mu-1', 'lead_id=nobody&number=3035550111&campaign=Autumn');
    await commit(id, { outcome: 'not_interested' });
    const other = await call('mu-2', 'lead_id=r2&number=3035550112&campaign=Autumn');
    await commit(other, { outcome: 'not_interested' });

    await eventually(async () => {
      expect((await patchbay.app.deps.store.writeBacksOf(id))[0]).toMatchObject({
        state: 'refused',
        hint: 'Look for it there.',
      });
      expect(dialer.records.get('r2')?.values.disposition).toBe('gone');
    });
  });

  it('leaves what the dialer can not take now where it is; the rest goes', async () => {
    await patchbay.stop();
    patchbay = await startWith({ pauses: { fields: '2100-01-01T00:00:00.000Z' } });
    const id = await call('mu-1', 'lead_id=r1&number=3035550111&campaign=Autumn');
    await commit(id, { outcome: 'not_interested', summary: 'No' });

    await eventually(async () => {
      const rows = await patchbay.app.deps.store.writeBacksOf(id);
      expect(rows.map(({ aspect, state, attempts, why }) => [aspect, state, attempts, why])).toEqual([
        ['disposition', 'confirmed', 0, 'the ticket is through'],
        ['fields', 'pending', 0, ''],
      ]);
    });
  });

  it('holds a campaign whose mapping it contradicts, and goes on serving', async () => {
    const id = await call('mu-1', 'lead_id=r1&number=3035550111&campaign=Winter');
    await commit(id, { outcome: 'not_interested' });

    await eventually(async () => {
      const [row] = await patchbay.app.deps.store.writeBacksOf(id);
      expect(row).toMatchObject({ state: 'pending', attempts: 0, why: 'the dialer has no status "unheard-of"' });
    });
    expect(patchbay.log).toContainEqual(
      expect.objectContaining({ campaign: 'Winter', hint: 'Choose one that it has.' }),
    );
  });

  it('gives its leads page by page, and a cut run goes on where it was', async () => {
    const dialerOfOurs = patchbay.app.deps.dialers.get('carousel');
    if (!dialerOfOurs) throw new Error('the made-up dialer is not there');
    const cut = new AbortController();
    const first = syncLeads(patchbay.app.deps, dialerOfOurs, cut.signal, { onPage: () => cut.abort() });
    await expect(first).rejects.toThrow();

    const second = await syncLeads(patchbay.app.deps, dialerOfOurs, new AbortController().signal);

    expect(second).toMatchObject({ isResumed: true, pages: 1, leads: 0, rejects: { 'no usable number': 1 } });
    expect(await patchbay.app.deps.store.leadsByPhone('+13035550112', 'carousel')).toMatchObject([{ key: 'r2' }]);
  });

  it('contributes routes, a listener, a job, metrics, checks, commands and set-up steps', async () => {
    const { app, url } = patchbay;
    const hello = await request(url).get('/v1/dialers/carousel/hello/ada').set('X-API-Key', keys.script);
    const closed = await request(url).get('/v1/dialers/carousel/hello/ada');
    const open = await request(url).post('/v1/dialers/carousel/open').type('text/plain').send('12345');
    const told = await request(url).post('/v1/dialers/carousel/told/ours').type('text/plain').send('12345');
    const unheard = await request(url).post('/v1/dialers/carousel/told/theirs').type('text/plain').send('12345');
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const instance = app.instances.find(({ id }) => id === 'carousel');
    const echo = patchbay.log.find(({ listener }) => listener === 'echo');
    const lines: string[] = [];
    const code = await instance?.commands?.[0]?.run(
      ['Ada'],
      {},
      { write: (line) => lines.push(line), isTerminal: false, isJson: false },
    );

    expect([hello.text, closed.status, open.status, open.text]).toEqual(['hello ada', 401, 202, '5']);
    expect([told.status, told.text, unheard.status, unheard.text]).toEqual([202, '5', 404, '0']);
    expect(metrics).toContain('patchbay_made_up_things{dialer="carousel"} 3');
    expect(await talkTo(String(echo?.address).replace('echo://', ''), 'ping')).toBe('ping');
    await eventually(async () => expect(Number(await app.deps.store.readCursor('carousel:runs'))).toBeGreaterThan(1));
    expect(
      (await runChecks(namedChecks(instance ? [instance] : []))).map(({ id, status }) => `${id} ${status}`),
    ).toEqual(['carousel:reachable ok', 'carousel:fields.known fail', 'carousel:fields.few ok']);
    expect([code, lines]).toEqual([0, ['hello Ada']]);
    expect(instance?.setupSteps?.[0]?.describe()).toBe('Sign it.');
  });
});

describe('what it brings for the set-up', () => {
  const way = {
    campaign: 'Autumn',
    where: 'Admin → Ways',
    number: '+19895551234',
    sipHost: '',
    transport: 'trunk',
    headers: null,
    lines: 2,
    isActive: true,
  } as const;
  const carousel = () => {
    const instance = patchbay.app.deps.dialers.get('carousel');
    if (!instance) throw new Error('the made-up dialer is not there');
    return instance;
  };

  it('tells the ways on which its calls reach the AI, and the check without which it can not', async () => {
    dialer.ways.push(way);
    const reader = carousel().view?.();

    expect(reader?.needs).toEqual(['reachable']);
    expect(await reader?.read()).toEqual({ routes: [way] });
  });

  it('does a step, once, and takes it back unless somebody changed it since', async () => {
    const step = carousel().setupSteps?.find(({ id }) => id === 'field');
    const noted: string[] = [];
    const run = {
      async begin(what: string) {
        noted.push(`began ${what}`);
        const is = (state: string) => async () => void noted.push(state);
        return { made: is('made'), wasThere: is('there'), dropped: is('dropped') };
      },
      keepSecret: async () => undefined,
      dropSecret: async () => undefined,
    };
    const made = { step: 'field', what: 'field patchbay_key', undoData: { name: 'patchbay_key' }, isCertain: true };
    const stateOf = async () => (await step?.plan?.())?.map(({ state }) => state);

    const before = await stateOf();
    await step?.apply?.(run);
    await step?.apply?.(run);
    const field = dialer.fields.get('patchbay_key');
    const after = await stateOf();
    if (field) field.note = 'Anna needs it';
    const changed = await step?.undo?.(made);
    if (field) field.note = 'made by Patchbay';
    const undone = await step?.undo?.(made);
    const gone = await step?.undo?.(made);

    expect([before, after, noted]).toEqual([['missing'], ['there'], ['began field patchbay_key', 'made']]);
    expect([changed?.kind, undone?.kind, gone?.kind]).toEqual(['changed', 'undone', 'gone']);
  });

  it('has a number called for a test, tells how far it is, and forgets it', async () => {
    dialer.ways.push(way);
    const calls = carousel().testCalls;
    const call = await calls?.begin({ campaign: 'Autumn', phone: '+13035550111' });
    if (!calls || !call) throw new Error('it has no test calls');
    const waiting = await calls.look(call);
    Object.assign(dialer.dials.get(call.leadKey) ?? {}, { stage: 'over', status: 'sold' });
    const over = await calls.look(call);
    await calls.end(call);
    await calls.end(call);

    expect(await calls.campaigns()).toEqual(['Autumn']);
    expect([waiting.stage, over.stage, over.disposition]).toEqual(['waiting', 'over', 'sold']);
    expect(dialer.dials.size).toBe(0);
    expect(carousel().softphone?.('Autumn')).toMatchObject({ passwordFrom: 'Admin → Phones' });
  });

  it('asks for what it can not read, and nothing of the system while nobody answers', async () => {
    const asked: string[] = [];
    const answer = async ({ key }: { key: string }) => {
      asked.push(key);
      return dialer.url;
    };
    const unused = () => Promise.reject(new Error('it is not asked'));
    const asker = (isRehearsal: boolean): Asker => ({
      isRehearsal,
      text: answer,
      secret: unused,
      confirm: unused,
      choose: unused,
      chooseSome: unused,
      say: () => undefined,
    });
    const site = { id: 'carousel', publicUrl: '', numbers: [], present: null, valueOf: () => '' };
    const wizard = (ask: Asker) =>
      madeUp.wizard(ask, { ...site, deps: {} as never, keepSecret: () => '', makeClient: () => '' });
    const readsBefore = dialer.asked().length;

    const rehearsed = await wizard(asker(true));
    const readsOfRehearsal = dialer.asked().length - readsBefore;
    const answered = await wizard(asker(false));

    expect(asked).toEqual(['carousel.url', 'carousel.url']);
    expect(rehearsed).toEqual(answered);
    expect([readsOfRehearsal, dialer.asked().at(-1)]).toEqual([0, '/fields']);
  });

  it('says what of it serves the entries of its guide', () => {
    const ids = new Set(
      carousel()
        .checks()
        .map(({ id }) => id),
    );
    const own = madeUp.guide.flatMap(({ checks }) => checks.filter((ref) => !ref.includes(':')));

    expect(own.length).toBeGreaterThan(0);
    expect(own.filter((id) => !ids.has(id))).toEqual([]);
  });
});

function talkTo(address: string, text: string): Promise<string> {
  const [host, port] = address.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host, () => socket.write(text));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.once('error', reject);
  });
}
