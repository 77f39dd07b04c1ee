import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { wishReload } from '../../src/flows/wish-reload.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { eventually } from '../support/eventually.ts';
import { type ReloadingApp, startReloadingApp } from '../support/reloading-app.ts';
import { keyHash, keys } from '../support/start-app.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const ben = { key: 'r2', number: '3035550112', name: 'Ben', values: {} };

let dialer: MadeUpServer;
let patchbay: ReloadingApp;

/** Header, disposition, route and screen pop all say by which of two configurations they are. */
const carousel = (word: string, more: object = {}) => ({
  type: 'made-up',
  url: dialer.url,
  budgets: { outcomeMs: 4500 },
  statuses: ['gone-a', 'gone-b', 'sold-b', 'back-b'],
  headers: [
    { name: 'X-correlation_id', from: 'correlation_id' },
    { name: `X-${word}`, from: 'first_name' },
  ],
  campaigns: {
    Autumn: {
      dispositions: { not_interested: `gone-${word}`, ...more },
      routes: { not_interested: `way-${word}` },
      screenPop: [`field_${word}`],
    },
  },
});

beforeEach(async () => {
  dialer = await startMadeUpServer([ada, ben]);
  patchbay = await startReloadingApp({
    registry: { dialers: [madeUp], platforms: [sigmamind] },
    dialers: { carousel: carousel('a') },
  });
});
afterEach(async () => {
  await patchbay.stop();
  await dialer.stop();
});

const ivr = (path: string) => request(patchbay.url).get(`/v1/ivr/carousel/${path}`).auth('script', keys.script);

async function register(callId: string, lead = ada): Promise<Record<string, string>> {
  return (await ivr(`register?call_id=${callId}&lead_id=${lead.key}&number=${lead.number}&campaign=Autumn`)).body;
}

async function commit(id: string | undefined, outcome: string): Promise<void> {
  await request(patchbay.url)
    .post('/v1/platforms/sigmamind/tools/commit-outcome')
    .set('Authorization', `Bearer ${keys.tools}`)
    .send({ correlation_id: id, outcome });
}

const outcomeOf = async (id: string | undefined) => (await ivr(`outcome?correlation_id=${id}`)).body;

describe('another configuration that is taken up while the service runs', () => {
  it('answers new calls, while those that have begun end by the one that they began with', async () => {
    const { correlation_id: adas, ...headers } = await register('mu-1');
    const answer = await patchbay.reload({ dialers: { carousel: carousel('b') } });
    const bens = await register('mu-2', ben);

    await commit(adas, 'not_interested');
    await commit(bens.correlation_id, 'not_interested');

    expect(answer).toMatchObject({ result: 'applied', faults: [] });
    expect([Object.keys(headers).includes('X-a'), Object.keys(bens).includes('X-b')]).toEqual([true, true]);
    expect(await outcomeOf(adas)).toMatchObject({ disposition: 'gone-a', route: 'way-a', field_a: '' });
    expect(await outcomeOf(bens.correlation_id)).toMatchObject({ disposition: 'gone-b', route: 'way-b', field_b: '' });
    await eventually(() => {
      expect(dialer.records.get('r1')?.values.disposition).toBe('gone-a');
      expect(dialer.records.get('r2')?.values.disposition).toBe('gone-b');
    });
  });

  it('sets free what was held for want of an entry', async () => {
    const { correlation_id: id } = await register('mu-1');
    await commit(id, 'sale');
    const [held] = await patchbay.app.deps.store.writeBacksOf(id ?? '');

    await patchbay.reload({ dialers: { carousel: carousel('b', { sale: 'sold-b' }) } });

    expect(held).toMatchObject({ state: 'held' });
    await eventually(() => expect(dialer.records.get('r1')?.values.disposition).toBe('sold-b'));
  });

  it('lets a script that waits hear its outcome from the one that it asked', async () => {
    const { correlation_id: id } = await register('mu-1');
    const waits = vi.spyOn(patchbay.app.deps.waiters, 'wait');
    const waiting = outcomeOf(id);
    await eventually(() => expect(waits).toHaveBeenCalledOnce());

    const { deps: before } = patchbay.app;
    const reloaded = patchbay.reload({ dialers: { carousel: carousel('b') } });
    await eventually(() => expect(patchbay.app.deps).not.toBe(before));
    await commit(id, 'not_interested');

    expect(await waiting).toMatchObject({ status: 'done', disposition: 'gone-a', route: 'way-a' });
    await reloaded;
  });

  it('keeps the port of a connector open, and closes the instances that nobody asks any more', async () => {
    const closed = vi.fn();
    for (const instance of patchbay.app.instances) vi.spyOn(instance, 'close').mockImplementation(async () => closed());
    const echo = String(patchbay.log.find(({ listener }) => listener === 'echo')?.address);
    const port = Number(echo.split(':').at(-1));

    await patchbay.reload({ dialers: { carousel: carousel('b') } });
    const socket = connect(port, '127.0.0.1');
    socket.end('ping');

    expect(await text(socket)).toBe('ping');
    await eventually(() => expect(closed).toHaveBeenCalledTimes(2));
  });

  it('goes on with its jobs, its syncs and its deliveries, one of each', async () => {
    const { store } = patchbay.app.deps;
    for (const word of ['b', 'a', 'b']) await patchbay.reload({ dialers: { carousel: carousel(word) } });
    const runs = Number(await store.readCursor('carousel:runs'));
    const bens = await register('mu-2', ben);
    await commit(bens.correlation_id, 'not_interested');

    await eventually(() => expect(dialer.records.get('r2')?.values.disposition).toBe('gone-b'));
    await eventually(async () => expect(Number(await store.readCursor('carousel:runs'))).toBeGreaterThan(runs + 1));
    const rows = await store.writeBacksOf(bens.correlation_id ?? '');
    expect(rows.filter(({ aspect }) => aspect === 'disposition')).toHaveLength(1);
  });

  it('takes a new key, a new dialer and a new level of the log, and lets go of the old', async () => {
    const { agent } = patchbay.raw.clients as Record<string, object>;
    const script = { keys: [keyHash('pb_another-key')], may: ['dialer'] };
    const none = await request(patchbay.url).get('/v1/ivr/five/register?call_id=x').auth('script', keys.script);

    const answer = await patchbay.reload({
      clients: { agent, script },
      dialers: { carousel: carousel('a'), five: carousel('b') },
      log: { level: 'warn' },
    });
    const refused = await ivr('register?call_id=mu-1');
    const metrics = await (await fetch(`${patchbay.url}/metrics`)).text();

    expect(answer).toMatchObject({ result: 'applied', faults: [] });
    expect(none.body).toMatchObject({ status: 'error' });
    expect(refused.status).toBe(401);
    expect(metrics).toContain('patchbay_registrations_total{dialer="five",status="ok",route="ai"} 0');
    expect(patchbay.app.deps.log).toMatchObject({ level: 'warn' });
  });

  it('tells no gauge of what it took out', async () => {
    const { app } = patchbay;
    const linesOf = async (id: string) => {
      const lines = (await (await fetch(`${patchbay.url}/metrics`)).text()).split('\n');
      return lines.filter((line) => line.includes(`"${id}"`) && !/_(total|bucket|sum|count)\{/.test(line));
    };
    await patchbay.reload({ dialers: { carousel: carousel('a'), five: carousel('b') }, sync: { onStart: true } });
    await eventually(async () =>
      expect((await app.deps.store.countLeads()).map((each) => each.dialer)).toContain('five'),
    );
    const before = await eventually(async () => {
      const lines = [...(await linesOf('five')), ...(await linesOf('sigmamind'))];
      expect(lines.join()).toContain('patchbay_lead_sync_failed');
      return lines.map((line) => line.slice(0, line.indexOf('{')));
    });

    await patchbay.reload({ dialers: { carousel: carousel('a') }, platforms: {} });

    expect(before).toEqual(
      expect.arrayContaining(['patchbay_breaker_open', 'patchbay_ai_share_ratio', 'patchbay_platform_calls']),
    );
    expect(await linesOf('carousel')).not.toEqual([]);
    // What runs for the dialer at that moment may end a little later.
    await eventually(async () => expect([...(await linesOf('five')), ...(await linesOf('sigmamind'))]).toEqual([]));
  });
});

describe('what is refused', () => {
  const headerOfNext = async () => (await register(`mu-${Math.random()}`))['X-a'];

  it.each([
    ['a key that nobody knows', { dialerz: {} }, 'dialerz'],
    ['what makes no sense', { sync: { cron: 'now and then' } }, 'sync.cron'],
    ['what needs a restart', { spool: { folder: 'elsewhere' } }, 'spool'],
  ])('%s leaves everything as it was, and is told with its place', async (_what, change, path) => {
    const { version } = patchbay.app.deps.ownProcess.configuration();

    const answer = await patchbay.reload({ ...change, dialers: { carousel: carousel('b') } });

    expect(answer.result).toBe('refused');
    expect(answer.faults.join()).toContain(path);
    expect(patchbay.app.deps.ownProcess.configuration()).toMatchObject({ version, answer: { result: 'refused' } });
    expect(await headerOfNext()).toBe('Ada');
    expect(patchbay.log).toContainEqual(
      expect.objectContaining({ msg: 'the configuration that lies there is refused: the one in use goes on' }),
    );
  });

  it('a text that is none', async () => {
    expect(await patchbay.reloadText('dialers: [')).toMatchObject({ result: 'refused' });
    expect(await headerOfNext()).toBe('Ada');
  });

  it('one whose port another program has, with nothing of it left behind', async () => {
    const other = await startMadeUpServer([]);
    const broken: typeof madeUp = {
      ...madeUp,
      create: (id, config, deps) => {
        const made = madeUp.create(id, config, deps);
        const port = config.url.endsWith('/taken') ? Number(new URL(other.url).port) : 0;
        return { ...made, listeners: made.listeners?.map((listener) => ({ ...listener, port })) ?? [] };
      },
    };
    await patchbay.stop();
    patchbay = await startReloadingApp({
      registry: { dialers: [broken], platforms: [sigmamind] },
      dialers: { carousel: carousel('a') },
    });

    const answer = await patchbay.reload({ dialers: { carousel: { ...carousel('b'), url: `${dialer.url}/taken` } } });

    expect(answer.faults.join()).toContain("carousel can't listen");
    expect(await headerOfNext()).toBe('Ada');
    await other.stop();
  });
});

describe('who hears of it', () => {
  it('every process whose store has the wish: it says what became of it, and the audit log who wanted it', async () => {
    const { app } = patchbay;
    const was = app.deps.ownProcess.configuration().version;
    await patchbay.reload({ dialers: { carousel: carousel('b') } });
    const { id } = await wishReload(app.deps, 'cli:joan');

    await eventually(async () => {
      const [process] = await app.deps.store.processes();
      expect(process?.configuration?.answer).toMatchObject({ id, result: 'same', faults: [] });
    });
    const [entry] = await app.deps.store.auditLog(5);
    const { version } = app.deps.ownProcess.configuration();
    expect(version).not.toBe(was);
    expect(entry).toMatchObject({ by: 'anna', act: 'config-reload', subject: version, details: { was } });
    expect(entry?.details.keys).toContain('dialers.carousel.headers');
    const metrics = await (await fetch(`${patchbay.url}/metrics`)).text();
    expect(metrics).toContain(`patchbay_config_info{version="${version}"} 1`);
    expect(metrics).toContain('patchbay_config_reloads_total{result="applied"} 1');
  });
});
