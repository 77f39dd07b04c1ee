import { describe, expect, it } from 'vitest';
import { readReceipt, writeReceipt } from '../../../connectors/five9/write/imports.ts';
import type { DeliveryAnswers } from '../../../src/domain/delivery.ts';
import type { Desired } from '../../../src/domain/write-back.ts';
import { rowOf, sale } from './cast.ts';
import { answerXml, faultXml } from './soap-stub.ts';
import { dialledList, start, stopAfterEach, withKey } from './start-dialer.ts';

stopAfterEach();

const summary: Desired = { aspect: 'fields', fields: { ai_summary: 'Wants a quote' } };
const inSummer = (id: string) => {
  const row = withKey(rowOf(id, sale), id);
  return { ...row, target: { ...row.target, campaign: 'Summer' } };
};

/** Each import gets an identifier of its own. */
async function startImports(config: Record<string, unknown> = {}) {
  let imports = 0;
  return start((operation) => {
    if (operation !== 'getCallCountersState') imports += 1;
    const identifier = `<return><identifier>import-${imports}</identifier></return>`;
    return { body: answerXml(operation, dialledList(operation) ?? identifier) };
  }, config);
}

describe('the receipt of an import', () => {
  it('is read as it was written', () => {
    const putBackAt = '2026-11-20T17:00:00.000Z';

    expect(readReceipt(writeReceipt('disp', 'a:b', 100, putBackAt))).toEqual({
      kind: 'disp',
      identifier: 'a:b',
      lines: 100,
      putBackAt,
    });
  });

  it.each(['', 'disp:', 'disp:a', 'disp:a:5@', 'mail:a:5', 'disp:a:5@9999999999999999999'])(
    'is none when it says %s',
    (receipt) => {
      expect(readReceipt(receipt)).toBeNull();
    },
  );
});

describe('receipts', () => {
  it('keeps the receipt of each import before the next is sent', async () => {
    const { dialer, operations } = await startImports();
    const story: string[] = [];
    const keep = async (answers: DeliveryAnswers) => {
      const [answer] = answers.values();
      story.push(`${operations().length} sent, kept ${answer?.kind === 'submitted' ? answer.receipt : ''}`);
    };

    await dialer.deliver([withKey(rowOf('a', sale), '1'), inSummer('b')], keep);

    expect(story).toEqual(['1 sent, kept disp:import-1:1', '2 sent, kept disp:import-2:1']);
  });

  it('sends nothing more once a receipt could not be kept', async () => {
    const { dialer, operations } = await startImports();
    const keep = () => Promise.reject(new Error('the store is away'));

    const answers = await dialer.deliver([withKey(rowOf('a', sale), '1'), inSummer('b'), rowOf('c', summary)], keep);

    expect(operations()).toEqual(['asyncUpdateCampaignDispositions']);
    expect(answers.get('a')).toMatchObject({ kind: 'submitted' });
    for (const id of ['b', 'c']) expect(answers.get(id)).toMatchObject({ kind: 'retry', inDoubt: false });
  });

  it('asks ever less often while an import runs', async () => {
    const { dialer, clock } = await start((operation) => ({ body: answerXml(operation, '<return>true</return>') }));
    const waits: number[] = [];

    for (let look = 0; look < 7; look += 1) {
      const answer = (await dialer.confirm?.('disp:import-1:1', [rowOf('a', sale)]))?.get('a');
      waits.push(answer?.kind === 'notYet' ? Date.parse(answer.until) - clock.now() : 0);
    }

    expect(waits.map((ms) => ms / 1000)).toEqual([2, 4, 8, 16, 32, 60, 60]);
  });

  it.each([
    ['a limit that is used up', faultXml('OperationsLimitExceeded')],
    ['a login that is refused', { status: 401, body: '<html>401</html>' }],
  ])('cost no try while %s keeps us from looking', async (_name, refusal) => {
    const { dialer } = await start((operation) => (operation === 'isImportRunning' ? refusal : { body: '' }));

    const answers = await dialer.confirm?.('disp:import-1:1', [rowOf('a', sale)]);

    expect(answers?.get('a')?.kind).toBe('notYet');
  });
});

describe('gathering', () => {
  const young = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      withKey(rowOf(`row-${index}`, sale, { createdAt: '2026-03-02T20:00:00.000Z' }), String(index)),
    );

  it('sends full imports at once, and lets the rest wait for company', async () => {
    const { dialer, operations } = await startImports({ batch: { rows: 2, flushMs: 60_000 } });

    const answers = await dialer.deliver(young(5));

    expect([...answers.values()].map(({ kind }) => kind).sort()).toEqual([
      'notYet',
      ...Array.from({ length: 4 }, () => 'submitted'),
    ]);
    expect(operations()).toHaveLength(2);
  });

  it('lets nothing go along with a row in doubt, which goes alone', async () => {
    const { dialer, stub } = await startImports({ batch: { rows: 100, flushMs: 60_000 } });
    const [doubtful, ...others] = young(5).map((row, index) => ({ ...row, inDoubt: index === 0 }));
    if (!doubtful) throw new Error('there are five');

    const answers = await dialer.deliver([...others, doubtful]);

    expect(answers.get(doubtful.id)).toMatchObject({ kind: 'submitted', receipt: 'disp:import-1:1' });
    expect(others.map(({ id }) => answers.get(id)?.kind)).toEqual(others.map(() => 'notYet'));
    expect(stub.requests.filter(({ operation }) => operation === 'asyncUpdateCampaignDispositions')).toHaveLength(1);
  });

  it('updates a few contacts one at a time, and more as an import', async () => {
    const { dialer, operations } = await startImports({ batch: { singlesUpTo: 2 } });
    const rows = ['1', '2', '3'].map((key) => withKey(rowOf(key, summary), key));

    await dialer.deliver(rows.slice(0, 2));
    await dialer.deliver(rows);

    expect(operations()).toEqual(['updateCrmRecord', 'updateCrmRecord', 'asyncUpdateCrmRecords']);
  });
});
