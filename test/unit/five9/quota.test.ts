import { describe, expect, it } from 'vitest';
import type { Backlog } from '../../../src/domain/delivery.ts';
import type { Aspect } from '../../../src/domain/write-back.ts';
import { rowOf, sale } from './cast.ts';
import { answerXml } from './soap-stub.ts';
import { identifier, start, stopAfterEach, withKey } from './start-dialer.ts';

stopAfterEach();

const hour = 3600;
const day = 86_400;
const nothing: Backlog[] = [];
const twelveThousand: Backlog[] = [
  { aspect: 'callback', waiting: 300, due: 300, submitted: 0 },
  { aspect: 'disposition', waiting: 12_000, due: 11_000, submitted: 500 },
  { aspect: 'dnc', waiting: 40, due: 0, submitted: 0 },
];

/** Counters of one category: used in the minute, the hour and the day, of Five9's documented limits for uploads. */
function countersXml(category: string, limits: number[], used: number[]): string {
  const windows = [60, hour, day].map(
    (seconds, index) =>
      `<return><callCounterStates><limit>${limits[index]}</limit><operationType>${category}</operationType>` +
      `<value>${used[index]}</value></callCounterStates><timeout>${seconds}</timeout></return>`,
  );
  return windows.join('');
}

async function startWith(backlog: readonly Backlog[], counters: string | null) {
  return start(
    (operation) =>
      counters === null
        ? { status: 503, body: '<html>away</html>', isRaw: true }
        : { body: answerXml(operation, operation === 'getCallCountersState' ? counters : '') },
    { callbackList: 'AI callbacks' },
    { backlog: async () => backlog },
  );
}

async function run(dialer: Awaited<ReturnType<typeof startWith>>['dialer'], isJson = false) {
  const lines: string[] = [];
  const command = dialer.commands?.find(({ name }) => name === 'quota');
  const code = await command?.run([], {}, { write: (line) => lines.push(line), isTerminal: false, isJson });
  return { code, lines, text: lines.join('\n') };
}

describe('the command quota', () => {
  it('shows what is left by category and window, and when the backlog will be through', async () => {
    const { dialer } = await startWith(
      twelveThousand,
      countersXml('AsynchronousUpload', [20, 1000, 2000], [16, 16, 90]),
    );

    const { code, lines } = await run(dialer);

    expect(code).toBe(0);
    expect(lines).toContain('left of             minute              hour                day');
    expect(lines).toContain('AsynchronousUpload  4 of 20             984 of 1000         1910 of 2000');
    expect(lines).toContain('Query               450 of 450          15000 of 15000      172800 of 172800');
    // One more in this minute, two in the next.
    expect(lines).toContain(
      'callback: 300 wait, 300 of them due; 0 sent and not confirmed yet. 3 requests of AsynchronousUpload: sent in about a minute (2026-03-02T20:01:00.000Z).',
    );
    expect(lines).toContain(
      'disposition: 12000 wait, 11000 of them due; 500 sent and not confirmed yet. 3 requests of Upload: sent in about a minute (2026-03-02T20:00:00.000Z).',
    );
    // At 23:00 in California.
    expect(lines).toContain(
      'dnc: 40 wait, 0 of them due; 0 sent and not confirmed yet. 1 requests of Upload: sent in about 11 hours (2026-03-03T07:00:00.000Z).',
    );
    expect(lines.at(-1)).toMatch(/^An estimate: if nothing is added, nobody else uses the limits/);
  });

  it('waits for the day when the day is used up', async () => {
    const { dialer } = await startWith(
      [{ aspect: 'callback', waiting: 1, due: 1, submitted: 0 }],
      countersXml('AsynchronousUpload', [20, 1000, 2000], [0, 0, 1700]),
    );

    expect((await run(dialer)).text).toContain('sent in about 12 hours (2026-03-03T08:00:00.000Z)');
  });

  it('gives the same as JSON, for a program', async () => {
    const { dialer } = await startWith(twelveThousand, countersXml('Upload', [20, 400, 2000], [5, 6, 7]));

    const { lines } = await run(dialer, true);
    const told = JSON.parse(lines.join('')) as { limits: object[]; backlog: object[]; isFromFive9: boolean };

    expect(lines).toHaveLength(1);
    expect(told.isFromFive9).toBe(true);
    expect(told.limits).toContainEqual({
      category: 'Upload',
      window: 'minute',
      limit: 20,
      used: 5,
      left: 15,
      leftForWriteBacks: 12,
      endsAt: '2026-03-02T20:01:00.000Z',
    });
    expect(told.backlog).toContainEqual(
      expect.objectContaining({ aspect: 'disposition', waiting: 12_000, requests: 3 }),
    );
  });

  it('says so when Five9 can not be asked', async () => {
    const { dialer } = await startWith(nothing, null);

    const { code, text } = await run(dialer);

    expect(code).toBe(1);
    expect(text).toContain("Five9's own counters could not be read");
    expect(text).toContain('No write-back waits.');
  });
});

describe('the metrics', () => {
  it('show the backlog of the last look, and how long it will take; the limits and what is used are quotas', async () => {
    const { dialer } = await startWith(
      twelveThousand,
      countersXml('AsynchronousUpload', [20, 1000, 2000], [16, 16, 90]),
    );
    await run(dialer);
    await dialer.jobs?.find(({ name }) => name === 'backlog')?.run(new AbortController().signal);

    const metrics = new Map(dialer.metrics?.().map(({ name, samples }) => [name, samples]));

    expect(dialer.quotas?.()).toContainEqual({ name: 'AsynchronousUpload', used: 16, limit: 20, per: 'minute' });
    expect(metrics.get('patchbay_five9_backlog_rows')).toContainEqual({
      labels: { dialer: 'five9', aspect: 'disposition', state: 'waiting' },
      value: 12_000,
    });
    expect(metrics.get('patchbay_five9_backlog_seconds')).toContainEqual({
      labels: { dialer: 'five9', aspect: 'callback' },
      value: 60,
    });
  });
});

it('lets a backlog that must be looked up come by turns of 450 a minute, and holds up nobody whose key is known', async () => {
  const { dialer, clock } = await start((operation) => ({
    body: answerXml(
      operation,
      operation === 'getCallCountersState' ? countersXml('Query', [450, 15_000, 172_800], [450, 450, 450]) : identifier,
    ),
  }));
  const names = Array.from({ length: 1000 }, (_, index) => `call-${index}`);

  const answers = await dialer.deliver([...names.map((name) => rowOf(name, sale)), withKey(rowOf('ada', sale))]);

  expect(answers.get('ada')?.kind).toBe('submitted');
  const minutes = names.map((name) => {
    const answer = answers.get(name);
    return answer?.kind === 'notYet' ? Math.floor((Date.parse(answer.until) - clock.now()) / 60_000) : -1;
  });
  const counts = [...Map.groupBy(minutes, (minute) => minute)].map(([minute, rows]) => [minute, rows.length]);
  expect(counts).toEqual([
    [1, 450],
    [2, 450],
    [3, 100],
  ]);
});

describe('an aspect is paused', () => {
  it.each<[Aspect, string, string]>([
    ['callback', 'AsynchronousUpload', 'open'],
    ['dnc', 'Query', '2026-03-02T20:01:01.000Z'],
    ['disposition', 'AsynchronousUpload', 'open'],
    ['fields', 'AsynchronousUpload', 'open'],
  ])('%s, when %s is used up: until %s, as long as none of its ways is open', async (aspect, category, expected) => {
    const { dialer } = await startWith(nothing, countersXml(category, [20, 1000, 2000], [20, 20, 20]));
    await run(dialer);

    const until = dialer.pausedUntil?.(aspect) ?? -1;

    expect(until === 0 ? 'open' : new Date(until).toISOString()).toBe(expected);
  });

  it('when the look that keeps agents from being written over is used up', async () => {
    const { dialer } = await start(
      (op) => ({ body: answerXml(op, countersXml('Query', [450, 15_000, 172_800], [450, 450, 450])) }),
      { fields: { lastAgentDisposition: 'agent_disp', lastAgentDispositionAt: 'agent_disp_at' } },
      { backlog: async () => nothing },
    );
    await run(dialer);

    const paused = (['disposition', 'fields'] as const).map((aspect) => dialer.pausedUntil?.(aspect));

    expect(paused).toEqual([Date.parse('2026-03-02T20:01:01.000Z'), 0]);
  });

  it.each([
    ['used up', 450, '2026-03-02T20:01:01.000Z'],
    ['open', 10, 'now'],
  ])('and imports are not asked about while the limit of queries is %s', async (_what, used, expected) => {
    const counters = countersXml('Query', [450, 15_000, 172_800], [used, used, used]);
    const { dialer } = await start((op) => ({ body: answerXml(op, counters) }), {}, { backlog: async () => nothing });
    await run(dialer);

    const until = dialer.confirmPausedUntil?.() ?? -1;

    expect(until === 0 ? 'now' : new Date(until).toISOString()).toBe(expected);
  });

  it('no longer than Five9 says, although no request of the aspect asks it anew', async () => {
    let used = 172_800;
    const { dialer } = await start(
      (op) => ({ body: answerXml(op, countersXml('Query', [450, 15_000, 172_800], [0, 0, used])) }),
      {},
      { backlog: async () => nothing },
    );
    await run(dialer);
    const before = dialer.pausedUntil?.('dnc') ?? -1;

    used = 0;
    await dialer.jobs?.find(({ name }) => name === 'backlog')?.run(new AbortController().signal);

    expect([new Date(before).toISOString(), dialer.pausedUntil?.('dnc')]).toEqual(['2026-03-03T08:00:01.000Z', 0]);
  });
});

describe('what the console shows of the limits', () => {
  it('is what the command says: each limit that is known, and when the backlog will be through', async () => {
    const { dialer } = await startWith(
      twelveThousand,
      countersXml('AsynchronousUpload', [20, 1000, 2000], [16, 16, 90]),
    );
    const { lines } = await run(dialer, true);
    const said = JSON.parse(lines[0] ?? '') as { backlog: { aspect: Aspect; throughAt: string | null }[] };

    const quotas = dialer.quotas?.() ?? [];
    const through = dialer.throughAt?.(twelveThousand) ?? new Map();

    expect(quotas).toContainEqual({ name: 'AsynchronousUpload', used: 90, limit: 2000, per: 'day' });
    expect(quotas.every(({ limit }) => limit > 0)).toBe(true);
    for (const { aspect, throughAt } of said.backlog) {
      const ours = through.get(aspect) ?? null;
      expect([aspect, ours === null ? null : new Date(ours).toISOString()]).toEqual([aspect, throughAt]);
    }
  });
});
