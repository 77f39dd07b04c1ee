import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CallCenter, faultIn, openCallCenter, textOf } from './call-center.ts';

describe('the limits of the Five9 simulator', () => {
  let center: CallCenter;
  beforeEach(async () => {
    center = await openCallCenter({ limits: { Query: { minute: 2, hour: 3, day: 4 } } });
  });
  afterEach(() => center.five9.stop());

  async function queryFault(): Promise<string> {
    return faultIn((await center.soap('getListsInfo')).body);
  }

  it('refuses what is over the limit of a minute, until the next one by the clock', async () => {
    center.clock.advance(59_000);

    expect([await queryFault(), await queryFault()]).toEqual(['', '']);
    const over = await center.soap('getListsInfo');
    expect(faultIn(over.body)).toBe('OperationsLimitExceededFault');
    expect([textOf(over.body, 'limit'), textOf(over.body, 'operationType')]).toEqual(['2', 'Query']);

    center.clock.advance(1000);
    expect(await queryFault()).toBe('');
  });

  it('ends a day at midnight in Los Angeles', async () => {
    for (let hour = 0; hour < 4; hour += 1) {
      expect(await queryFault()).toBe('');
      center.clock.advance(3_600_000);
    }
    center.clock.leapTo('2026-11-25T07:59:59.000Z');
    expect(await queryFault()).toBe('OperationsLimitExceededFault');

    center.clock.leapTo('2026-11-25T08:00:00.000Z');
    expect(await queryFault()).toBe('');
  });

  it('tells the counters of each window, without counting that itself', async () => {
    await queryFault();

    await center.soap('getCallCountersState');
    const { body } = await center.soap('getCallCountersState');

    const query = '<limit>2</limit><operationType>Query</operationType><value>1</value>';
    const upload = '<limit>2000</limit><operationType>AsynchronousUpload</operationType><value>0</value>';
    expect(body).toContain(`<return><callCounterStates>${query}</callCounterStates>`);
    expect(body).toContain(`<callCounterStates>${upload}</callCounterStates>`);
    expect([...body.matchAll(/<timeout>(\d+)</g)].map(([, seconds]) => seconds)).toEqual(['60', '3600', '86400']);
  });

  it('counts an addition to the DNC list in both of its categories', async () => {
    await center.five9.stop();
    center = await openCallCenter({
      limits: { Modify: { minute: 9, hour: 9, day: 9 }, Upload: { minute: 1, hour: 9, day: 9 } },
    });
    center.clock.leapTo('2026-11-25T08:00:00.000Z');

    const first = await center.soap('addNumbersToDnc', '<numbers>7205550101</numbers>');
    const second = await center.soap('addNumbersToDnc', '<numbers>7205550102</numbers>');
    const counters = await center.soap('getCallCountersState');

    expect(faultIn(first.body)).toBe('');
    expect(textOf(second.body, 'operationType')).toBe('Upload');
    expect(counters.body).toContain('<limit>9</limit><operationType>Modify</operationType><value>1</value>');
  });
});
