import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGuard } from '../../src/console/auth/create-guard.ts';
import { html } from '../../src/console/html.ts';
import type { Room } from '../../src/console/page.ts';
import type { GuardedConsole } from '../support/guarded-console.ts';
import { startGuardedConsole, users } from '../support/guarded-console.ts';
import { type OpenDeps, openDeps } from '../unit/flows/open-deps.ts';

const minutes = (count: number) => count * 60_000;

/** A page that says who looks at it, and an action that only operators may do. */
const hall: Room = {
  pages: [
    {
      path: '',
      least: 'viewer',
      render: async ({ user }) => ({ title: 'Hall', body: html`<p>${user.name} the ${user.role}</p>` }),
    },
  ],
  actions: [{ path: 'ring', least: 'operator', run: async () => ({ kind: 'see', path: '', notice: 'It rang.' }) }],
};

let open: OpenDeps;
let site: GuardedConsole;
let sites: GuardedConsole[];
/** Audit entries before the test. */
let told = 0;

beforeAll(async () => {
  open = await openDeps();
});
beforeEach(async () => {
  told = (await open.deps.store.auditLog(100)).length;
  site = await startGuardedConsole(open.deps, { rooms: [hall] });
  sites = [site];
});
afterEach(async () => {
  await Promise.all(sites.map((each) => each.stop()));
  for (const { user } of await open.deps.store.sessions()) await open.deps.store.endSessions({ user });
});
afterAll(() => open.close());

async function another(settings: Parameters<GuardedConsole['another']>[0] = {}): Promise<GuardedConsole> {
  const made = await site.another(settings);
  sites.push(made);
  return made;
}

/** What the audit log got in this test, the first first. */
async function acts(): Promise<string[][]> {
  const entries = await open.deps.store.auditLog(100);
  return entries
    .slice(0, entries.length - told)
    .map(({ act, by, subject }) => [act, by, subject])
    .reverse();
}

describe('the log-in', () => {
  it('lets a user in with the right password, and goes to where they wanted to be', async () => {
    const browser = site.browser();
    const first = await browser.get('/console/calls?phone=1');
    const answer = await browser.logIn('ada', users.ada.password, '/console/calls?phone=1');
    const page = await browser.get('/console');

    expect([first.status, first.location]).toEqual([303, '/console/log-in?next=%2Fconsole%2Fcalls%3Fphone%3D1']);
    expect([answer.status, answer.location]).toEqual([303, '/console/calls?phone=1']);
    expect(page.text).toContain('ada the admin');
    expect(await acts()).toEqual([['log-in', 'ada', 'ada']]);
  });

  it('says the same of a wrong name and of a wrong password, and writes down no name that is none', async () => {
    const wrong = await site.browser().logIn('ada', 'not this one');
    const nobody = await site.browser().logIn('my own secret', users.ada.password);

    expect([wrong.status, nobody.status]).toEqual([403, 403]);
    for (const { text } of [wrong, nobody]) expect(text).toContain('The name or the password is wrong.');
    expect(await acts()).toEqual([
      ['log-in-failed', 'console', 'ada'],
      ['log-in-failed', 'console', 'unknown user'],
    ]);
    expect(wrong.text).not.toContain('not this one');
  });

  it.each(['constructor', '__proto__', 'toString'])('knows no user %s', async (name) => {
    expect((await site.browser().logIn(name, users.ada.password)).status).toBe(403);
  });

  it('ends at the log-out, and says so', async () => {
    const browser = await site.loggedIn('olga');
    const kept = new Map(browser.cookies);
    const token = await browser.tokenOn('/console');

    const out = await browser.post('/console/log-out', { form_token: token });
    expect(out.location).toBe('/console/logged-out');
    expect((await browser.get('/console')).status).toBe(303);
    // A copy of the cookie is worth nothing either.
    for (const [name, value] of kept) browser.cookies.set(name, value);
    expect((await browser.get('/console')).status).toBe(303);
    expect((await acts()).at(-1)).toEqual(['log-out', 'olga', 'olga']);
  });

  it('says how to make a user where there is none', async () => {
    const empty = await another({ users: {} });
    const { text } = await empty.browser().get('/console/log-in');

    expect(text).toContain('npx patchbay console add-user ada --role admin');
    expect(text).not.toContain('type="password"');
  });
});

describe('a session', () => {
  it('ends when nobody clicked for a while, and at its end in any case', async () => {
    const [idle, busy] = [await site.loggedIn('ada'), await site.loggedIn('olga')];

    for (let click = 0; click < 24; click += 1) {
      site.clock.moveBy(minutes(29.9));
      expect((await busy.get('/console')).status).toBe(200);
    }
    expect((await idle.get('/console')).status).toBe(303);
    site.clock.moveBy(minutes(5));
    expect((await busy.get('/console')).status).toBe(303);
    expect(await open.deps.store.sessions()).toEqual([]);
  });

  it('is not held up by a page that is left open', async () => {
    await site.loggedIn('ada');
    const [kept] = await open.deps.store.sessions();
    if (!kept) throw new Error('nobody is logged in');
    const guard = createGuard(site.deps);
    const session = { ...kept, user: { name: 'ada', role: 'admin' as const } };

    site.clock.moveBy(minutes(20));
    expect(await guard.stillIn(session)).toMatchObject({ user: { name: 'ada', role: 'admin' } });
    site.clock.moveBy(minutes(20));
    expect(await guard.stillIn(session)).toBeNull();
  });

  it('is held up by clicks, however short it may idle', async () => {
    const short = await another({ session: { idleMin: 1, maxHours: 12 } });
    const browser = await short.loggedIn('ada');

    for (let click = 0; click < 5; click += 1) {
      short.clock.moveBy(50_000);
      expect((await browser.get('/console')).status).toBe(200);
    }
  });

  it('is known to every process, and its store holds nothing to log in with', async () => {
    const browser = await site.loggedIn('vera');
    const twin = await another();
    const elsewhere = twin.browser();
    for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value);

    expect((await elsewhere.get('/console')).text).toContain('vera the viewer');
    const [kept] = await open.deps.store.sessions();
    const secret = [...browser.cookies.values()].join(' ');
    expect(secret).not.toContain(kept?.idHash);
    expect(JSON.stringify(kept)).not.toContain(decodeURIComponent(browser.cookies.get('patchbay') ?? '').slice(2, 30));
  });

  it('has the role of the configuration at the next click, and is over without one', async () => {
    const browser = await site.loggedIn('olga');
    const own = site.deps.console.users;
    const { olga, ...others } = own;
    const asViewer = await another({ users: { ...own, olga: { ...olga, role: 'viewer' } as never } });
    const without = await another({ users: others });
    const newPassword = await another({ users: { ...own, olga: { ...own.ada, role: 'operator' } as never } });
    const seenBy = async (other: GuardedConsole) => {
      const copy = other.browser();
      for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
      return copy.get('/console');
    };

    expect((await seenBy(asViewer)).text).toContain('olga the viewer');
    expect((await seenBy(newPassword)).status).toBe(303);
    expect((await seenBy(without)).status).toBe(303);
  });

  it('goes on for those who are in while the store is away, and takes nobody new', async () => {
    const own = await openDeps();
    const away = await startGuardedConsole(own.deps, { rooms: [hall] });
    sites.push(away);
    try {
      const browser = await away.loggedIn('ada');
      await own.deps.store.close();

      expect((await browser.get('/console')).text).toContain('ada the admin');
      expect((await away.browser().logIn('olga', users.olga.password)).status).toBe(503);
      // Who goes is out of this browser at least, and out of this process.
      const kept = new Map(browser.cookies);
      const out = await browser.post('/console/log-out', { form_token: await browser.tokenOn('/console') });
      expect([out.status, browser.cookies.has('patchbay')]).toEqual([503, false]);
      for (const [name, value] of kept) browser.cookies.set(name, value);
      expect((await browser.get('/console')).status).toBe(503);
    } finally {
      await own.close();
    }
  });
});
