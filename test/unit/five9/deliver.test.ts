import { describe, expect, it } from 'vitest';
import { packImports } from '../../../connectors/five9/write/imports.ts';
import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { Desired } from '../../../src/domain/write-back.ts';
import { describedCall } from '../../support/described-call.ts';
import { rowOf, sale } from './cast.ts';
import { answerXml, faultXml } from './soap-stub.ts';
import { contactXml, identifier, lunch, start, stopAfterEach, withKey } from './start-dialer.ts';

stopAfterEach();

const fields = {
  lastDisposition: 'last_disp',
  lastDispositionAt: 'last_disp_at',
  lastAgentDisposition: 'agent_disp',
  lastAgentDispositionAt: 'agent_disp_at',
  callbackMark: 'mark',
};

describe('deliver', () => {
  it('leaves the result of an agent who was faster', async () => {
    const contact = { number1: '2125550101', agent_disp: 'Sold', agent_disp_at: '2026-03-02 10:30:00.000' };
    const { dialer, operations } = await start((op) => ({ body: answerXml(op, contactXml(contact)) }), { fields });

    const answers = await dialer.deliver([withKey(rowOf('a', sale))]);

    expect(answers.get('a')).toEqual({
      kind: 'overtaken',
      disposition: 'Sold',
      by: 'agent',
      at: '2026-03-02T15:30:00.000Z',
    });
    expect(operations()).toEqual(['getContactRecords']);
  });

  it.each([
    { title: 'what the script set when it hung up', at: '2026-03-02 10:02:00.000', kind: 'done', imports: 0 },
    { title: 'a disposition from before the call', at: '2026-03-02 09:30:00.000', kind: 'submitted', imports: 1 },
    {
      title: 'the same from long after, which may be that of a call in another campaign',
      at: '2026-03-02 12:00:00.000',
      kind: 'submitted',
      imports: 1,
    },
    {
      title: 'the same from an earlier word of the call, when another came in between',
      at: '2026-03-02 10:02:00.000',
      revision: 3,
      kind: 'submitted',
      imports: 1,
    },
    {
      title: 'the same in doubt: the import of an earlier revision, whose answer was lost',
      at: '2026-03-02 10:02:00.000',
      revision: 3,
      inDoubt: true,
      kind: 'done',
      imports: 0,
    },
  ])('$title: $imports imports', async ({ at, kind, imports, revision = 1, inDoubt = false }) => {
    const contact = {
      number1: '2125550101',
      last_disp: 'AI - Sale',
      last_disp_at: at,
      agent_disp: '',
      agent_disp_at: '',
    };
    const before = rowOf('b', sale, { state: 'confirmed' });
    const { dialer, operations } = await start(
      (op) => ({ body: answerXml(op, op === 'getContactRecords' ? contactXml(contact) : identifier) }),
      { fields },
      { describeCalls: async () => [describedCall([before])] },
    );

    const answers = await dialer.deliver([withKey(rowOf('a', sale, { revision, inDoubt }))]);

    expect(answers.get('a')?.kind).toBe(kind);
    expect(operations().filter((op) => op === 'asyncUpdateCampaignDispositions')).toHaveLength(imports);
  });

  it.each([
    ['a word that was planned late, after another that was never sent', 'superseded', '10:02:00', 'done'],
    ['a word after another that was sent', 'confirmed', '10:02:00', 'submitted'],
    ['a call that went on for long after the word', '', '10:40:00', 'done'],
  ] as const)('brings once what the script set: %s', async (_what, before, shownAt, kind) => {
    const contact = { number1: '2125550101', last_disp: 'AI - Sale', last_disp_at: `2026-03-02 ${shownAt}.000` };
    const row = withKey(rowOf('a', sale, { revision: before ? 2 : 1 }));
    const earlier = before ? [rowOf('b', sale, { state: before })] : [];
    const ended = {
      correlationId: row.correlationId,
      source: 'sigmamind',
      key: 'ended',
      at: '2026-03-02T15:39:50.000Z',
    };
    const body = { kind: 'ended', outcome: 'hung_up', reason: 'agent_ended_call' } as const;
    const call = { ...describedCall([...earlier, row]), facts: [{ ...ended, receivedAt: ended.at, body }] };
    const { dialer } = await start(
      (op) => ({ body: answerXml(op, op === 'getContactRecords' ? contactXml(contact) : identifier) }),
      { fields },
      { describeCalls: async () => [call] },
    );

    const answers = await dialer.deliver([row]);

    expect(answers.get('a')?.kind).toBe(kind);
  });

  it.each([
    ['one that was never sent, nor waits for its callback', false, 'done', []],
    ['one in doubt, once its lost import has run out', true, 'notYet', ['getContactRecords']],
  ] as const)('leaves the record to a later call: %s', async (_what, inDoubt, early, reads) => {
    const contact = contactXml({ number1: '2125550101', last_disp: 'AI - Not interested' });
    const { dialer, clock, operations } = await start(
      (op) => ({ body: answerXml(op, op === 'getContactRecords' ? contact : identifier) }),
      { callbackList: 'AI callbacks', fields: { lastDisposition: 'last_disp', lastDispositionAt: 'last_disp_at' } },
      { describeCalls: async () => [describedCall([rowOf('b', lunch, { state: 'submitted' })])] },
    );
    const callback: Desired = { aspect: 'disposition', disposition: 'AI - Callback', outcome: 'callback' };
    const desired = { ...callback, callbackAt: '2026-03-03T17:00:00.000Z' };
    const row = withKey(rowOf('a', desired, { inDoubt, hasLaterCall: true }));

    const first = await dialer.deliver([row]);
    clock.set('2026-03-02T20:00:21.000Z');
    const second = await dialer.deliver([row]);

    expect(first.get('a')?.kind).toBe(early);
    expect(second.get('a')).toEqual({ kind: 'done', note: 'redialled' });
    expect(operations().filter((op) => op !== 'getContactRecords')).toEqual([]);
    expect(operations().slice(0, 1)).toEqual(reads);
  });

  it('lets lost fields of an earlier call run out, whatever the contact shows by then', async () => {
    const contact = contactXml({ number1: '2125550101', ai_summary: 'Of the later call' });
    const { dialer, clock, operations } = await start((op) => ({ body: answerXml(op, contact) }));
    const none: Desired = { aspect: 'fields', fields: {} };
    const row = withKey(rowOf('a', none, { inDoubt: true, hasLaterCall: true }));

    const first = await dialer.deliver([row]);
    clock.set('2026-03-02T20:00:21.000Z');
    const second = await dialer.deliver([row]);

    expect([first.get('a')?.kind, second.get('a')?.kind]).toEqual(['notYet', 'done']);
    expect(operations()).toEqual(['getContactRecords', 'getContactRecords']);
  });

  it('reads a doubtful disposition back, and sends it alone when it is not there', async () => {
    let shown = 'AI - Sale';
    const { dialer, stub, clock } = await start(
      (op) =>
        op === 'getContactRecords'
          ? {
              body: answerXml(
                op,
                contactXml({ number1: '2125550101', last_disp: shown, last_disp_at: '2026-03-02 10:00:00.000' }),
              ),
            }
          : { body: answerXml(op, identifier) },
      { fields },
    );
    const doubtful = { ...withKey(rowOf('a', sale)), inDoubt: true };

    const there = await dialer.deliver([doubtful]);
    shown = 'No Answer';
    const early = await dialer.deliver([doubtful]);
    clock.set('2026-03-02T20:00:21.000Z');
    const gone = await dialer.deliver([doubtful, withKey(rowOf('b', sale), '2125550102')]);

    expect(there.get('a')?.kind).toBe('done');
    expect(early.get('a')).toMatchObject({ kind: 'notYet', why: 'an import may still be under way' });
    expect(gone.get('a')).toMatchObject({ kind: 'submitted', receipt: 'disp:0A1B2C:1' });
    const imports = stub.requests.filter(({ operation }) => operation === 'asyncUpdateCampaignDispositions');
    expect(imports.map(({ xml }) => xml.match(/<values>/g)?.length)).toEqual([1, 1]);
  });

  it('gives fields whose answer was lost their time before it sends them again', async () => {
    const contact = contactXml({ number1: '2125550101', ai_summary: 'Of an earlier word' });
    const { dialer, clock, operations } = await start((op) => ({
      body: answerXml(op, op === 'getContactRecords' ? contact : '<return><success>true</success></return>'),
    }));
    const desired: Desired = { aspect: 'fields', fields: { ai_summary: 'Wants a quote' } };
    const doubtful = { ...withKey(rowOf('a', desired)), inDoubt: true };

    const early = await dialer.deliver([doubtful]);
    clock.set('2026-03-02T20:00:20.000Z');
    await dialer.deliver([doubtful]);

    expect(early.get('a')).toMatchObject({ kind: 'notYet', until: '2026-03-02T20:00:20.000Z' });
    expect(operations()).toEqual(['getContactRecords', 'getContactRecords', 'updateCrmRecord']);
  });

  it('gives an import that another process sent meanwhile its own time, an agent’s word or not', async () => {
    const agents = { agent_disp: 'Sold', agent_disp_at: '2026-03-02 15:00:10.000', last_disp: 'Sold' };
    let contact: Record<string, string> = { number1: '2125550101' };
    const { dialer, clock, operations } = await start(
      (op) => ({ body: answerXml(op, op === 'getContactRecords' ? contactXml(contact) : identifier) }),
      { fields },
    );
    const doubtful = { ...withKey(rowOf('a', sale)), inDoubt: true };
    await dialer.deliver([doubtful]);

    // That one has waited too, has sent the row, and died before it kept the receipt.
    clock.set('2026-03-02T20:00:45.000Z');
    contact = { ...contact, ...agents, last_disp_at: agents.agent_disp_at };
    const early = await dialer.deliver([{ ...doubtful, attempts: 1 }]);
    contact = { ...contact, last_disp: 'AI - Sale', last_disp_at: '2026-03-02 15:00:50.000' };
    clock.set('2026-03-02T20:01:05.000Z');
    const late = await dialer.deliver([{ ...doubtful, attempts: 1 }]);

    expect(early.get('a')).toMatchObject({ kind: 'notYet', until: '2026-03-02T20:01:05.000Z' });
    expect(late.get('a')).toMatchObject({ kind: 'submitted' });
    expect(operations().filter((op) => op.startsWith('async'))).toEqual(['asyncUpdateCampaignDispositions']);
  });

  it.each([
    {
      what: 'stands, as another process put it back and died',
      at: '2026-03-02 15:01:30.000',
      kind: 'overtaken',
      imports: 0,
    },
    {
      what: 'is put back while only the agent can have set it',
      at: '2026-03-02 15:00:11.000',
      kind: 'submitted',
      imports: 1,
    },
  ])('in doubt, an agent’s word that shows since $at $what', async ({ at, kind, imports }) => {
    const agents = { agent_disp: 'Sold', agent_disp_at: '2026-03-02 15:00:10.000' };
    const contact = { number1: '2125550101', ...agents, last_disp: 'Sold', last_disp_at: at };
    const { dialer, clock, operations } = await start(
      (op) => ({ body: answerXml(op, op === 'getContactRecords' ? contactXml(contact) : identifier) }),
      { fields },
    );
    const doubtful = { ...withKey(rowOf('a', sale)), inDoubt: true };
    clock.set('2026-03-02T20:05:00.000Z');

    const early = await dialer.deliver([doubtful]);
    clock.set('2026-03-02T20:10:00.000Z');
    const late = await dialer.deliver([doubtful]);

    expect(early.get('a')).toMatchObject({ kind: 'notYet', why: 'an import may still be under way' });
    expect(late.get('a')?.kind).toBe(kind);
    expect(operations().filter((op) => op.startsWith('async'))).toHaveLength(imports);
  });

  it('lets a row in doubt wait for its lost import once, though a limit then holds it up', async () => {
    let isFull = true;
    const { dialer, clock } = await start(
      (op) => {
        if (op === 'getContactRecords') return { body: answerXml(op, contactXml({ number1: '2125550101' })) };
        if (op === 'asyncUpdateCampaignDispositions' && isFull) return faultXml('OperationsLimitExceeded');
        return { body: answerXml(op, identifier) };
      },
      { fields },
    );
    const doubtful = { ...withKey(rowOf('a', sale)), inDoubt: true };

    const early = await dialer.deliver([doubtful]);
    clock.set('2026-03-02T20:00:20.000Z');
    const full = await dialer.deliver([doubtful]);
    isFull = false;
    clock.set('2026-03-02T20:01:02.000Z');
    const open = await dialer.deliver([doubtful]);

    expect(early.get('a')).toMatchObject({ kind: 'notYet', until: '2026-03-02T20:00:20.000Z' });
    expect(full.get('a')).toMatchObject({ kind: 'notYet', why: expect.stringContaining('limit') });
    expect(open.get('a')?.kind).toBe('submitted');
  });

  it('gives a batch import whose answer was lost its longer time, though a limit lets some rows be read later', async () => {
    let reads = 0;
    const { dialer, clock } = await start(
      (op) => {
        if (op !== 'getContactRecords') return { body: answerXml(op, identifier) };
        reads += 1;
        if (reads > 60 && reads <= 80) return faultXml('OperationsLimitExceeded');
        return { body: answerXml(op, contactXml({ number1: '2125550101' })) };
      },
      { fields, batch: { bulkFrom: 100, bulkRows: 100 } },
    );
    const rows = Array.from({ length: 100 }, (_, index) => ({
      ...withKey(rowOf(`row-${index}`, sale), String(index)),
      inDoubt: true,
    }));
    const waitsOf = (answers: ReadonlyMap<string, DeliveryAnswer>) =>
      new Set([...answers.values()].map((answer) => (answer.kind === 'notYet' ? answer.until : answer.kind)));

    const first = await dialer.deliver(rows);
    clock.set('2026-03-02T20:01:02.000Z');
    const later = await dialer.deliver(rows.slice(60));

    expect(waitsOf(first)).toEqual(new Set(['2026-03-02T20:10:00.000Z', '2026-03-02T20:01:01.000Z']));
    expect(waitsOf(later)).toEqual(new Set(['2026-03-02T20:10:00.000Z']));
  });

  it('gathers young rows, and sends old ones', async () => {
    const { dialer, clock, operations } = await start((op) => ({ body: answerXml(op, identifier) }));
    clock.set('2026-03-02T15:05:01.000Z');

    const young = await dialer.deliver([withKey(rowOf('a', sale))]);
    clock.set('2026-03-02T15:05:02.000Z');
    const old = await dialer.deliver([withKey(rowOf('a', sale))]);

    expect(young.get('a')).toMatchObject({ kind: 'notYet', until: '2026-03-02T15:05:02.000Z' });
    expect(old.get('a')).toMatchObject({ kind: 'submitted' });
    expect(operations()).toEqual(['asyncUpdateCampaignDispositions']);
  });

  it('halves an import that is refused for one row, until that row stands alone', async () => {
    const { dialer } = await start((op, xml) =>
      xml.includes('AI - Unknown') ? faultXml('DispositionNotFound') : { body: answerXml(op, identifier) },
    );
    const odd: Desired = { aspect: 'disposition', disposition: 'AI - Unknown', outcome: 'sale' };

    const answers = await dialer.deliver([
      withKey(rowOf('a', sale), '1'),
      withKey(rowOf('b', odd), '2'),
      withKey(rowOf('c', sale), '3'),
    ]);

    expect([...answers].map(([id, { kind }]) => `${id} ${kind}`).sort()).toEqual([
      'a submitted',
      'b refused',
      'c submitted',
    ]);
  });

  it('refuses at once all rows of a disposition that Five9 says it lacks, and sends the others', async () => {
    const { dialer, operations } = await start((op, xml) =>
      xml.includes('AI - Unknown')
        ? faultXml('DispositionNotFound', '<dispositionName>AI - Unknown</dispositionName>')
        : { body: answerXml(op, identifier) },
    );
    const odd: Desired = { aspect: 'disposition', disposition: 'AI - Unknown', outcome: 'sale' };
    const rows = Array.from({ length: 8 }, (_, index) =>
      withKey(rowOf(`row-${index}`, index % 2 === 0 ? odd : sale), String(index)),
    );

    const answers = await dialer.deliver(rows);

    expect(rows.map(({ id }) => answers.get(id)?.kind)).toEqual(
      rows.map(({ desired }) => (desired === odd ? 'refused' : 'submitted')),
    );
    expect(operations()).toHaveLength(2);
  });

  it('stops looking at contacts when Five9 fails for all of them', async () => {
    const { dialer, operations } = await start(() => ({ status: 503, body: '<html>busy</html>', isRaw: true }));
    const rows = Array.from({ length: 60 }, (_, index) => rowOf(`row-${index}`, sale));

    const answers = await dialer.deliver(rows);

    expect([...answers.values()].filter(({ kind }) => kind === 'retry')).toHaveLength(60);
    expect([...answers.values()].some((answer) => answer.kind === 'retry' && answer.inDoubt)).toBe(false);
    expect(operations()).toHaveLength(20);
  });

  it('never guesses among several contacts', async () => {
    const two =
      '<return><fields>number1</fields><records><values><data>2125550101</data></values></records><records><values><data>2125550101</data></values></records></return>';
    const { dialer, operations } = await start((op) => ({ body: answerXml(op, two) }));

    const answers = await dialer.deliver([rowOf('a', sale)]);

    expect(answers.get('a')?.kind).toBe('refused');
    expect(operations()).toEqual(['getContactRecords']);
  });

  it('leaves a row in doubt when the answer to its import was lost', async () => {
    const { dialer } = await start(() => ({ status: 503, body: '<html>busy</html>', isRaw: true }));

    const answers = await dialer.deliver([withKey(rowOf('a', sale))]);

    expect(answers.get('a')).toMatchObject({ kind: 'retry', inDoubt: true });
  });

  it('lets rows wait, without an attempt, while the login is refused', async () => {
    const { dialer } = await start(() => ({ status: 401, body: '<html>no</html>', isRaw: true }));

    const answers = await dialer.deliver([withKey(rowOf('a', sale))]);

    expect(answers.get('a')).toMatchObject({ kind: 'notYet', why: expect.stringContaining('password') });
  });
});

describe('confirm', () => {
  it('asks again later while the import runs, and doubts a receipt that Five9 does not know', async () => {
    let isKnown = true;
    const { dialer } = await start((op) =>
      isKnown ? { body: answerXml(op, '<return>true</return>') } : faultXml('UnknownIdentifier'),
    );
    const rows = [withKey(rowOf('a', sale))];

    const running = await dialer.confirm?.('disp:0A1B2C:1', rows);
    isKnown = false;
    const unknown = await dialer.confirm?.('disp:0A1B2C:1', rows);

    expect(running?.get('a')?.kind).toBe('notYet');
    expect(unknown?.get('a')).toMatchObject({ kind: 'retry', inDoubt: true });
  });
});

describe('packImports', () => {
  const batch = { rows: 2, bulkFrom: 6, bulkRows: 4 };
  const found = (id: string, key: string, inDoubt = false) =>
    ({ kind: 'found', row: { ...rowOf(id, sale), inDoubt }, keyField: 'number1', key, contact: null }) as const;
  const many = (count: number, inDoubt: boolean) =>
    Array.from({ length: count }, (_, index) => found(`row-${index}`, String(index), inDoubt));

  it('puts a contact into an import once, and a row in doubt alone', () => {
    const packs = packImports(batch, [
      found('a', '1'),
      found('b', '1'),
      found('c', '2'),
      found('d', '3', true),
      found('e', '4'),
    ]);

    expect(packs.map(({ rows }) => rows.map(({ row }) => row.id).join(''))).toEqual(['ac', 'be', 'd']);
  });

  it('takes the batch operation from so many rows on', () => {
    const few = packImports(batch, many(5, false));
    const enough = packImports(batch, many(6, false));

    expect(few.map(({ rows, isBulk }) => [rows.length, isBulk])).toEqual([2, 2, 1].map((size) => [size, false]));
    expect(enough.map(({ rows, isBulk }) => [rows.length, isBulk])).toEqual([4, 2].map((size) => [size, true]));
  });

  it('spends a hundred imports a round on rows in doubt, until each stands alone', () => {
    const sizes = { rows: 100, bulkFrom: 1000, bulkRows: 5000 };
    const rounds = [5000, 400, 50].map((count) => packImports(sizes, many(count, true)));

    expect(rounds.map((packs) => packs.length)).toEqual([100, 100, 50]);
    expect(rounds.map((packs) => Math.max(...packs.map(({ rows }) => rows.length)))).toEqual([50, 4, 1]);
  });
});
