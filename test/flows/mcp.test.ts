import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readingTools, writingTools } from '../../src/cli/mcp/tools.ts';
import { writeAgain } from '../../src/flows/write-again.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { type Assistant, type Heard, startMadeUpAssistant } from '../support/assistant.ts';
import { fillDay, type Known, people } from '../support/full-day.ts';
import { type Canary, sightings } from '../support/planted.ts';
import { type OpenDeps, openDeps } from '../unit/flows/open-deps.ts';

const by = `mcp:${userInfo().username}`;
const reason = 'their server moves tonight';

let dialer: MadeUpServer;
let open: OpenDeps;
let known: Known;
let assistant: Assistant;
/** May act. */
let deputy: Assistant;
/** Is told of people. */
let confidant: Assistant;

beforeAll(async () => {
  dialer = await startMadeUpServer(people);
  open = await openDeps({ url: dialer.url });
  known = await fillDay(open);
  await haveWrittenAgain('olga');
  await raiseAlerts();
  [assistant, deputy, confidant] = await Promise.all([
    startMadeUpAssistant(configure('reader')),
    startMadeUpAssistant(configure('deputy', { writes: Object.keys(writingTools) })),
    startMadeUpAssistant(configure('confidant', { personalData: true })),
  ]);
}, 120_000);

afterAll(async () => {
  await Promise.all([assistant, deputy, confidant].map((each) => each?.close()));
  await open?.close();
  await dialer?.stop();
});

/** Every tool that looks, with what somebody may ask of it. */
function questions(): [name: string, args: Record<string, unknown>][] {
  const [planted, usual] = known.calls;
  return [
    ['status', {}],
    ['search_calls', { limit: 50 }],
    ['search_calls', { text: people[7]?.number ?? '' }],
    ['search_calls', { outcome: 'sale', campaign: 'Autumn', from: '2020-01-01' }],
    ['show_call', { name: planted }],
    ['show_call', { name: usual }],
    ['show_call', { name: people[2]?.number ?? '' }],
    ['attention', { limit: 50 }],
    ['attention', { isOpen: false }],
    ['alerts', {}],
    ['alerts', { isOpen: false }],
    ['backlog', {}],
    ...['held', 'pending', 'submitted', 'confirmed', 'refused', 'dead', 'superseded', 'cancelled'].map(
      (state): [string, Record<string, unknown>] => ['list_write_backs', { state, limit: 50 }],
    ),
    ['preview_replay', { dialer: 'carousel' }],
    ['preview_replay', { ids: [...known.writeBacks.values()] }],
    ['opt_outs', { which: 'open' }],
    ['opt_outs', { which: 'all', limit: 50 }],
    ['scorecard', { span: 'today' }],
    ['scorecard', { from: '2026-01-01', to: '2026-01-31' }],
    ['controls', {}],
    ['doctor', { only: ['carousel'], withOk: true }],
  ];
}

it('offers tools that only look, and says what each takes, gives and touches', async () => {
  const { tools } = await assistant.client.listTools();

  expect(tools.map(({ name }) => name)).toEqual(readingTools.map(({ name }) => name));
  for (const { description, inputSchema, outputSchema, annotations } of tools) {
    expect(description?.length).toBeGreaterThan(40);
    expect([inputSchema.type, outputSchema?.type]).toEqual(['object', 'object']);
    expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
  }
  expect(assistant.client.getInstructions()).toContain('`status`');
});

it('answers each as it says that it does, in a sentence and as data', async () => {
  const { tools } = await assistant.client.listTools();
  const asked = new Set<string>();

  for (const [name, args] of questions()) {
    const { isError, said, data, whole } = await assistant.ask(name, args);
    const { outputSchema } = tools.find((tool) => tool.name === name) ?? {};
    const shape = z.fromJSONSchema(outputSchema as z.core.JSONSchema.JSONSchema);
    asked.add(name);

    expect([name, isError, shape.safeParse(data).error]).toEqual([name, false, undefined]);
    expect(said).toMatch(/[.]$/);
    expect((JSON.parse(whole) as { content: { text: string }[] }).content[1]?.text).toBe(JSON.stringify(data));
    expect(whole.length).toBeLessThan(150_000);
  }
  expect([...asked]).toEqual(readingTools.map(({ name }) => name));
}, 120_000);

describe('what is told', () => {
  it('of a call is its timeline, as everywhere', async () => {
    const { data, said } = await assistant.ask('show_call', { name: known.calls[1] });
    const call = data.call as { outcome: string; number: string; steps: { what: string }[]; writeBacks: object[] };
    const steps = call.steps.map(({ what }) => what);

    expect(said).toContain(`Call ${known.calls[1]}`);
    expect(call).toMatchObject({ outcome: 'sale', dialer: 'carousel', campaign: 'Autumn', number: '••• ••• 0200' });
    expect(steps).toEqual(expect.arrayContaining(['The AI answered', 'Outcome committed: sale']));
    expect(steps.find((step) => step.startsWith('To write: disposition sold'))).toBeTruthy();
    expect(call.writeBacks.length).toBeGreaterThan(0);
  });

  it('of the calls comes page by page, each once', async () => {
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const { data } = await assistant.ask('search_calls', { limit: 20, ...(after && { after }) });
      ids.push(...(data.calls as { correlationId: string }[]).map(({ correlationId }) => correlationId));
      after = (data.next as string | null) ?? undefined;
    } while (after);

    expect(ids.length).toBe(people.length + 3);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('of the backlog is how much failed, and of the site what is wrong', async () => {
    const backlog = await assistant.ask('backlog');
    const status = await assistant.ask('status');

    expect(backlog.data.open).toEqual(expect.arrayContaining([expect.objectContaining({ state: 'dead' })]));
    expect(backlog.data.forecast).toMatchObject([{ dialer: 'carousel', aspect: 'dnc', waiting: 12_345 }]);
    expect(status.data).toMatchObject({
      level: 'bad',
      isServing: true,
      links: [{ id: 'carousel', state: 'breaker open' }],
    });
    expect(status.said).toContain('carousel does not answer');
  });

  it('of a day is its scorecard', async () => {
    const { data, said } = await assistant.ask('scorecard', { span: 'today' });

    expect(said).toMatch(/\d+ calls, \d+ contacts, \d+ qualified/);
    expect(data).toMatchObject({ timeZone: 'UTC', total: { calls: people.length + 3, before: null } });
    expect(data.lines).toMatchObject([{ agent: 'agent_autumn_outbound', calls: people.length + 1 }, { calls: 2 }]);
  });
});

/** Everybody of the day: numbers by their digits, names, what was said, and who works there. */
const ofPeople: readonly Canary[] = [
  ...people.map(({ number }) => ({ kind: 'number', text: number.slice(2) }) as const),
  ...['3125550142', '3125550143', '3125550199'].map((text) => ({ kind: 'number', text }) as const),
  ...['Maria', 'Sandoval', 'Nguyen', 'Featherstonehaugh', 'two lines', 'the holidays', 'olga'].map(
    (text) => ({ kind: 'name', text }) as const,
  ),
];

function seen(heard: readonly Heard[]): string[] {
  return sightings(zipSync({ heard: Buffer.from(heard.map(({ whole }) => whole).join('\n')) }), ofPeople);
}

async function askAll(who: Assistant): Promise<Heard[]> {
  const heard: Heard[] = [];
  for (const [name, args] of questions()) heard.push(await who.ask(name, args));
  return heard;
}

describe('of people', () => {
  it('no number and no name is told, nor what was said, in no answer and no complaint', async () => {
    const heard = await askAll(assistant);
    const refused = await Promise.all([
      assistant.ask('show_call', { name: '+13125559999' }),
      assistant.ask('preview_replay', { dialer: 'call 312-555-0142' }),
    ]);

    expect(seen([...heard, ...refused])).toEqual([]);
    expect(refused.map(({ isError }) => isError)).toEqual([true, true]);
    expect(assistant.complaints()).not.toMatch(/pwned|555/);
  }, 120_000);

  it('names and words are told where the site allows it, and still no number', async () => {
    const heard = await askAll(confidant);
    const found = seen(heard).map((each) => each.replace('heard: ', ''));

    expect(found).toEqual(expect.arrayContaining(['Maria', 'two lines', 'olga']));
    expect(found.filter((each) => /\d/.test(each))).toEqual([]);
  }, 120_000);
});

describe('who asks in a wrong way', () => {
  it.each([
    ['show_call', { name: 'nobody' }, '`search_calls`'],
    ['show_call', {}, 'name'],
    ['search_calls', { campagin: 'Autumn' }, 'campagin'],
    ['search_calls', { from: 'yesterday' }, '2026-03-02'],
    ['search_calls', { limit: 1000 }, 'limit'],
    ['scorecard', { from: '2026-02-30' }, '2026-03-02'],
    ['preview_replay', { dialer: 'roundabout' }, 'carousel'],
    ['preview_replay', {}, 'carousel'],
    ['doctor', { only: ['carousell'] }, 'carousel'],
    ['list_write_backs', { state: 'lost' }, 'state'],
  ])('%s %j is told what to do', async (name, args, told) => {
    const { isError, said } = await assistant.ask(name, args);

    expect(isError).toBe(true);
    expect(said).toContain(told);
  });
});

describe('who would act', () => {
  it('is not offered it, and is refused, unless the site allows it', async () => {
    const before = await open.deps.store.controls();
    const refused = await assistant
      .ask('pause', { everywhere: true, reason })
      .then(({ isError }) => isError)
      .catch(() => true);

    expect(refused).toBe(true);
    expect(await open.deps.store.controls()).toEqual(before);
  });

  it('is told of each tool what it can not take back', async () => {
    const { tools } = await deputy.client.listTools();
    const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]));

    expect(tools.length).toBe(readingTools.length + Object.keys(writingTools).length);
    expect(hints.pause).toMatchObject({ readOnlyHint: false, destructiveHint: false, idempotentHint: true });
    expect(hints.resume).toMatchObject({ readOnlyHint: false, destructiveHint: true });
    expect(hints.replay_write_backs).toMatchObject({ destructiveHint: true, openWorldHint: true });
    for (const name of ['settle_attention', 'acknowledge_alert']) {
      expect(hints[name]).toMatchObject({ readOnlyHint: false, destructiveHint: true, openWorldHint: false });
    }
  });

  it('pauses and resumes with a reason, which is written down', async () => {
    const before = await open.deps.store.controls();
    const bare = await deputy.ask('pause', { everywhere: true });
    const vague = await deputy.ask('pause', { reason });
    const strange = await deputy.ask('pause', { dialer: 'roundabout', reason });
    const paused = await deputy.ask('pause', { dialer: 'carousel', campaign: 'Autumn', reason });
    const shown = await assistant.ask('controls');
    const other = await deputy.ask('resume', { dialer: 'carousel', reason });
    const resumed = await deputy.ask('resume', { dialer: 'carousel', campaign: 'Autumn', reason: 'it has moved' });

    expect([bare, vague, strange, other].map(({ isError }) => isError)).toEqual([true, true, true, true]);
    expect(strange.said).toContain('There are: carousel.');
    expect(other.said).toContain('`controls`');
    expect(paused.said).toContain('carousel / Autumn');
    expect(paused.data).toMatchObject({ scope: 'carousel / Autumn', waiting: expect.any(Number) });
    expect(paused.data.waiting).toBeGreaterThan(0);
    expect(paused.data).not.toHaveProperty('warning');
    expect(resumed.data).toMatchObject({ waiting: paused.data.waiting, waitingOptOuts: paused.data.waitingOptOuts });
    expect(shown.data.controls).toContainEqual(
      expect.objectContaining({ kind: 'pause', note: reason, by: 'somebody, by mcp', waiting: paused.data.waiting }),
    );
    expect(resumed.isError).toBe(false);
    expect(await open.deps.store.controls()).toEqual(before);
    expect(await open.deps.store.auditLog(2)).toMatchObject([
      { by, act: 'pause-lifted', subject: 'carousel / Autumn', details: { note: 'it has moved' } },
      { by, act: 'pause-set', subject: 'carousel / Autumn', details: { note: reason } },
    ]);
  });

  it('pauses a campaign that no configuration names, and says which may be meant', async () => {
    const scope = { campaign: 'Atumn' };
    const { isError, said, data } = await deputy.ask('pause', { ...scope, reason });
    const held = await open.deps.store.controls();
    await deputy.ask('resume', { ...scope, reason });

    expect([isError, data.waiting]).toEqual([false, 0]);
    expect(data.warning).toContain('Is Autumn meant?');
    expect(said).toContain('Is Autumn meant?');
    expect(held).toContainEqual(expect.objectContaining({ kind: 'pause', note: reason }));
  });

  it('takes an alert once, with a reason, and does not hear the name of who took one before', async () => {
    const { data } = await assistant.ask('alerts');
    const bare = await deputy.ask('acknowledge_alert', { id: alertIds.free });
    const taken = await deputy.ask('acknowledge_alert', { id: alertIds.free, reason });
    const again = await deputy.ask('acknowledge_alert', { id: alertIds.free, reason });
    const olgas = await deputy.ask('acknowledge_alert', { id: alertIds.olgas, reason });
    const lost = await deputy.ask('acknowledge_alert', { id: 'none of ours', reason });

    expect(data.alerts).toMatchObject([
      { id: alertIds.free, what: '2 findings', level: 'normal', toldBy: ['office'], takenBy: '' },
      { id: alertIds.olgas, takenBy: 'somebody' },
    ]);
    expect([bare, taken, again, olgas, lost].map(({ isError }) => isError)).toEqual([true, false, true, true, true]);
    expect(again.said).toContain('somebody, by mcp has taken it');
    expect(seen([again, olgas, lost])).toEqual([]);
    expect(await open.deps.store.openAlerts()).toMatchObject([{ ackedBy: by }, { ackedBy: 'olga' }]);
    expect(await open.deps.store.auditLog(1)).toMatchObject([
      { by, act: 'alert-taken', subject: alertIds.free, details: { kind: 'finding', why: reason } },
    ]);
  });

  it('replays what was previewed, and nothing that changed since', async () => {
    const ids = [known.writeBacks.get('dead') ?? ''];
    const { data } = await deputy.ask('preview_replay', { ids });
    const stale = await deputy.ask('replay_write_backs', { ids, mark: 'an older mark', reason });
    const done = await deputy.ask('replay_write_backs', { ids, mark: data.mark, reason });
    const again = await deputy.ask('replay_write_backs', { ids, mark: data.mark, reason });

    expect([stale.isError, done.isError, again.isError]).toEqual([true, false, true]);
    expect(stale.said).toContain('`preview_replay`');
    expect(done.data).toMatchObject({ chosen: 1, due: 1 });
    expect((await open.deps.store.writeBacksById(ids))[0]?.state).toBe('pending');
    expect(await open.deps.store.auditLog(1)).toMatchObject([
      { by, act: 'write-backs-replay', details: { why: reason } },
    ]);
  });

  it('does not write what runs in shadow', async () => {
    const ids = [known.writeBacks.get('shadow') ?? ''];
    const { data } = await deputy.ask('preview_replay', { ids });
    const refused = await deputy.ask('replay_write_backs', { ids, mark: data.mark, reason });

    expect(refused.isError).toBe(true);
    expect(refused.said).toContain('shadow');
    expect((await open.deps.store.writeBacksById(ids))[0]?.state).toBe('shadow');
  });

  it('settles what needs a person by a name that holds no number', async () => {
    await open.deps.store.raiseAttention(
      [{ kind: 'unknown-event', key: 'mind:call 312-555-0144', details: { text: 'odd' } }],
      new Date(open.deps.clock.now()).toISOString(),
    );
    const itemsOf = ({ data }: Heard) => data.items as { id: string; lastAt: string; hidden: number }[];
    const [item] = itemsOf(await deputy.ask('attention', { kind: 'unknown-event', limit: 1 }));
    const settled = await deputy.ask('settle_attention', { id: item?.id, reason: 'a test of theirs' });
    const again = await deputy.ask('settle_attention', { id: item?.id, reason: 'a test of theirs' });

    expect(item).toMatchObject({ hidden: 1, id: expect.not.stringContaining('555') });
    expect([settled.isError, again.isError]).toEqual([false, true]);
    const [named] = await open.deps.store.attentionNamed({ key: 'mind:call 312-555-0144' });
    expect(named).toMatchObject({ settledBy: by, settlement: 'left: a test of theirs' });
    expect(await open.deps.store.auditLog(1)).toMatchObject([{ by, act: 'attention-leave' }]);
  });
});

const alertIds = {
  free: '0f8c1a2b-0000-4000-8000-000000000001',
  olgas: '0f8c1a2b-0000-4000-8000-000000000002',
  over: '0f8c1a2b-0000-4000-8000-000000000003',
};

/** One that nobody has taken, one that is taken, and one that was taken and is over. */
async function raiseAlerts(): Promise<void> {
  const { store, clock } = open.deps;
  const now = new Date(clock.now()).toISOString();
  const taken = await store.takeLease('alerts', 'one', 60_000);
  const begun = { firstAt: now, lastAt: now, endedAt: null, isClosed: false, ackedBy: '', ackedAt: null };
  const told = { office: { at: now, size: 2, isEscalated: false } };
  const finding = { kind: 'finding', key: '', size: 2, words: '2 findings', level: 'normal', told, ...begun } as const;
  const alerts = Object.values(alertIds).map((id) => ({ ...finding, id, key: id }));
  const under = { name: 'alerts', holder: 'one', fence: taken?.fence ?? 0, ttlMs: 60_000 };
  await store.keepAlerts({ alerts, letters: [], now, under });
  for (const id of [alertIds.olgas, alertIds.over]) await store.ackAlert({ id, by: 'olga', now });
  const over = alerts
    .filter(({ id }) => id === alertIds.over)
    .map((alert) => ({ ...alert, endedAt: now, isClosed: true }));
  await store.keepAlerts({ alerts: over, letters: [], now, under });
}

/** What a dialer lost twice, and a person has had written once more. */
async function haveWrittenAgain(person: string): Promise<void> {
  const { store, clock } = open.deps;
  const key = `lost-again:${known.writeBacks.get('confirmed')}`;
  await store.raiseAttention([{ kind: 'finding', key, details: {} }], new Date(clock.now()).toISOString());
  expect(await writeAgain(open.deps, { key, by: person })).toBe(true);
}

/** The same site for another server. Gives the file. */
function configure(name: string, mcp: object = {}): string {
  const file = join(open.spoolFolder, '..', `${name}.json`);
  const config = {
    store: { kind: 'sqlite', file: join(open.spoolFolder, '..', 'store.sqlite') },
    spool: { folder: join(open.spoolFolder, '..', `spool-${name}`) },
    log: { level: 'trace' },
    secret: 'a-secret-of-this-test',
    clients: { script: { keys: ['0'.repeat(64)], may: ['dialer'] } },
    dialers: {
      carousel: {
        type: 'made-up',
        url: dialer.url,
        campaigns: {
          Autumn: { dispositions: { sale: 'sold', callback: 'later', not_interested: 'gone', opt_out: 'stop' } },
        },
      },
    },
    mcp,
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
