import { join } from 'node:path';
import request from 'supertest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { statusLines } from '../../src/cli/status-lines.ts';
import { linkPicture } from '../../src/console/pages/overview/link-picture.ts';
import { overviewRoom } from '../../src/console/pages/overview/overview-room.ts';
import { verdict } from '../../src/console/pages/overview/verdict.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { type ControlScope, everywhere } from '../../src/domain/controls.ts';
import type { ProcessReport } from '../../src/domain/link-report.ts';
import { forecastBacklogs } from '../../src/flows/forecast-backlogs.ts';
import { judgeSite, worstOf } from '../../src/flows/judge-site.ts';
import { backlogWords } from '../../src/flows/link-words.ts';
import { liftControl, setControl } from '../../src/flows/set-control.ts';
import { readSiteState } from '../../src/flows/site-state.ts';
import { openConsole } from '../support/console-site.ts';
import { eventually } from '../support/eventually.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const nobody = 'http://127.0.0.1:1';
const campaigns = { Autumn: { dispositions: { sale: 'sold', opt_out: 'never' } } };
const dialers = { carousel: { type: 'made-up', url: nobody, campaigns } };
const outbox = { pollMs: 20, backoff: { firstMs: 20, maxMs: 50 }, breaker: { failures: 2, waitMs: 600_000 } };
/** A store on a busy machine answers late, and until then it is taken for away. */
const patienceMs = 15_000;
const noon = '2026-11-21T12:00:00.000Z';

let east: TestApp;
let west: TestApp | undefined;

beforeEach(async () => {
  east = await startTestApp({ dialers, config: { outbox } });
});

afterEach(async () => {
  await west?.stop();
  west = undefined;
  await east.stop();
});

async function startWest(): Promise<TestApp> {
  west = await startTestApp({ dialers, store: { kind: 'sqlite', file: join(east.folder, 'patchbay.sqlite') } });
  return west;
}

it('counts what a dialer asks of either process, and says so to both', async () => {
  const other = await startWest();
  for (const { url } of [east, east, other]) await register(url);

  const { links } = await eventually(async () => {
    const state = await readSiteState(east.app.deps);
    expect(state.processes).toHaveLength(2);
    return state;
  }, patienceMs);
  await tellNow(other);
  const seen = await eventually(async () => {
    const state = await readSiteState(east.app.deps);
    expect(state.links[0]?.asked.count).toBe(3);
    return state;
  }, patienceMs);

  expect(links.map(({ id, kind }) => [id, kind])).toEqual([
    ['carousel', 'dialer'],
    ['sigmamind', 'platform'],
  ]);
  expect(seen).toMatchObject({ isServing: true, isStoreAway: false });
});

it('takes a process off the list that stops in good order', async () => {
  const other = await startWest();
  await eventually(async () => expect((await readSiteState(east.app.deps)).processes).toHaveLength(2), patienceMs);

  await other.stop();
  west = undefined;

  await eventually(async () => {
    const state = await readSiteState(east.app.deps);
    expect([state.isStoreAway, state.processes.length]).toEqual([false, 1]);
  }, patienceMs);
});

it('says that a dialer does not answer, what waits for it, and that the end is not in sight', async () => {
  await tellOptOut();

  const state = await eventually(async () => {
    const now = await readSiteState(east.app.deps);
    expect(now).toMatchObject({ isStoreAway: false, links: [{ state: 'broken' }, {}] });
    return now;
  }, patienceMs);
  const complaints = judgeSite(state);

  expect(state.backlog.map(({ aspect, waiting, throughAt }) => [aspect, waiting > 0, throughAt])).toEqual([
    ['disposition', true, null],
    ['dnc', true, null],
  ]);
  expect(state.optOuts).toMatchObject([{ isOpen: true, isOverdue: false }]);
  expect(worstOf(complaints)).toBe('bad');
  expect(complaints[0]?.words).toBe('carousel does not answer: nothing is written to it');
});

it('gives no time at which what people have paused will be through', async () => {
  await tellOptOut();
  const { deps } = east.app;
  const wordsUnder = async (scope: Partial<ControlScope>) => {
    const whole = { ...everywhere, ...scope };
    await setControl(deps, { kind: 'pause', scope: whole, percent: 0, note: 'a drill', by: 'olga' });
    const state = await readSiteState(deps);
    await liftControl(deps, { kind: 'pause', scope: whole, by: 'olga' });
    return [
      backlogWords(state.backlog, (at) => at),
      ...statusLines(state, [], 'UTC').filter((line) => /dnc/.test(line)),
    ];
  };

  const through = 'once the pause is lifted';
  expect(await wordsUnder({})).toEqual(['2 wait, paused', expect.stringMatching(`dnc.*paused.*${through}`)]);
  expect(await wordsUnder({ aspect: 'dnc' })).toEqual(['2 wait, some of it paused', expect.stringContaining(through)]);
  expect((await wordsUnder({ campaign: 'Autumn' }))[0]).toBe('2 wait, some of it paused');
  expect((await wordsUnder({ aspect: 'fields' }))[0]).not.toContain('paused');
});

it('shows the worst in the first words of the page, each link in words, and who waits for a person', async () => {
  await tellOptOut();
  await east.app.deps.store.raiseAttention([{ kind: 'forged-event', key: 'k', details: {} }], noon);
  await eventually(async () => expect((await readSiteState(east.app.deps)).links[0]?.state).toBe('broken'), patienceMs);

  const { text } = await request(openConsole(east.app.deps, { rooms: [overviewRoom], role: 'viewer' }))
    .get('/console')
    .expect(200);

  const body = text.slice(text.indexOf('<main'));
  expect(body).toMatch(/verdict-words">carousel does not answer/);
  expect(body).toMatch(/>carousel<\/text>\s*<text [^>]*>breaker open</);
  expect(body).toMatch(/>sigmamind<\/text>\s*<text [^>]*>ok</);
  expect(body).toContain('href="/console/attention?kind=forged-event"');
  expect(body).toContain('All opt-outs');
  expect(body).not.toMatch(/555\s?555/);
});

it('shows what memory knows while the store is away, within its time', async () => {
  await register(east.url);
  east.app.deps.store.processes = () => new Promise(() => undefined);
  const startedAt = performance.now();

  const { text } = await request(openConsole(east.app.deps, { rooms: [overviewRoom] }))
    .get('/console')
    .expect(200);

  expect(performance.now() - startedAt).toBeLessThan(8000);
  expect(text).toMatch(/verdict-words">The store does not answer/);
  expect(text).toMatch(/>carousel<\/text>\s*<text [^>]*>ok</);
  expect(text).toContain('store away');
});

it('says that an opt-out is overdue before what only should be looked at, whatever it is', async () => {
  const state = await readSiteState(east.app.deps);
  const links = state.links.map((link) => ({ ...link, state: 'slow' as const }));
  const needs = (['overdue-opt-out', 'forged-event'] as const).map((kind) => ({ kind, count: 1, oldestAt: noon }));

  const well = { isStoreAway: false, isServing: true, processes: [], optOuts: [], syncs: [], spooled: 0 };
  const { markup } = verdict({ ...state, ...well, links, needs }, { zone: 'UTC', now: noon });

  expect(markup).toMatch(/<section class="verdict bad"/);
  expect(markup).toMatch(/verdict-words">1 overdue opt-out</);
  expect(markup).toContain('carousel is slow');
});

it('says from when a dialer takes what waits for its time, such as a nightly window', () => {
  const window = '2026-11-22T07:00:00.000Z';
  const row = { dialer: 'carousel', aspect: 'dnc', state: 'pending', count: 2, due: 0, oldestDueAt: window } as const;
  const forecast = (due: number) =>
    forecastBacklogs({ dialers: new Map(), clock: { now: () => Date.parse(noon) } as Clock }, [{ ...row, due }], []);

  expect(forecast(0)).toMatchObject([{ waiting: 2, opensAt: window }]);
  expect(forecast(1)).toMatchObject([{ waiting: 2, opensAt: null }]);
});

it('draws a side of the picture that has nothing yet, with what to do', async () => {
  const state = await readSiteState(east.app.deps);
  const links = state.links.filter(({ kind }) => kind === 'platform');

  const { markup } = linkPicture({ ...state, links }, { zone: 'UTC', now: noon });

  expect(markup.match(/href="\/console\/setup" aria-label="No dialer yet: see the set-up"/g)).toHaveLength(2);
  expect(markup).not.toContain('No AI platform yet');
});

it('misses a process that fell silent, unless its machine began another one since', async () => {
  const state = await readSiteState(east.app.deps);
  const living = { ...report('two', '2026-11-21T12:30:00.000Z'), silentSec: 3 };
  const gone = { ...report('one', noon), silentSec: 300 };
  const told = (processes: readonly (typeof gone)[]) =>
    judgeSite({ ...state, processes }).filter(({ about }) => about.kind === 'service');

  expect(told([gone])).toMatchObject([{ level: 'warn', words: 'The process east 1 has told nothing for 5 minutes' }]);
  expect(told([living, gone])).toEqual([]);
  expect(told([{ ...living, name: 'west 1' }, gone])).toHaveLength(1);
});

it('says which lead sync was cut off, and why', async () => {
  await east.app.deps.store.writeCursor('sync:carousel:last', JSON.stringify({ error: 'it hung up', hint: 'Look.' }));

  const state = await eventually(async () => {
    const now = await readSiteState(east.app.deps);
    expect(now.syncs).toHaveLength(1);
    return now;
  }, patienceMs);

  expect(judgeSite(state)).toContainEqual(
    expect.objectContaining({ level: 'warn', words: 'The lead sync of carousel was cut off: it hung up' }),
  );
});

function report(id: string, startedAt: string): ProcessReport {
  return { id, name: 'east 1', startedAt, version: '', links: [], backlog: [], spooled: 0 };
}

/** What the other process tells every ten seconds. */
async function tellNow({ app }: TestApp): Promise<void> {
  const { ownProcess, store, traffic } = app.deps;
  const { id, name, version } = ownProcess;
  const link = { id: 'carousel', kind: 'dialer', ...traffic.of('carousel'), breaker: 'closed', quotas: [] } as const;
  await store.reportProcess({ ...report(id, noon), name, version, links: [link] });
}

async function register(url: string): Promise<string> {
  const response = await fetch(`${url}/v1/ivr/carousel/register`, {
    method: 'POST',
    headers: { 'x-api-key': keys.script, 'content-type': 'application/json' },
    body: JSON.stringify({
      call_id: `mu-${crypto.randomUUID()}`,
      number: '+13125550100',
      campaign: 'Autumn',
      lead_id: '7',
    }),
  });
  const answer = (await response.json()) as { correlation_id: string };
  return answer.correlation_id;
}

/** Ada says in a call that she does not want to be called again. */
async function tellOptOut(): Promise<void> {
  const correlationId = await register(east.url);
  await fetch(`${east.url}/v1/platforms/sigmamind/tools/commit-outcome`, {
    method: 'POST',
    headers: { 'x-api-key': keys.tools, 'content-type': 'application/json' },
    body: JSON.stringify({ correlation_id: correlationId, outcome: 'opt_out', summary: 'asked not to be called' }),
  });
}
