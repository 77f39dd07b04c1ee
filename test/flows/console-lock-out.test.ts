import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetTriesOf, locksOf } from '../../src/console/auth/tries.ts';
import type { Browser } from '../support/cookie-browser.ts';
import { type GuardedConsole, startGuardedConsole, users } from '../support/guarded-console.ts';
import { type OpenDeps, openDeps } from '../unit/flows/open-deps.ts';

const minute = 60_000;
const office = '192.0.2.10';
const elsewhere = '198.51.100.20';

let open: OpenDeps;
let site: GuardedConsole;
/** Another process, which locks at the first wrong one. */
let strict: GuardedConsole;
/** Audit entries before the test. */
let told = 0;

beforeAll(async () => {
  open = await openDeps();
});
beforeEach(async () => {
  told = (await open.deps.store.auditLog(100)).length;
  site = await startGuardedConsole(open.deps, { rooms: [], settings: { lockOut: { tries: 3, minutes: 15 } } });
  strict = await site.another({ lockOut: { tries: 1, minutes: 15 } });
});
afterEach(async () => {
  await Promise.all([site.stop(), strict.stop()]);
  const never = '2099-01-01T00:00:00.000Z';
  await open.deps.store.dropOldTries({ before: never, now: never });
});
afterAll(() => open.close());

/** The statuses of so many wrong passwords, one after another. */
async function guess(browser: Browser, name: string, count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let tried = 0; tried < count; tried += 1) statuses.push((await browser.logIn(name, `guess ${tried}`)).status);
  return statuses;
}

describe('wrong passwords', () => {
  it('lock a user at an address, who is told until when; the right one is not looked at', async () => {
    const browser = site.browser(office);

    expect(await guess(browser, 'ada', 3)).toEqual([403, 403, 429]);
    const locked = await browser.logIn('ada', users.ada.password);
    expect(locked.status).toBe(429);
    expect(locked.text).toMatch(/Try again after \d\d:\d\d:\d\d/);
    expect(Number(locked.headers.get('retry-after'))).toBe(15 * 60);

    site.clock.moveBy(15 * minute + 1);
    expect((await browser.logIn('ada', users.ada.password)).status).toBe(303);
    const entries = await open.deps.store.auditLog(100);
    const acts = entries.slice(0, entries.length - told).map(({ act }) => act);
    expect(acts).toEqual(['log-in', 'log-in-locked', 'log-in-failed', 'log-in-failed', 'log-in-failed']);
  });

  it('lock nobody else there, and not the user elsewhere', async () => {
    await guess(site.browser(office), 'ada', 4);

    expect((await site.browser(office).logIn('olga', users.olga.password)).status).toBe(303);
    expect((await site.browser(elsewhere).logIn('ada', users.ada.password)).status).toBe(303);
  });

  it('begin anew after the right one, and after a pause', async () => {
    const browser = site.browser(office);
    await guess(browser, 'ada', 2);
    await browser.logIn('ada', users.ada.password);
    browser.cookies.clear();
    expect(await guess(browser, 'ada', 2)).toEqual([403, 403]);

    site.clock.moveBy(15 * minute + 1);
    expect(await guess(browser, 'ada', 2)).toEqual([403, 403]);
  });

  it('from many addresses lock a user everywhere, but not in a browser where they were logged in', async () => {
    const own = site.browser(office);
    await own.logIn('ada', users.ada.password);
    own.cookies.delete('patchbay');
    const machines = Array.from({ length: 10 }, (_, index) => strict.browser(`203.0.113.${index + 1}`));
    await Promise.all(machines.map((machine) => guess(machine, 'ada', 1)));

    expect((await strict.browser(elsewhere).logIn('ada', users.ada.password)).status).toBe(429);
    expect((await own.logIn('ada', users.ada.password)).status).toBe(303);
    // The mark of that browser is for its user alone, and has a count of its own.
    expect(await guess(own, 'olga', 3)).toEqual([403, 403, 429]);
    expect(await guess(own, 'ada', 3)).toEqual([403, 403, 429]);
  });

  it('of many names lock an address, which is a whole network for IPv6', async () => {
    const machines = Array.from({ length: 10 }, (_, index) => strict.browser(`2001:db8:7:7::${index + 1}`));
    await Promise.all(machines.map((machine, index) => guess(machine, `name${index}`, 1)));

    expect((await strict.browser('2001:db8:7:7:9::1').logIn('ada', users.ada.password)).status).toBe(429);
    expect((await strict.browser('2001:db8:7:8::1').logIn('ada', users.ada.password)).status).toBe(303);
  });

  it('are the same to a stranger whether there is such a user or not', async () => {
    const [known, unknown] = [site.browser(office), site.browser(office)];

    const of = async (browser: Browser, name: string) => {
      const answers = [];
      for (let tried = 0; tried < 4; tried += 1) answers.push(await browser.logIn(name, 'guess'));
      return answers.map(({ status, text }) => [status, text.replace(/value="[^"]*"/g, '')]);
    };
    expect(await of(unknown, 'eve')).toEqual(await of(known, 'ada'));
  });

  it('many at once get no more tries than one after another', async () => {
    const browsers = Array.from({ length: 20 }, () => site.browser(office));

    const answers = await Promise.all(browsers.map((browser) => browser.logIn('ada', 'guess')));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 403)).toHaveLength(2);
    expect(statuses.filter((status) => status === 429)).toHaveLength(18);
  });

  it('are counted over processes, and unlocked by an operator', async () => {
    const twin = await site.another();
    try {
      await guess(site.browser(office), 'ada', 2);
      expect(await guess(twin.browser(office), 'ada', 1)).toEqual([429]);

      const { users: locked, addresses } = await locksOf(open.deps, ['ada', 'vera'], site.clock.now());
      expect([...locked.keys(), addresses, locked.get('ada')?.isEverywhere]).toEqual(['ada', 0, false]);
      expect(await forgetTriesOf(open.deps, 'ada', site.clock.now())).toBe(1);
      expect((await site.browser(office).logIn('ada', users.ada.password)).status).toBe(303);
    } finally {
      await twin.stop();
    }
  });
});
