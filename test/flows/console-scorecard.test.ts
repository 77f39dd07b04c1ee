import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { today } from '../../src/console/pages/overview/today.ts';
import { scorecardRoom } from '../../src/console/pages/scorecard/scorecard-room.ts';
import { readSpan } from '../../src/domain/day-span.ts';
import type { Fact, FactBody } from '../../src/domain/fact.ts';
import type { Role } from '../../src/domain/roles.ts';
import { countToday } from '../../src/flows/count-calls.ts';
import type { Deps } from '../../src/flows/deps.ts';
import { keepCallCounts } from '../../src/flows/keep-call-counts.ts';
import { callsByDay } from '../../src/flows/make-scorecard.ts';
import { createNoticeBoard } from '../../src/flows/notice-board.ts';
import { recordFacts } from '../../src/flows/record-facts.ts';
import { writeExport } from '../../src/flows/write-export.ts';
import { exportJobs } from '../../src/workers/exports.ts';
import { openConsole } from '../support/console-site.ts';
import { type OpenDeps, openDeps } from '../unit/flows/open-deps.ts';

/** A Monday, eleven in the morning in New York. */
const now = '2026-03-02T16:10:00.000Z';
const formula = '=HYPERLINK("http://x.example","Ada")';

let open: OpenDeps;
let deps: Deps;
let folder: string;
let made = 0;
let nowMs = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-exports-'));
  open = await openDeps({ clock: { now: () => nowMs, sleep: async () => undefined } });
  const { settings } = open.deps;
  const score = { ...settings.console.score, costs: { currency: 'USD', perMinute: 0.3, perCall: 0 } };
  deps = { ...open.deps, settings: { ...settings, console: { timeZone: 'America/New_York', score } } };
  await tell('2026-02-10T17:00:00.000Z', calls(520, null));
  await tell('2026-02-23T14:10:00.000Z', calls(30, { outcome: 'no_answer' }));
  // The last minutes of the day before by New York's clocks.
  await tell('2026-03-02T04:58:00.000Z', calls(3, { outcome: 'callback', campaign: formula }));
  await tell('2026-03-02T16:05:00.000Z', calls(25, { outcome: 'sale', durationSec: 120 }));
  await tell('2026-03-02T16:06:00.000Z', [...calls(15, { outcome: 'no_answer' }), ...calls(2, null)]);
  nowMs = Date.parse(now);
  const marks = new Map<string, string>();
  while (!(await keepCallCounts(deps, marks)).isWhole);
});
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Told {
  outcome: string;
  durationSec?: number;
  campaign?: string;
}

/** Some calls: who was called, and how each ended. */
function calls(count: number, told: Told | null): Omit<Fact, 'at'>[] {
  return Array.from({ length: count }, () => {
    made += 1;
    const key = `call-${made}`;
    const phone = `+1312555${String(made).padStart(4, '0')}`;
    const campaign = told?.campaign ?? 'Autumn';
    const leg = {
      dialer: 'carousel',
      callKey: key,
      campaign,
      list: '',
      leadKey: phone.slice(2),
      number: phone,
      phone,
      agent: '',
    };
    const fact = (source: string, body: FactBody) => {
      return { refs: [{ instance: 'carousel', kind: 'call-id', key }], source, key: `${source}-${key}`, body };
    };
    const registered = { kind: 'registered', via: 'register', route: 'ai', reason: '', fields: {} } as const;
    const { outcome = '', durationSec = 0 } = told ?? {};
    return [
      fact('carousel', { ...registered, leg: { ...leg, calledAt: '2026-02-01T00:00:00.000Z' } }),
      ...(told ? [fact('mind', { kind: 'committed', outcome, summary: 'Ada wants it', fields: {} })] : []),
      ...(durationSec ? [fact('end', { kind: 'ended', outcome: 'hung_up', reason: '', durationSec })] : []),
    ];
  }).flat();
}

async function tell(at: string, facts: readonly Omit<Fact, 'at'>[]): Promise<void> {
  nowMs = Date.parse(at);
  await recordFacts(
    deps,
    facts.map((fact) => ({ ...fact, at })),
    { budgetMs: 60_000 },
  );
}

const as = (role: Role) => request(openConsole(deps, { rooms: [scorecardRoom], role }));
const page = async (query = '') => textOf((await as('viewer').get(`/console/scorecard${query}`).expect(200)).text);
const file = async (path: string, role: Role = 'operator') => (await as(role).get(`/console/${path}`).expect(200)).text;
const textOf = (markup: string) =>
  markup
    .slice(Math.max(0, markup.indexOf('<main')))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

describe("today's calls", () => {
  it('are counted in the time of the site, and compared with the same hours a week before', async () => {
    const counts = await countToday(deps, now);

    expect(counts.day).toBe('2026-03-02');
    expect(counts.now).toMatchObject({
      calls: 42,
      open: 2,
      qualified: 25,
      contactShare: { part: 25, of: 40, share: 0.625 },
    });
    expect(counts.weekBefore).toMatchObject({ day: '2026-02-23', untilHour: 11, calls: 30 });
    expect(counts.hours.filter(({ weekBefore }) => weekBefore > 0).map((each) => each.hour)).toEqual([9]);
    expect(counts.hours[11]?.groups).toEqual({ qualified: 25, contact: 0, 'no-contact': 15, open: 2 });
    expect(counts.outcomes.map(({ outcome }) => outcome)).toEqual(['sale', 'no_answer', '']);
  });

  it('are shown as figures and charts, with their numbers as tables', async () => {
    const { markup } = await today(await countToday(deps, now));

    expect(textOf(markup)).toMatch(/Calls 42 Monday a week ago until 11:00: 30/);
    expect(textOf(markup)).toMatch(/Spoken with 62\.5 % \+62\.5 points against Monday a week ago/);
    expect(markup).toContain('<title id="today-hours-wide-title">Calls by hour</title>');
    expect(markup).toMatch(/data-label="Outcome">no answer<\/th><td class="number" data-label="Calls">15</);
  });

  it('that are none say so', async () => {
    const { markup } = await today(await countToday(deps, '2026-04-06T15:00:00.000Z'));

    expect(textOf(markup)).toContain('No call was registered today.');
  });
});

describe('the scorecard', () => {
  it('of today tells contacts, qualified, minutes and cost of each campaign', async () => {
    expect(await page('?period=today')).toMatch(/Autumn carousel – 42 62\.5 % 25 100\.0 % 0 0 50 \$0\.60/);
  });

  it('says what it counts as what, and follows the calls while it is open', async () => {
    const { text } = await as('viewer').get('/console/scorecard?period=today').expect(200);

    expect(textOf(text)).toContain(
      'Qualified are the outcomes qualified, sale, transferred; nobody was spoken with in voicemail',
    );
    expect(textOf(text)).toContain('a call costs $0.00 and a minute of the AI $0.30');
    expect(text).toContain('/console/live?page=');
    expect(text).toContain('id="score-lines" data-live');
  });

  it('gives no share of a few calls', async () => {
    expect(await page('?from=2026-03-01&to=2026-03-01')).toContain('3 of 3');
  });

  it.each([
    ['?from=2026-03-03&to=2026-03-01', 'The first day must not come after the last.'],
    ['?from=soon', 'Give both days as 2026-03-02'],
    ['?period=ever', 'Mon, 23 Feb 2026 to Sun, 1 Mar 2026'],
  ])('asked for %s says what it shows', async (query, words) => {
    expect(await page(query)).toContain(words);
  });

  it('links to what a role may take away, and no further', async () => {
    const links = async (role: Role) =>
      [...(await as(role).get('/console/scorecard')).text.matchAll(/href="\/console\/([a-z.]+)\?[^"]*" download/g)].map(
        ([, path]) => path,
      );

    expect(await links('viewer')).toEqual(['scorecard.csv', 'scorecard.json']);
    expect(await links('operator')).toEqual(['scorecard.csv', 'scorecard.json', 'calls.csv', 'calls.json']);
    await as('viewer').get('/console/calls.csv').expect(403);
  });
});

describe('the calls of each day', () => {
  it('are those of its clocks, and days without a call are there too', async () => {
    const span = readSpan('America/New_York', '2026-02-28', '2026-03-02');
    if (typeof span === 'string') throw new Error(span);

    const days = await callsByDay(deps, span);

    expect(days.map(({ day, groups }) => [day, groups.contact, groups.qualified])).toEqual([
      ['2026-02-28', 0, 0],
      ['2026-03-01', 3, 0],
      ['2026-03-02', 0, 25],
    ]);
  });
});

describe('a download', () => {
  it('of the scorecard is CSV that a spreadsheet reads, and runs nothing', async () => {
    const text = await file('scorecard.csv?period=yesterday', 'viewer');

    expect(text.startsWith('\uFEFFfirst_day,')).toBe(true);
    const rows = parse(text, { columns: true, bom: true }) as Record<string, string>[];
    expect(rows).toEqual([
      expect.objectContaining({
        campaign: `'${formula}`,
        calls: '3',
        contacts: '3',
        contact_share: '',
        ai_minutes: '0.0',
      }),
    ]);
  });

  it('of the scorecard is JSON with the days before', async () => {
    const card = JSON.parse(await file('scorecard.json?period=today')) as { total: unknown; firstDay: string };

    expect(card).toMatchObject({ firstDay: '2026-03-02', timeZone: 'America/New_York', total: { calls: 42 } });
  });

  it('of calls has every call once, however many there are, and four digits of each number', async () => {
    const rows = parse(await file('calls.csv?from=2026-02-10'), { columns: true, bom: true }) as Record<
      string,
      string
    >[];
    const list = JSON.parse(await file('calls.json?from=2026-02-10')) as Record<string, string>[];

    expect(new Set(rows.map((row) => row.correlation_id)).size).toBe(520);
    expect(rows).toHaveLength(520);
    expect(rows.every(({ phone }) => /^\*\*\*\d{4}$/.test(phone ?? ''))).toBe(true);
    expect(list).toEqual(rows);
    expect(rows.every(({ lead, phone }) => lead === phone)).toBe(true);
    expect(JSON.stringify(rows)).not.toContain('Ada wants it');
  });

  it('of days without calls is an empty list', async () => {
    expect(JSON.parse(await file('calls.json?from=2026-01-05&to=2026-01-05'))).toEqual([]);
  });

  it('has whole numbers only for an admin who asks for them, and that is noted', async () => {
    const path = '/console/calls.csv?period=yesterday';
    expect((await as('admin').get(path)).text).not.toContain('+1312555');
    await as('operator').get(`${path}&numbers=whole`).expect(404);
    expect(await deps.store.auditLog(10)).toEqual([]);

    expect((await as('admin').get(`${path}&numbers=whole`)).text).toContain('+1312555');
    expect(await deps.store.auditLog(10)).toEqual([
      expect.objectContaining({
        by: 'admin-user',
        act: 'numbers-exported',
        details: expect.objectContaining({ firstDay: '2026-03-01' }),
      }),
    ]);
  });

  it('of days that can not be read is not there', async () => {
    await as('viewer').get('/console/scorecard.csv?from=2026-03-03&to=2026-03-01').expect(404);
  });
});

describe('an export that is planned', () => {
  const planned = (more = {}) =>
    ({ what: 'scorecard', format: 'csv', days: 1, folder: join(folder, 'a', 'b'), ...more }) as const;

  it('is written under the name of its days, whole, into a folder that is made', async () => {
    const path = await writeExport(deps, planned());

    expect(path).toBe(join(folder, 'a', 'b', 'scorecard-2026-03-01.csv'));
    expect(readFileSync(path, 'utf8')).toBe(await file('scorecard.csv?period=yesterday'));
    expect(statSync(path).mode & 0o007).toBe(0);
    expect(await writeExport(deps, planned({ days: 7, format: 'json' }))).toMatch(
      /scorecard-2026-02-23-to-2026-03-01\.json$/,
    );
    expect(readdirSync(join(folder, 'a', 'b'))).toHaveLength(2);
  });

  it('that breaks off leaves the file that was there, and nothing half', async () => {
    const wish = planned({ what: 'calls', folder });
    const path = await writeExport(deps, wish);
    const before = readFileSync(path, 'utf8');
    expect(before).not.toMatch(/\d{10}/);
    const searchCalls = () => Promise.reject(new Error('the store is away'));

    await expect(writeExport({ ...deps, store: { ...deps.store, searchCalls } }, wish)).rejects.toThrow(
      'store is away',
    );

    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(readdirSync(folder).filter((name) => name !== 'a')).toEqual(['calls-2026-03-01.csv']);
  });

  it('runs by its cron in the zone of the site, and says what to do when it can not write', async () => {
    const logged: unknown[][] = [];
    const log = { ...deps.log, error: (...line: unknown[]) => void logged.push(line), info: () => undefined };
    writeFileSync(join(folder, 'taken'), '');
    const settings = { timeZone: 'America/New_York' };
    const exports = [
      { ...planned({ folder }), cron: '5 0 * * *' },
      { ...planned({ folder: join(folder, 'taken') }), cron: '5 0 * * 1' },
    ];

    const jobs = exportJobs({ ...deps, log }, { ...settings, exports }).map(({ job }) => job);
    for (const job of jobs) await job.run(new AbortController().signal);

    expect(jobs[0]).toMatchObject({ schedule: { cron: '5 0 * * *', ...settings }, isExclusive: true });
    expect(readdirSync(folder)).toContain('scorecard-2026-03-01.csv');
    expect(logged).toHaveLength(1);
    expect(logged[0]?.[0]).toMatchObject({ what: 'scorecard', hint: expect.stringContaining('console.exports') });
  });

  it('that was not written needs a person, until a later one is; and again when that fails too', async () => {
    const taken = join(folder, 'taken-again');
    const exports = [{ ...planned({ folder: taken }), cron: '5 0 * * *' }];
    const log = { ...deps.log, error: () => undefined, info: () => undefined };
    const board = createNoticeBoard({ store: () => deps.store, clock: deps.clock, log, everyMs: 1 });
    const run = async () => {
      const [planned] = exportJobs({ ...deps, log, board }, { exports, timeZone: 'UTC' });
      await planned?.job.run(new AbortController().signal);
      await board.flush();
      const open = await deps.store.attention({ kind: 'failed-export', isOpen: true, limit: 9 });
      return open.filter(({ details }) => details.folder === taken);
    };

    writeFileSync(taken, '');
    expect(await run()).toMatchObject([
      { details: { what: 'scorecard', why: expect.stringContaining('can not be written') } },
    ]);
    rmSync(taken);
    expect(await run()).toEqual([]);
    rmSync(taken, { recursive: true });
    writeFileSync(taken, '');
    expect(await run()).toHaveLength(1);
  });
});
