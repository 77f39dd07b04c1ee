import { describe, expect, it } from 'vitest';
import { rowOf } from './cast.ts';
import { answerXml } from './soap-stub.ts';
import { contactXml, identifier, lunch, start, stopAfterEach, withKey } from './start-dialer.ts';

stopAfterEach();

describe('deliver, callbacks', () => {
  it('writes again without looking only in the drill', async () => {
    const { dialer, operations } = await start(
      (op) => ({ body: answerXml(op, identifier) }),
      { fields: { callbackMark: 'mark' }, callbackList: 'AI callbacks' },
      { ignoresIdempotency: true },
    );

    const answers = await dialer.deliver([{ ...withKey(rowOf('a', lunch)), inDoubt: true }]);

    expect(answers.get('a')?.kind).toBe('submitted');
    expect(operations()).toEqual(['asyncAddRecordsToList']);
  });

  it('lets the disposition of a callback follow it, since the callback resets it', async () => {
    let mark = '';
    const { dialer, operations } = await start(
      (op) => {
        if (op === 'getContactRecords') return { body: answerXml(op, contactXml({ number1: '2125550101', mark })) };
        if (op === 'isImportRunning') return { body: answerXml(op, '<return>false</return>') };
        if (op === 'getListImportResult') {
          const counts =
            '<success>true</success><uploadErrorsCount>0</uploadErrorsCount><listRecordsInserted>1</listRecordsInserted>';
          return { body: answerXml(op, `<return>${counts}</return>`) };
        }
        return { body: answerXml(op, identifier) };
      },
      { fields: { callbackMark: 'mark' }, callbackList: 'AI callbacks' },
    );
    const callback = withKey(rowOf('a', lunch));
    const disposition = withKey(
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

    const first = await dialer.deliver([disposition, callback]);
    const confirmed = await dialer.confirm?.('list:0A1B2C:1', [callback]);
    mark = 'ada0000000000a:1';
    const second = await dialer.deliver([disposition]);

    expect([first.get('a')?.kind, first.get('b')?.kind]).toEqual(['submitted', 'notYet']);
    expect(confirmed?.get('a')?.kind).toBe('done');
    expect(second.get('b')?.kind).toBe('submitted');
    expect(operations().filter((op) => op.startsWith('async'))).toEqual([
      'asyncAddRecordsToList',
      'asyncUpdateCampaignDispositions',
    ]);
  });

  it('gives an import whose answer was lost its time before it schedules the callback again', async () => {
    let mark = '';
    const { dialer, clock } = await start(
      (op) => ({
        body: answerXml(op, op === 'getContactRecords' ? contactXml({ number1: '2125550101', mark }) : identifier),
      }),
      { fields: { callbackMark: 'mark' }, callbackList: 'AI callbacks' },
    );
    const doubtful = { ...withKey(rowOf('a', lunch)), inDoubt: true };

    const early = await dialer.deliver([doubtful]);
    clock.set('2026-03-02T20:00:20.000Z');
    const late = await dialer.deliver([doubtful]);
    mark = 'ada0000000000a:1';
    const marked = await dialer.deliver([doubtful]);

    expect(early.get('a')).toMatchObject({ kind: 'notYet', until: '2026-03-02T20:00:20.000Z' });
    expect(late.get('a')?.kind).toBe('submitted');
    expect(marked.get('a')?.kind).toBe('done');
  });
});
