import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepCallCounts } from '../../../src/flows/keep-call-counts.ts';
import { callerCode, committed, entry, legOf, record, registration } from '../../contract/store/store-cast.ts';
import { type CommandSite, makeCommandSite } from '../../support/command-site.ts';

const day = '2026-11-21';

let site: CommandSite;

/** One call of a day, sold. */
beforeAll(async () => {
  site = makeCommandSite();
  await site.withStore(async (store) => {
    const leg = legOf('mu-1', { dialer: 'carousel', campaign: 'Autumn' });
    await record(
      store,
      entry([callerCode('mu-1')], 'registered', registration(leg), { source: 'carousel' }),
      entry([callerCode('mu-1')], 'commit', committed('sale')),
    );
    const clock = { now: () => Date.parse(`${day}T23:59:00.000Z`) };
    await keepCallCounts({ store, clock, settings: { console: { timeZone: 'UTC' } } }, new Map());
  });
});
afterAll(() => site.remove());

it('prints a line for each campaign, and the total', async () => {
  const { out, exitCode } = await site.run('scorecard', '--from', day, '--to', day);

  expect(exitCode).toBe(0);
  expect(out).toContain(`Scorecard of ${day}`);
  expect(out).toMatch(/Autumn \(carousel\).*\t1 of 1\t1\t1 of 1\t/);
  expect(out).toMatch(/^all\t/m);
});

it('prints CSV and JSON', async () => {
  const csv = await site.run('scorecard', '--from', day, '--to', day, '--csv');
  const json = await site.run('scorecard', '--from', day, '--to', day, '--json');

  expect(parse(csv.out, { columns: true, bom: true })).toEqual([
    expect.objectContaining({ campaign: 'Autumn', calls: '1' }),
  ]);
  expect(JSON.parse(json.out)).toMatchObject({ firstDay: day, timeZone: 'UTC', total: { calls: 1, qualified: 1 } });
});

it.each([
  [['--from', '2026-02-30'], 'Give both days as 2026-03-02'],
  [['--to', day], '--to needs --from'],
  [['--days', 'seven'], '--days takes a number from 1 to 400.'],
])('says what is wrong with %j', async (args, words) => {
  const { err, exitCode } = await site.run('scorecard', ...args);

  expect(err).toContain(words);
  expect(exitCode).toBe(1);
});

it('says that a day has no calls', async () => {
  expect((await site.run('scorecard', '--from', '2026-01-01', '--to', '2026-01-01')).out).toContain(
    'no call was registered',
  );
});
