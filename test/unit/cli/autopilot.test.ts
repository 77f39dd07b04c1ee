import { userInfo } from 'node:os';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CommandSite, makeCommandSite } from '../../support/command-site.ts';
import { linesOf } from './run-main.ts';

let site: CommandSite;

beforeEach(async () => {
  site = makeCommandSite();
  await site.withStore((store) => store.ping());
});

afterEach(() => site.remove());

it('holds the share of a dialer, shows who did, and releases it', async () => {
  const held = await site.run('autopilot', 'hold', '25', '--dialer', 'carousel', '--why', 'new prompt');
  const shown = await site.run('autopilot');
  const [json] = linesOf(await site.run('autopilot', 'status', '--json'));
  const released = await site.run('autopilot', 'release');
  const again = await site.run('autopilot', 'release');

  const by = `cli:${userInfo().username}`;
  expect(held.out).toBe('carousel: 25 % of the calls go to the AI until it is released.\n');
  expect(shown.out).toContain('The autopilot is off');
  expect(shown.out).toContain(`carousel: 25 % of the calls go to the AI, set by ${by} at `);
  expect(json).toMatchObject({ enabled: false, dialer: 'carousel', share: 25, control: { by, note: 'new prompt' } });
  expect(released.out).toBe('carousel: released, all calls go to the AI.\n');
  expect(again.out).toBe('carousel: nobody holds its share.\n');
  const acts = await site.withStore((store) => store.auditLog(9));
  expect(acts.map(({ act, subject }) => [act, subject])).toEqual([
    ['share-lifted', 'carousel'],
    ['share-set', 'carousel'],
  ]);
});

it.each([
  ['a share that is none', ['hold', '101', '--why', 'x'], 'from 0 to 100'],
  ['a dialer that is not there', ['hold', '5', '--dialer', 'nobody', '--why', 'x'], 'There are: carousel.'],
  ['no reason', ['hold', '5', '--why', '  '], 'Say why, in at most 180 letters.'],
  ['a reason that can not be kept whole', ['hold', '5', '--why', 'x'.repeat(181)], 'Say why, in at most 180 letters.'],
])('refuses %s', async (_what, words, why) => {
  const run = await site.run('autopilot', ...words);

  expect(run.exitCode).toBe(1);
  expect(run.err).toContain(why);
  expect(await site.withStore((store) => store.controls())).toEqual([]);
});

it('says who holds a share that is not of the dialer alone, and does not release it', async () => {
  const scope = { dialer: '', campaign: '', aspect: '' } as const;
  const at = '2026-11-21T12:00:00.000Z';
  const held = { kind: 'share', scope, percent: 5, note: 'a drill', by: 'api:desk', at } as const;
  await site.withStore((store) =>
    store.setControl(held, { at, by: held.by, act: 'share-set', subject: '', details: {} }),
  );

  const released = await site.run('autopilot', 'release', '--dialer', 'carousel');

  expect(released.out).toContain('carousel: 5 % are held for everywhere by api:desk.');
  expect(released.out).toContain('DELETE /v1/controls');
  expect(await site.withStore((store) => store.controls())).toEqual([held]);
});
