import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OidcSettings } from '../../src/console/console-deps.ts';
import { useBrowser } from '../support/browser.ts';
import { type GuardedConsole, startGuardedConsole } from '../support/guarded-console.ts';
import { client, type OidcProviderSite, startOidcProvider } from '../support/oidc-provider-site.ts';
import { type OpenDeps, openDeps } from '../unit/flows/open-deps.ts';

// In a real browser, whose rules about cookies between two sites are its own.

const people = {
  grace: { email: 'grace@example.com', email_verified: true, groups: ['dial-supervisors'] },
  joe: { email: 'joe@example.com', email_verified: true, groups: ['staff'] },
};

const browser = useBrowser();
let open: OpenDeps;
let provider: OidcProviderSite;
let site: GuardedConsole;

beforeAll(async () => {
  open = await openDeps();
  provider = await startOidcProvider(people, { host: 'localhost' });
  const oidc: OidcSettings = {
    issuer: provider.issuer,
    clientId: client.id,
    clientSecret: client.secret,
    label: 'Company log-in',
    scopes: 'openid email groups',
    nameClaim: 'email',
    roleClaim: 'groups',
    roles: { 'dial-supervisors': 'operator' },
  };
  site = await startGuardedConsole(open.deps, { settings: { oidc } });
  provider.trust(site.url);
}, 60_000);
afterAll(async () => {
  await site?.stop();
  await provider?.stop();
  await open?.close();
});

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('the log-in by a provider, %s', (_how, javaScript) => {
  it('comes back to the page that was asked for, and ends at both', async (test) => {
    const page = await browser.open(test, { javaScript });
    await page.goto(`${site.url}/console/calls?outcome=sale`);
    await page.getByRole('link', { name: 'Company log-in' }).click();
    expect(page.url().startsWith(`${provider.issuer}/`)).toBe(true);
    await page.getByLabel('Login').fill('grace');
    await page.getByRole('button', { name: 'Sign in' }).click();

    await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor();
    expect(page.url()).toBe(`${site.url}/console/calls?outcome=sale`);
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByText('grace@example.com').last().waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('link', { name: 'end it there too' }).click();
    await page.getByRole('button', { name: 'Yes, sign me out' }).click();

    await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
    await page.goto(`${site.url}/console/calls`);
    await page.getByRole('link', { name: 'Company log-in' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  }, 60_000);

  it('says why it refuses somebody without a role', async (test) => {
    const page = await browser.open(test, { javaScript });
    await page.goto(`${site.url}/console`);
    await page.getByRole('link', { name: 'Company log-in' }).click();
    await page.getByLabel('Login').fill('joe');
    await page.getByRole('button', { name: 'Sign in' }).click();

    await page.getByText(/you have no role here/i).waitFor();
    await page.goto(`${site.url}/console`);
    await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
  }, 60_000);
});
