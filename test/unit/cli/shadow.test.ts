import { userInfo } from 'node:os';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FactBody } from '../../../src/domain/fact.ts';
import { type MadeUpServer, startMadeUpServer } from '../../contract/made-up/made-up-server.ts';
import { callerCode, committed, entry, legOf, record, registration } from '../../contract/store/store-cast.ts';
import { type CommandSite, makeCommandSite } from '../../support/command-site.ts';
import { linesOf } from './run-main.ts';

const by = `cli:${userInfo().username}`;

let site: CommandSite;
let server: MadeUpServer;

beforeEach(async () => {
  const ada = { key: '7', number: '3125550100', name: 'Ada', values: {} };
  const ben = { key: '8', number: '3125550108', name: 'Ben', values: { disposition: 'sold' } };
  server = await startMadeUpServer([ada, ben]);
  site = makeCommandSite({ url: server.url, campaign: 'SPRING', dispositions: { sale: 'sold' } });
});
afterEach(async () => {
  await server.stop();
  site.remove();
});

async function callsInShadow(...leadKeys: string[]): Promise<void> {
  await site.withStore(async (store) => {
    for (const leadKey of leadKeys) {
      const leg = legOf(`V${leadKey}`, { dialer: 'carousel', leadKey });
      const body: FactBody = { ...(registration(leg) as Extract<FactBody, { kind: 'registered' }>), shadow: ['*'] };
      const ref = [callerCode(`V${leadKey}`)];
      await record(
        store,
        entry(ref, 'registered', body, { source: 'carousel' }),
        entry(ref, 'commit', committed('sale')),
      );
    }
  });
}

it('reports what was only shown beside what the dialer holds, with totals', async () => {
  await callsInShadow('7', '8', '404');

  const rows = linesOf(await site.run('shadow', 'report', '--json'));

  const told = rows.slice(0, -1).map(({ lead, wanted, holds, verdict }) => [lead, wanted, holds, verdict]);
  expect(told.sort()).toEqual([
    ['404', 'sold (sale)', '', 'unknown'],
    ['7', 'sold (sale)', '', 'would-change'],
    ['8', 'sold (sale)', 'sold', 'holds-it'],
  ]);
  expect(rows.at(-1)).toEqual({ totals: { 'would-change': 1, 'holds-it': 1, 'set-since': 0, unknown: 1 } });
  expect(await server.journal()).toEqual([]);
});

it.each([
  [['report'], '1 write-backs were only shown: would change it 1.'],
  [['report', '--since', '2026-11-22'], 'Nothing was only shown'],
  [['report', '--campaign', 'SPRNIG'], 'no call of SPRNIG ran in shadow'],
  [['report', '--csv', '--campaign', 'AUTUMN'], 'id,call,dialer,campaign,lead,aspect,wanted,holds,verdict,why,at'],
])('shows people what they asked for: %j', async (words, said) => {
  await callsInShadow('7');

  expect((await site.run('shadow', ...words)).out).toContain(said);
});

const migrated = () => site.withStore(async () => undefined);

it('decides a stage, shows it, and takes it back, all on the record', async () => {
  await migrated();
  const decided = await site.run('stage', '10', '--dialer', 'carousel', '--why', 'the first day');
  const shown = linesOf(await site.run('stage', '--json'));
  const lifted = await site.run('stage', '--dialer', 'carousel', '--lift');
  const after = linesOf(await site.run('stage', '--json'));

  expect(decided.out).toContain('carousel: calls of 10 % of the leads are written');
  expect(shown).toMatchObject([{ dialer: 'carousel', campaign: 'SPRING', percent: 10, control: { by } }]);
  expect(lifted.exitCode).toBe(0);
  expect(lifted.out).toMatch(/^carousel\tSPRING\tall calls are written\tby the configuration/m);
  expect(after).toMatchObject([{ percent: 100, control: null }]);
  const acts = await site.withStore(async (store) =>
    (await store.auditLog(9)).map(({ act, subject }) => [act, subject]),
  );
  expect(acts).toEqual([
    ['stage-lifted', 'carousel'],
    ['stage-set', 'carousel'],
  ]);
});

it('decides about a campaign however it is padded, and doubts one that no configuration names', async () => {
  await migrated();
  const padded = await site.run('stage', '10', '--campaign', ' SPRING ', '--why', 'the first day');
  const misspelt = await site.run(
    'stage',
    '0',
    '--dialer',
    'carousel',
    '--campaign',
    'SPRNIG',
    '--why',
    'the first day',
  );
  const controls = await site.withStore((store) => store.controls());

  expect([padded.exitCode, misspelt.exitCode]).toEqual([0, 0]);
  expect(padded.out).not.toContain('meant');
  expect(misspelt.out).toContain('The configuration of carousel does not name the campaign SPRNIG');
  expect(misspelt.out).toContain('Is SPRING meant?');
  // One that is not configured yet can be decided about all the same.
  expect(controls.map(({ scope }) => scope.campaign).sort()).toEqual(['SPRING', 'SPRNIG']);
});

it.each([
  [['stage', '101', '--why', 'x'], 'whole number from 0'],
  [['stage', '10'], 'Say why'],
  [['stage', '10', '--why', ' '], 'Say why'],
  [['stage', '10', '--dialer', 'nobody', '--why', 'x'], 'no dialer called "nobody"'],
  [['stage', '--lift'], 'Nothing was decided for everywhere'],
  [['stage', '10', '--lift'], 'Leave one of them out'],
  [['shadow', 'report', '--dialer', 'nobody'], 'There are: carousel.'],
])('refuses %j, and says what it takes', async (words, said) => {
  await migrated();
  const { exitCode, err } = await site.run(...words);

  expect([exitCode, err]).toEqual([1, expect.stringContaining(said)]);
});
