import { describe, expect, it } from 'vitest';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { describedCall } from '../../support/described-call.ts';
import { rowOf } from './cast.ts';
import { answerXml } from './soap-stub.ts';
import { contactXml, dialledList, identifier, lunch, start, stopAfterEach, withKey } from './start-dialer.ts';

stopAfterEach();

const marked = { lastDisposition: 'last_disp', lastDispositionAt: 'last_disp_at', callbackMark: 'mark' };

describe('deliver, callbacks', () => {
  it('writes again without looking only in the drill', async () => {
    const { dialer, operations } = await start(
      (op) => ({ body: answerXml(op, dialledList(op) ?? identifier) }),
      { fields: { callbackMark: 'mark' }, callbackList: 'AI callbacks' },
      { ignoresIdempotency: true },
    );

    const answers = await dialer.deliver([{ ...withKey(rowOf('a', lunch)), inDoubt: true }]);

    expect(answers.get('a')?.kind).toBe('submitted');
    expect(operations()).toEqual(['getCampaigns', 'getListsForCampaign', 'asyncAddRecordsToList']);
  });

  it.each([
    ['of its own', {}],
    ['that the platform placed', { callKey: '' }],
  ])('lets the disposition of a callback follow it on a call %s, since the callback resets it', async (_, call) => {
    let writeBacks: WriteBack[] = [];
    const { dialer, operations } = await start(
      (op) => {
        if (op === 'getContactRecords') return { body: answerXml(op, contactXml({ number1: '2125550101' })) };
        if (op === 'isImportRunning') return { body: answerXml(op, '<return>false</return>') };
        if (op === 'getListImportResult') {
          const counts =
            '<success>true</success><uploadErrorsCount>0</uploadErrorsCount><listRecordsInserted>1</listRecordsInserted>';
          return { body: answerXml(op, `<return>${counts}</return>`) };
        }
        return { body: answerXml(op, dialledList(op) ?? identifier) };
      },
      { callbackList: 'AI callbacks' },
      { describeCalls: async () => [describedCall(writeBacks)] },
    );
    const onCall = (row: WriteBack): WriteBack => ({ ...row, target: { ...row.target, ...call } });
    const callback = onCall(withKey(rowOf('a', lunch)));
    const row = withKey(
      rowOf(
        'b',
        {
          aspect: 'disposition',
          disposition: 'AI - Callback',
          outcome: 'callback',
          callbackAt: '2026-03-03T17:00:00.000Z',
        },
        { createdAt: '2026-03-02T19:59:00.000Z' },
      ),
    );
    const disposition = onCall(row);

    writeBacks = [{ ...callback, state: 'claimed' }];
    const first = await dialer.deliver([disposition, callback]);
    const confirmed = await dialer.confirm?.('list:0A1B2C:1', [callback]);
    writeBacks = [{ ...callback, state: 'confirmed' }];
    const second = await dialer.deliver([disposition]);

    expect([first.get('a')?.kind, first.get('b')?.kind]).toEqual(['submitted', 'notYet']);
    expect(confirmed?.get('a')?.kind).toBe('done');
    expect(second.get('b')?.kind).toBe('submitted');
    expect(operations().filter((op) => op.startsWith('async'))).toEqual([
      'asyncAddRecordsToList',
      'asyncUpdateCampaignDispositions',
    ]);
  });

  it.each([
    ['is written though the script said the same before the callback reset it', '14:58:00.128', 'notYet'],
    ['is there when it shows since the callback was through', '15:00:30', 'done'],
  ])('without a mark, a disposition in doubt %s', async (_, shownAt, kind) => {
    const callback = withKey(rowOf('a', lunch, { state: 'confirmed', settledAt: '2026-03-02T20:00:00.900Z' }));
    const contact = { number1: '2125550101', last_disp: 'AI - Callback', last_disp_at: `2026-03-02 ${shownAt}` };
    const { dialer, clock } = await start(
      (op) => ({ body: answerXml(op, op === 'getContactRecords' ? contactXml(contact) : identifier) }),
      { callbackList: 'AI callbacks', fields: { lastDisposition: 'last_disp', lastDispositionAt: 'last_disp_at' } },
      { describeCalls: async () => [describedCall([callback])] },
    );
    clock.set('2026-03-02T20:01:00.000Z');
    const desired = { aspect: 'disposition', disposition: 'AI - Callback', outcome: 'callback' } as const;
    const row = withKey(rowOf('b', { ...desired, callbackAt: '2026-03-03T17:00:00.000Z' }));

    const answers = await dialer.deliver([{ ...row, inDoubt: true, attempts: 1 }]);

    expect(answers.get('b')?.kind).toBe(kind);
  });

  // The script's word is of 14:58 by Five9's clock; the callback was found by its mark long after.
  it.each([
    ['is written though the script said the same before the callback reset it', '14:58:00.128', 'notYet'],
    ['is there when it shows since then, though the callback is known here later only', '14:58:30.000', 'done'],
  ])('a disposition in doubt %s', async (_, shownAt, kind) => {
    const callback = withKey(rowOf('a', lunch, { state: 'confirmed', settledAt: '2026-03-02T20:00:00.900Z' }));
    const scriptMs = Date.parse('2026-03-02T19:58:00.128Z');
    const contact = {
      ...{ number1: '2125550101', mark: `ada0000000000a:1:${scriptMs}` },
      ...{ last_disp: 'AI - Callback', last_disp_at: `2026-03-02 ${shownAt}` },
    };
    const { dialer, clock } = await start(
      (op) => ({ body: answerXml(op, op === 'getContactRecords' ? contactXml(contact) : identifier) }),
      { callbackList: 'AI callbacks', fields: marked },
      { describeCalls: async () => [describedCall([callback])] },
    );
    clock.set('2026-03-02T20:01:00.000Z');
    const desired = { aspect: 'disposition', disposition: 'AI - Callback', outcome: 'callback' } as const;
    const row = withKey(rowOf('b', { ...desired, callbackAt: '2026-03-03T17:00:00.000Z' }));

    const answers = await dialer.deliver([{ ...row, inDoubt: true, attempts: 1 }]);

    expect(answers.get('b')?.kind).toBe(kind);
  });

  it('marks a callback with the time of what the contact showed before it', async () => {
    const contact = { number1: '2125550101', last_disp: 'AI - Callback', last_disp_at: '2026-03-02 14:58:00.128' };
    const { dialer, stub } = await start(
      (op) => ({
        body: answerXml(op, op === 'getContactRecords' ? contactXml(contact) : (dialledList(op) ?? identifier)),
      }),
      { callbackList: 'AI callbacks', fields: marked },
    );

    await dialer.deliver([withKey(rowOf('a', lunch))]);

    const sent = stub.requests.find(({ operation }) => operation === 'asyncAddRecordsToList');
    expect(sent?.xml).toContain(`ada0000000000a:1:${Date.parse('2026-03-02T19:58:00.128Z')}`);
  });

  it.each([
    ['resets no disposition that a later call has set', { hasLaterCall: true as const }, false],
    ['resets the disposition of its own call', {}, true],
  ])('a callback %s', async (_, later, resets) => {
    const contact = { number1: '2125550101', last_disp: 'AI - Sale', last_disp_at: '2026-03-02 14:58:00.128' };
    const { dialer, stub } = await start(
      (op) => ({
        body: answerXml(op, op === 'getContactRecords' ? contactXml(contact) : (dialledList(op) ?? identifier)),
      }),
      { callbackList: 'AI callbacks', fields: marked },
    );

    await dialer.deliver([withKey(rowOf('a', lunch, later))]);

    const sent = stub.requests.filter(({ operation }) => operation === 'asyncAddRecordsToList');
    expect(sent.map(({ xml }) => xml.includes('<resetDispositionsInCampaignsImportData>'))).toEqual([resets]);
  });

  it.each([
    ['a later call', '2026-03-02T16:00:00.000Z', lunch, false, 'done'],
    ['a later call, once its own lost import has run out', '2026-03-02T16:00:00.000Z', lunch, true, 'notYet'],
    ['a later call that took it back', '2026-03-02T16:00:00.000Z', { ...lunch, at: null }, false, 'submitted'],
    ['an earlier call', '2026-03-02T14:00:00.000Z', lunch, false, 'submitted'],
  ] as const)('leaves the record to the callback of %s', async (_, calledAt, desired, inDoubt, kind) => {
    const contact = { number1: '2125550101', mark: 'ben0000000000b:1:0' };
    const other = withKey(rowOf('b', desired, { correlationId: 'ben0000000000b', state: 'confirmed' }));
    const { dialer } = await start(
      (op) => ({
        body: answerXml(op, op === 'getContactRecords' ? contactXml(contact) : (dialledList(op) ?? identifier)),
      }),
      { callbackList: 'AI callbacks', fields: marked },
      { describeCalls: async () => [describedCall([{ ...other, target: { ...other.target, calledAt } }])] },
    );

    const answers = await dialer.deliver([withKey(rowOf('a', lunch, { inDoubt }))]);

    expect(answers.get('a')?.kind).toBe(kind);
  });

  it.each([
    ['waits for a disposition of its call that is on its way', 'submitted', 'notYet'],
    ['goes before one that waits for it', 'claimed', 'submitted'],
  ] as const)('a callback that is moved %s', async (_, state, kind) => {
    const desired = { aspect: 'disposition', disposition: 'AI - Callback', outcome: 'callback' } as const;
    const disposition = withKey(rowOf('b', { ...desired, callbackAt: '2026-03-03T16:00:00.000Z' }, { state }));
    const contact = { number1: '2125550101', last_disp: '', last_disp_at: '' };
    const { dialer } = await start(
      (op) => ({
        body: answerXml(op, op === 'getContactRecords' ? contactXml(contact) : (dialledList(op) ?? identifier)),
      }),
      { callbackList: 'AI callbacks', fields: marked },
      { describeCalls: async () => [describedCall([disposition])] },
    );

    const answers = await dialer.deliver([withKey(rowOf('a', lunch, { revision: 2 }))]);

    expect(answers.get('a')?.kind).toBe(kind);
  });

  it.each([
    { title: 'soon while its import runs', state: 'submitted', until: '2026-03-02T20:00:03.000Z' },
    {
      title: 'when the callback is due again, where that is later',
      state: 'pending',
      until: '2026-03-02T20:04:00.000Z',
    },
  ] as const)('looks at the callback of the same call again $title', async ({ state, until }) => {
    const callback = withKey(rowOf('a', lunch, { state, dueAt: '2026-03-02T20:04:00.000Z' }));
    const { dialer } = await start(
      (op) => ({ body: answerXml(op, identifier) }),
      { callbackList: 'AI callbacks' },
      { describeCalls: async () => [describedCall([callback])] },
    );
    const desired = { aspect: 'disposition', disposition: 'AI - Callback', outcome: 'callback' } as const;

    const answers = await dialer.deliver([withKey(rowOf('b', { ...desired, callbackAt: '2026-03-03T17:00:00.000Z' }))]);

    expect(answers.get('b')).toMatchObject({ kind: 'notYet', until });
  });

  it('takes a callback back though the limit of additions is used up, which wait for it', async () => {
    const windows = [60, 3600, 86_400].map(
      (sec) =>
        `<return><callCounterStates><limit>20</limit><operationType>AsynchronousUpload</operationType><value>20</value></callCounterStates><timeout>${sec}</timeout></return>`,
    );
    const { dialer, operations } = await start(
      (op) => ({
        body: answerXml(
          op,
          op === 'getCallCountersState' ? windows.join('') : '<return><success>true</success></return>',
        ),
      }),
      { callbackList: 'AI callbacks' },
    );
    const none: Desired = { aspect: 'callback', at: null, note: '' };
    const back = withKey(rowOf('a', none));
    const added = withKey(rowOf('b', lunch), '2125550102');

    const answers = await dialer.deliver([back, added]);

    expect(dialer.pausedUntil?.('callback')).toBe(0);
    expect(answers.get('a')?.kind).toBe('done');
    expect(answers.get('b')).toMatchObject({ kind: 'notYet', until: '2026-03-03T08:00:01.000Z' });
    expect(operations()).toEqual(['deleteRecordFromList']);
  });

  it('gives an import whose answer was lost its time before it schedules the callback again', async () => {
    let mark = '';
    const { dialer, clock } = await start(
      (op) => ({
        body: answerXml(
          op,
          op === 'getContactRecords' ? contactXml({ number1: '2125550101', mark }) : (dialledList(op) ?? identifier),
        ),
      }),
      { fields: { callbackMark: 'mark' }, callbackList: 'AI callbacks' },
    );
    const doubtful = { ...withKey(rowOf('a', lunch)), inDoubt: true };

    const early = await dialer.deliver([doubtful]);
    clock.set('2026-03-02T20:00:20.000Z');
    const late = await dialer.deliver([doubtful]);
    mark = 'ada0000000000a:1:0';
    const marked = await dialer.deliver([doubtful]);

    expect(early.get('a')).toMatchObject({ kind: 'notYet', until: '2026-03-02T20:00:20.000Z' });
    expect(late.get('a')).toMatchObject({ kind: 'submitted' });
    expect(marked.get('a')?.kind).toBe('done');
  });

  it('looks once whether the list is in a campaign, and refuses callbacks that would not be dialled', async () => {
    let lists = ['Leads'];
    const { dialer, clock, operations } = await start(
      (op) => ({ body: answerXml(op, dialledList(op, lists) ?? identifier) }),
      { callbackList: 'AI callbacks' },
    );

    const before = await dialer.deliver([withKey(rowOf('a', lunch))]);
    lists = ['Leads', 'AI callbacks'];
    clock.set('2026-03-02T20:01:00.000Z');
    const mended = await dialer.deliver([withKey(rowOf('a', lunch))]);
    const again = await dialer.deliver([withKey(rowOf('b', lunch))]);

    expect(before.get('a')).toMatchObject({ kind: 'refused', hint: expect.stringContaining('AI callbacks') });
    expect([mended.get('a')?.kind, again.get('b')?.kind]).toEqual(['submitted', 'submitted']);
    expect(operations().filter((op) => op === 'getListsForCampaign')).toHaveLength(2);
    expect(operations().filter((op) => op === 'asyncAddRecordsToList')).toHaveLength(2);
  });
});
