import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDoctorDesk } from '../../src/flows/doctor/doctor-desk.ts';
import { createRunbookShelf } from '../../src/flows/setup/runbook-shelf.ts';
import { useBrowser } from '../support/browser.ts';
import { type MadeUpSite, startMadeUpSite } from '../support/doctor-site.ts';
import { type GuardedConsole, startGuardedConsole, users } from '../support/guarded-console.ts';
import { realClock } from '../support/real-clock.ts';
import { startTestApp, type TestApp } from '../support/start-app.ts';

const browser = useBrowser();
let site: MadeUpSite;
let patchbay: TestApp;
let pages: GuardedConsole;

beforeAll(async () => {
  site = await startMadeUpSite();
  patchbay = await startTestApp();
  const doctor = createDoctorDesk({
    clock: realClock,
    openSite: async () => ({ site: site.open(), close: async () => {} }),
    async alone(work) {
      await work();
      return true;
    },
  });
  const notHere = () => Promise.reject(new Error('it is not looked at here'));
  const runbook = createRunbookShelf(realClock, notHere);
  pages = await startGuardedConsole(patchbay.app.deps, { site: { doctor, runbook, previewReload: notHere } });
}, 120_000);
afterAll(async () => {
  await pages?.stop();
  await patchbay?.stop();
  await site?.stop();
});

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('the doctor, %s', (_how, javaScript) => {
  it('is run by an operator who logs in, and tells what it found without another click', async (test) => {
    const page = await browser.open(test, { javaScript });
    await logIn(page, `${pages.url}/console/doctor`);

    await page.getByRole('button', { name: 'Run all checks' }).click();

    await page.getByText(/^Last run \(all\)/).waitFor();
    await page.locator('#ok-of-patchbay summary').click();
    const found = page.locator('#check-patchbay-store\\.ready');
    expect(await found.locator('.badge').innerText()).toContain('ok');
    expect(await found.isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Run all checks' }).isVisible()).toBe(true);
  }, 60_000);

  it('shows what fails by its status, and runs that check alone', async (test) => {
    const page = await browser.open(test, { javaScript, colours: 'dark', width: 360 });
    site.gate.shut();
    test.onTestFinished(() => site.gate.open());
    await logIn(page, `${pages.url}/console/doctor`);
    await page.getByRole('button', { name: 'Run all checks' }).click();
    await page.getByText(/^Last run \(all\)/).waitFor();

    await page
      .getByRole('navigation', { name: 'Results' })
      .getByRole('link', { name: /^Failed/ })
      .click();
    const check = page.locator('#check-patchbay-service\\.running');
    expect(await check.locator('.badge').innerText()).toContain('failed');
    site.gate.open();
    await check.getByRole('button', { name: /^Run/ }).click();

    await page.getByText(/^Last run \(patchbay:service.running\)/).waitFor();
    expect(await check.count()).toBe(0);
  }, 60_000);
});

async function logIn(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Name').fill('olga');
  await page.getByLabel('Password').fill(users.olga.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Doctor' }).waitFor();
}
