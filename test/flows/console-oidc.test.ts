import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OidcSettings } from '../../src/console/console-deps.ts';
import { html } from '../../src/console/html.ts';
import type { Room } from '../../src/console/page.ts';
import type { Browser } from '../support/cookie-browser.ts';
import { freePort } from '../support/free-port.ts';
import { type GuardedConsole, startGuardedConsole } from '../support/guarded-console.ts';
import { client, type OidcProviderSite, startOidcProvider } from '../support/oidc-provider-site.ts';
import { type OpenDeps, openDeps } from '../unit/flows/open-deps.ts';

const hall: Room = {
  pages: [
    {
      path: '',
      least: 'viewer',
      render: async ({ user }) => ({ title: 'Hall', body: html`<p>${user.name} the ${user.role}</p>` }),
    },
  ],
};
const people = {
  grace: { email: 'Grace@Example.com', email_verified: true, groups: ['staff', 'dial-supervisors', 'dial-admins'] },
  vic: { email: 'vic@example.com', email_verified: true, groups: 'dial-supervisors' },
  joe: { email: 'joe@example.com', email_verified: true, groups: ['constructor', 'staff'] },
  mallory: { email: 'grace@example.com', email_verified: false, groups: ['dial-admins'] },
  ada: { email: 'ada', email_verified: true, groups: ['dial-admins'] },
  nameless: { groups: ['dial-admins'] },
};

let open: OpenDeps;
let provider: OidcProviderSite;
let site: GuardedConsole;
/** Audit entries before the test. */
let told = 0;

function settingsFor(issuer: string): OidcSettings {
  return {
    issuer,
    clientId: client.id,
    clientSecret: client.secret,
    label: 'Company log-in',
    scopes: 'openid email groups',
    nameClaim: 'email',
    roleClaim: 'groups',
    roles: { 'dial-supervisors': 'operator', 'dial-admins': 'admin' },
  };
}

async function begin(options: { hasClaimsInToken?: boolean } = {}): Promise<void> {
  provider = await startOidcProvider(people, options);
  site = await startGuardedConsole(open.deps, { rooms: [hall], settings: { oidc: settingsFor(provider.issuer) } });
  provider.trust(site.url);
}

beforeAll(async () => {
  open = await openDeps();
});
beforeEach(async () => {
  told = (await open.deps.store.auditLog(100)).length;
});
afterEach(async () => {
  await site.stop();
  await provider.stop();
  for (const { idHash } of await open.deps.store.sessions()) await open.deps.store.endSessions({ idHash });
});
afterAll(() => open.close());

/** Goes to the provider and comes back with its answer. */
async function callbackOf(browser: Browser, login: string, next = ''): Promise<string> {
  const start = await browser.get(`/console/oidc/start?${new URLSearchParams({ next }).toString()}`);
  expect(start.status).toBe(303);
  return provider.visit(start.location, login);
}

async function acts(): Promise<string[][]> {
  const entries = await open.deps.store.auditLog(100);
  return entries.slice(0, entries.length - told).map(({ act, by }) => [act, by]);
}

describe('the log-in by a provider', () => {
  it.each([true, false])('lets in who has a role there (claims in the token: %s)', async (hasClaimsInToken) => {
    await begin({ hasClaimsInToken });
    const browser = site.browser();
    const door = await browser.get('/console/log-in?next=/console/calls');
    expect(door.text).toContain('Company log-in');

    const answer = await browser.get(await callbackOf(browser, 'grace', '/console/calls?outcome=sale'));

    expect([answer.status, answer.location]).toEqual([303, '/console/calls?outcome=sale']);
    expect((await browser.get('/console')).text).toContain('grace@example.com the admin');
    expect(provider.asked.includes('/me')).toBe(!hasClaimsInToken);
    expect(await acts()).toEqual([['log-in', 'grace@example.com']]);
  });

  it('reads a role out of one text, too, and gives the new role at the next click', async () => {
    await begin();
    const browser = site.browser();
    await browser.get(await callbackOf(browser, 'vic'));
    expect((await browser.get('/console')).text).toContain('vic@example.com the operator');

    const oidc = { ...settingsFor(provider.issuer), roles: { 'dial-supervisors': 'viewer' as const } };
    for (const [settings, seen] of [
      [{ oidc }, 'vic@example.com the viewer'],
      [{ oidc: null }, '/console/log-in'],
    ] as const) {
      const other = await site.another(settings);
      const copy = other.browser();
      for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
      expect((await copy.get('/console')).text).toContain(seen);
      await other.stop();
    }
  });

  it.each([
    ['joe', 'you have no role here', /An admin gives/i],
    ['mallory', 'not verified', /verified/],
    ['ada', 'logs in with a password here', /console\.users/],
    ['nameless', 'the provider tells no name', /nameClaim/],
  ])('refuses %s and says why', async (login, why, hint) => {
    await begin();
    const browser = site.browser();

    const answer = await browser.get(await callbackOf(browser, login));

    expect(answer.status).toBe(403);
    expect(answer.text.toLowerCase()).toContain(why.toLowerCase());
    expect(answer.text).toMatch(hint);
    expect((await browser.get('/console')).status).toBe(303);
    expect(await acts()).toEqual([['log-in-denied', 'console']]);
  });

  it('takes no answer that it did not ask for', async () => {
    await begin();
    const browser = site.browser();
    const callback = new URL(await callbackOf(browser, 'grace'));
    const stranger = site.browser();
    const foreign = await stranger.get(callback.href);
    callback.searchParams.set('state', 'another');
    const wrongState = await browser.get(callback.href);

    expect([foreign.status, wrongState.status]).toEqual([502, 502]);
    expect(foreign.text).toContain('This browser has begun no log-in');
    for (const each of [stranger, browser]) expect((await each.get('/console')).status).toBe(303);
    expect(await open.deps.store.sessions()).toEqual([]);
  });

  it('takes an answer once', async () => {
    await begin();
    const browser = site.browser();
    const callback = await callbackOf(browser, 'grace');
    const thief = site.browser();
    for (const [name, value] of browser.cookies) thief.cookies.set(name, value);

    expect((await browser.get(callback)).status).toBe(303);
    expect((await browser.get(callback)).status).toBe(502);
    const replayed = await thief.get(callback);
    expect(replayed.status).toBe(502);
    expect(replayed.text).toContain('invalid_grant');
  });

  it('shows nothing of what a link says', async () => {
    await begin();
    const browser = site.browser();
    await browser.get('/console/oidc/start');
    const { text } = await browser.get(
      '/console/oidc/callback?error=access_denied&error_description=Call+5550100+now&state=x',
    );

    expect(text).not.toContain('5550100');
  });

  it('leads nobody elsewhere', async () => {
    await begin();
    const browser = site.browser();

    const callback = await callbackOf(browser, 'grace', 'https://evil.example/console');
    expect((await browser.get(callback)).location).toBe('/console');
  });

  it('ends here, and offers to end there', async () => {
    await begin();
    const browser = site.browser();
    await browser.get(await callbackOf(browser, 'grace'));

    const out = await browser.post('/console/log-out', { form_token: await browser.tokenOn('/console') });
    const page = await browser.get(out.location);
    const end = new URL((await browser.get('/console/oidc/end')).location);

    expect((await browser.get('/console')).status).toBe(303);
    expect(page.text).toContain('Your session with Company log-in goes on');
    expect([end.origin, end.searchParams.get('client_id')]).toEqual([provider.issuer, client.id]);
    expect(end.searchParams.get('post_logout_redirect_uri')).toBe(`${site.url}/console/log-in`);
  });

  it('asks the provider once for all who begin at the same time', async () => {
    await begin();
    const starts = await Promise.all(Array.from({ length: 10 }, () => site.browser().get('/console/oidc/start')));

    expect(starts.map(({ status }) => status)).toEqual(starts.map(() => 303));
    expect(provider.asked.filter((path) => path.endsWith('/openid-configuration'))).toHaveLength(1);
  });

  it('says what to do when the provider is down, and goes on once it is back', async () => {
    const port = await freePort();
    const oidc = settingsFor(`http://127.0.0.1:${port}`);
    site = await startGuardedConsole(open.deps, { rooms: [hall], settings: { oidc } });
    const browser = site.browser();

    const answer = await browser.get('/console/oidc/start');
    const door = await browser.get('/console/log-in');
    provider = await startOidcProvider(people, { port });
    provider.trust(site.url);

    expect(answer.status).toBe(502);
    expect(answer.text).toContain('.well-known/openid-configuration');
    expect(door.text).toContain('type="password"');
    expect((await browser.get(await callbackOf(browser, 'vic'))).status).toBe(303);
  });
});
