import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DialFigures } from '../../../src/domain/dial-figures.ts';
import { keepCallCounts } from '../../../src/flows/keep-call-counts.ts';
import { type MadeUpServer, startMadeUpServer } from '../../contract/made-up/made-up-server.ts';
import { callerCode, entry, legOf, registration } from '../../contract/store/store-cast.ts';
import { type CommandSite, makeCommandSite } from '../../support/command-site.ts';

let dialer: MadeUpServer;
let site: CommandSite;
const hour = new Date(Math.floor((Date.now() - 2 * 3_600_000) / 3_600_000) * 3_600_000).toISOString();

/** 40 calls of two minutes each within one hour, one every minute. */
beforeAll(async () => {
  dialer = await startMadeUpServer([]);
  site = makeCommandSite({ url: dialer.url });
  await site.withStore(async (store) => {
    for (let call = 0; call < 40; call += 1) {
      const at = new Date(Date.parse(hour) + call * 60_000).toISOString();
      const told = { at, receivedAt: at };
      const leg = legOf(`mu-${call}`, { dialer: 'carousel', campaign: 'Autumn', calledAt: at });
      const ended = { kind: 'ended', outcome: 'hung_up', reason: 'x', durationSec: 120, agent: 'agent_1' } as const;
      const facts = [
        entry([callerCode(`mu-${call}`)], 'registered', registration(leg), { source: 'carousel', ...told }),
        entry([callerCode(`mu-${call}`)], 'ended', ended, told),
      ];
      await store.recordFacts({ facts, now: at });
    }
    const clock = { now: () => Date.now() };
    await keepCallCounts({ store, clock, settings: { console: { timeZone: 'UTC' } } }, new Map());
  });
});
afterAll(async () => {
  site.remove();
  await dialer.stop();
});

const autumn: DialFigures = {
  ...{ campaign: 'Autumn', spans: [{ hours: 24, answered: 200, dropped: 14 }] },
  ...{ lines: 3, level: 2, isAdaptive: false },
  ...{ levelAt: 'Menu → Level', linesAt: 'Menu → Lines', dropsAt: 'Menu → Reports' },
};

it('says for each campaign what to change, with the numbers', async () => {
  dialer.figures.splice(0, 1, autumn);

  const { out, exitCode } = await site.run('advice');

  expect(exitCode).toBe(0);
  expect(out).toContain('Autumn (carousel)');
  expect(out).toContain(
    `the busiest hour, from ${hour} on: 40 calls with the AI of 120 s, 0 refused for want of room, 2 at once`,
  );
  expect(out).toContain('  lines: raise from 3 to 6\n');
  expect(out).toContain('    → Menu → Lines: 6\n');
  expect(out).toContain('  dial level: lower from 2 to 1.4\n');
  expect(out).toContain('14 of 200 answered calls were dropped in 24 h (7.0 %)');
});

it('says why when a dialer does not answer, and goes on with our own calls', async () => {
  dialer.failNext('down', 1);

  const { out } = await site.run('advice');

  expect(out).toContain('carousel could not be asked: the made-up dialer did not answer');
  expect(out).toContain('lines: 6 (how many there are is not known)');
  expect(out).toContain('dial level: too little data');
});

it('prints JSON, and only what was asked for', async () => {
  const all = JSON.parse((await site.run('advice', '--json')).out);
  const other = await site.run('advice', '--campaign', 'Winter');

  expect(all.advice).toMatchObject([{ dialer: 'carousel', campaign: 'Autumn', lines: { wanted: 6 } }]);
  expect(other.out).toContain('No campaign called Winter was found');
});

it('names the dialers there are, where one is asked for that is none', async () => {
  const { exitCode, err } = await site.run('advice', '--dialer', 'caroussel');

  expect([exitCode, err]).toEqual([1, expect.stringContaining('There are: carousel.')]);
});
