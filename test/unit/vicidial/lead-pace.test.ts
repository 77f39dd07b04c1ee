import { describe, expect, it } from 'vitest';
import { gentlePace } from '../../../connectors/vicidial/leads/pace.ts';
import { mergeWindows, offsetWindow, serverWindow } from '../../../connectors/vicidial/leads/windows.ts';

describe('a gentle pace', () => {
  it('never reads for more than its share of the time, also when many ask at once', async () => {
    const time = handTime();
    const pace = gentlePace(0.2, time);
    const reads = [30, 5, 80, 10];

    await Promise.all(reads.map((ms) => pace.run(async () => time.pass(ms))));
    await pace.run(async () => undefined);

    const readingMs = reads.reduce((sum, ms) => sum + ms, 0);
    expect(time.now()).toBeCloseTo(readingMs / 0.2);
    expect(time.most()).toBe(1);
  });

  it('rests after a read that failed, and as long as it was told to', async () => {
    const time = handTime();
    const pace = gentlePace(0.5, time);

    await expect(
      pace.run(async () => {
        time.pass(40);
        throw new Error('away');
      }),
    ).rejects.toThrow('away');
    pace.rest(500);
    await pace.run(async () => undefined);

    expect(time.now()).toBe(540);
  });
});

describe('spans of time as the tables hold them', () => {
  const at = (text: string) => Date.parse(text);

  it('are ten minutes wider than asked', () => {
    expect(serverWindow(at('2026-06-01T12:00:00Z'), at('2026-06-01T13:00:00Z'), 'America/Denver')).toEqual({
      from: '2026-06-01 05:50:00',
      to: '2026-06-01 07:10:00',
    });
  });

  it('hold the hour that comes twice in autumn whole', () => {
    // 01:50 in summer time, then 01:15 in winter time: the second text is the smaller one.
    const window = serverWindow(at('2026-11-01T08:00:00Z'), at('2026-11-01T08:15:00Z'), 'America/Denver');
    const crossing = serverWindow(at('2026-11-01T07:55:00Z'), at('2026-11-01T08:05:00Z'), 'America/Denver');

    expect(window.from <= '2026-11-01 01:00:00' && window.to >= '2026-11-01 01:25:00').toBe(true);
    expect(crossing.from <= '2026-11-01 01:00:00' && crossing.to > '2026-11-01 01:59:59').toBe(true);
  });

  it('are those of people elsewhere by their offset, also half an hour', () => {
    expect(offsetWindow(at('2026-06-01T12:00:00Z'), at('2026-06-01T12:00:00Z'), -3.5)).toEqual({
      from: '2026-06-01 08:20:00',
      to: '2026-06-01 08:40:00',
    });
  });

  it('are put together where they touch', () => {
    const window = (from: string, to: string) => ({ from, to });

    expect(mergeWindows([window('5', '7'), window('1', '3'), window('2', '4'), window('1', '2')])).toEqual([
      window('1', '4'),
      window('5', '7'),
    ]);
  });
});

function handTime() {
  let now = 0;
  let running = 0;
  let most = 0;
  return {
    now: () => now,
    pass(ms: number) {
      running += 1;
      most = Math.max(most, running);
      now += ms;
      running -= 1;
    },
    async wait(ms: number) {
      now += ms;
    },
    most: () => most,
  };
}
