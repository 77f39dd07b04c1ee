import { afterEach, describe, expect, it } from 'vitest';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { bringHome, writeBackFor } from './bring-home.ts';
import { type Five9Fixture, type Five9FixtureOptions, startFive9Fixture } from './five9-fixture.ts';

const sale: Desired = { aspect: 'disposition', disposition: 'AI - Sale', outcome: 'sale' };
const noReadBack = { fields: { callbackMark: 'ai_mark' } };

describe('imports of Five9', () => {
  let fixture: Five9Fixture;
  afterEach(() => fixture.stop());

  const requests = (operation: string) => fixture.simulator.requests().filter((one) => one.operation === operation);
  const dispositions = () => fixture.simulator.effects().filter(({ kind }) => kind === 'disposition');
  const kindsOf = (answers: ReadonlyMap<string, { kind: string }>) =>
    Object.fromEntries(
      [...Map.groupBy(answers.values(), ({ kind }) => kind)].map(([kind, group]) => [kind, group.length]),
    );

  /** Sales of so many new contacts of the campaign Spring. */
  async function sales(count: number, options: Five9FixtureOptions = {}): Promise<WriteBack[]> {
    fixture = await startFive9Fixture(options);
    const target = await fixture.endedCall();
    const numbers = Array.from({ length: count }, (_, index) => `3105550${String(index).padStart(3, '0')}`);
    fixture.simulator.seed({ contacts: numbers.map((number1) => ({ fields: { number1 }, lists: ['Leads'] })) });
    return numbers.map((number1) =>
      writeBackFor({ ...target, leadKey: number1, number: number1, phone: `+1${number1}` }, sale),
    );
  }

  it('go by the batch operation when many rows wait, each row with its own end', async () => {
    const rows = await sales(120, { config: { batch: { bulkFrom: 100 } } });
    const [gone] = rows;
    if (gone) gone.target.leadKey = '2125559999';

    const answers = await bringHome(fixture, rows);

    expect(kindsOf(answers)).toEqual({ refused: 1, done: 119 });
    expect(answers.get(gone?.id ?? '')?.kind).toBe('refused');
    expect([requests('updateDispositions').length, requests('asyncUpdateCampaignDispositions').length]).toEqual([1, 0]);
    expect(dispositions()).toHaveLength(119);
  });

  it('take the batch operation when the others of the day are used up', async () => {
    const [first, second] = await sales(2, { limits: { AsynchronousUpload: { minute: 20, hour: 100, day: 1 } } });
    if (!first || !second) throw new Error('there are no rows');

    const answers = [await bringHome(fixture, [first]), await bringHome(fixture, [second])];

    expect(answers.map(kindsOf)).toEqual([{ done: 1 }, { done: 1 }]);
    expect([requests('updateDispositions').length, requests('asyncUpdateCampaignDispositions').length]).toEqual([1, 1]);
  });

  it('are read back when the answer to a batch was lost, and not sent again', async () => {
    const rows = await sales(120, { config: { batch: { bulkFrom: 100 } } });
    fixture.simulator.failNext('timeoutAfterEffect', { operation: 'updateDispositions' });

    const answers = await bringHome(fixture, rows);

    expect(kindsOf(answers)).toEqual({ done: 120 });
    expect([requests('updateDispositions').length, requests('asyncUpdateCampaignDispositions').length]).toEqual([1, 0]);
  });

  it('spend at most a hundred more a round on the rows of a lost batch that no field shows', async () => {
    const rows = await sales(250, { config: { batch: { bulkFrom: 250 }, ...noReadBack } });
    fixture.simulator.failNext('timeoutAfterEffect', { operation: 'updateDispositions' });

    const answers = await bringHome(fixture, rows);

    expect(kindsOf(answers)).toEqual({ done: 250 });
    expect(requests('updateDispositions')).toHaveLength(1);
    const sent = requests('asyncUpdateCampaignDispositions').filter(({ status }) => status === 200);
    expect(sent.length).toBe(84);
    expect(dispositions().filter(({ isChange }) => isChange)).toHaveLength(250);
  });

  it('find the one row that an import silently passed over, and lose no other', async () => {
    const rows = await sales(5, { switches: { recordOutsideCampaign: 'ignored' } });
    fixture.simulator.seed({ contacts: [{ fields: { number1: '3105559999' } }] });
    const [stranger] = rows;
    if (stranger) stranger.target.leadKey = '3105559999';

    const answers = await bringHome(fixture, rows);

    expect(kindsOf(answers)).toEqual({ refused: 1, done: 4 });
    expect(answers.get(stranger?.id ?? '')).toMatchObject({ kind: 'refused', hint: expect.stringContaining('list') });
    expect(dispositions().filter(({ isChange }) => isChange)).toHaveLength(4);
  });

  describe('an agent whose word crosses with one', () => {
    const tomorrow = '2026-03-04T15:00:00.000Z';
    const wishes: Desired[] = [sale, { aspect: 'callback', at: tomorrow, note: '' }];

    /** A row whose import is on its way when the agent speaks. */
    async function crossing(desired: Desired, options: Five9FixtureOptions = {}): Promise<WriteBack> {
      fixture = await startFive9Fixture(options);
      const row = writeBackFor(await fixture.endedCall(), desired);
      const answer = (await fixture.dialer.deliver([row])).get(row.id);
      if (answer?.kind !== 'submitted') throw new Error('the import was not sent');
      await fixture.agentSets?.(row.target);
      return { ...row, state: 'submitted', receipt: answer.receipt };
    }
    /** When every import is through. */
    function recordOf({ target }: WriteBack): string | undefined {
      fixture.clock.leapTo(tomorrow);
      return fixture.simulator.state(target.number).dispositions[target.campaign];
    }

    it.each(wishes)('has it stand in the record: $aspect', async (wish) => {
      const row = await crossing(wish);

      const answers = await bringHome(fixture, [row]);

      expect(answers.get(row.id)).toMatchObject({ kind: 'overtaken', disposition: 'Agent - Sold' });
      expect(recordOf(row)).toBe('Agent - Sold');
    });

    it.each(wishes)('has it stand after an import whose answer was lost: $aspect', async (wish) => {
      fixture = await startFive9Fixture();
      const row = writeBackFor(await fixture.endedCall(), wish);
      fixture.simulator.failNext('timeoutAfterEffect', {
        operation: wish.aspect === 'callback' ? 'asyncAddRecordsToList' : 'asyncUpdateCampaignDispositions',
      });
      expect((await fixture.dialer.deliver([row])).get(row.id)).toMatchObject({ kind: 'retry', inDoubt: true });
      await fixture.agentSets?.(row.target);

      const answers = await bringHome(fixture, [{ ...row, inDoubt: true, attempts: 1 }]);

      expect(answers.get(row.id)).toMatchObject({ kind: 'overtaken', disposition: 'Agent - Sold' });
      expect(recordOf(row)).toBe('Agent - Sold');
    });
  });
});
