import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it, type TestContext } from 'vitest';
import { copyButton } from '../../src/console/components/copy.ts';
import { disclosure } from '../../src/console/components/disclosure.ts';
import { field, select } from '../../src/console/components/field.ts';
import { form } from '../../src/console/form.ts';
import { html, live } from '../../src/console/html.ts';
import type { Room } from '../../src/console/page.ts';
import { serveFor, useBrowser } from '../support/browser.ts';
import { openConsole } from '../support/console-site.ts';
import { startTestApp, type TestApp } from '../support/start-app.ts';

const browser = useBrowser();
let patchbay: TestApp;
let figure = 1;

beforeAll(async () => {
  patchbay = await startTestApp();
});
afterAll(() => patchbay?.stop());
beforeEach(() => {
  figure = 1;
});

const board: Room = {
  nav: { title: 'Board', path: 'board' },
  pages: [
    {
      path: 'board',
      least: 'viewer',
      live: { everyMs: 100 },
      render: async () => ({
        title: 'Board',
        body: live(
          'board',
          html`<p id="figure">figure ${figure}</p><p id="words">some words to mark</p>
${disclosure({ id: 'more', summary: 'More', content: html`<p>what is under it: ${figure}</p>` })}
${form('board', html`${field({ name: 'reason', label: 'Reason' })}${select({ name: 'outcome', label: 'Outcome', options: ['sale', 'callback'], none: 'choose' })}`)}
${copyButton('npx patchbay doctor', 'Copy the command')}`,
        ),
      }),
    },
  ],
};

it('changes in place, and leaves what somebody opened, typed and chose', async (test) => {
  const page = await open(test);
  await page.getByText('More', { exact: true }).click();
  await page.getByLabel('Outcome').selectOption('callback');
  await page.getByLabel('Reason').fill('asked by');

  figure = 2;
  await page.getByText('figure 2').waitFor();
  await page.keyboard.type(' the supervisor');

  expect(await page.getByLabel('Reason').inputValue()).toBe('asked by the supervisor');
  expect(await page.getByLabel('Outcome').inputValue()).toBe('callback');
  await page.getByText('what is under it: 2').waitFor();
  expect(await page.getByRole('status').innerText()).toBe('live');
}, 60_000);

it('waits with a part while a text is marked in it', async (test) => {
  const page = await open(test);
  await page.locator('#words').click({ clickCount: 3 });
  figure = 2;
  // Another look at the same page, to know that the change went out.
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByText('figure 2').waitFor();
  await page.bringToFront();

  expect(await page.evaluate('String(getSelection()).trim()')).toBe('some words to mark');
  await page.getByRole('heading', { level: 1 }).click();
  await page.getByText('figure 2').waitFor();
}, 60_000);

it('says when it is not live, and comes back by itself', async (test) => {
  const served: Server[] = [];
  const app = openConsole(patchbay.app.deps, { rooms: [board] });
  const url = await serveFor(test, (request, response) => {
    served.push((request.socket as Socket & { server: Server }).server);
    app(request, response);
  });
  const page = await browser.open(test);
  await page.goto(`${url}/console/board`);
  await page.getByText('live', { exact: true }).waitFor();

  served[0]?.closeAllConnections();
  await page.getByText('reconnecting').waitFor();
  figure = 2;

  await page.getByText('figure 2').waitFor();
  await page.getByText('live', { exact: true }).waitFor();
}, 60_000);

it('copies, where a script can', async (test) => {
  const page = await open(test);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);

  await page.getByRole('button', { name: 'Copy the command' }).click();
  await page.getByText('Copied').waitFor();

  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('npx patchbay doctor');
}, 60_000);

it('has no button that needs a script where there is none, and takes its colours all the same', async (test) => {
  const page = await open(test, { javaScript: false });

  expect(await page.getByRole('button', { name: 'Copy the command' }).isVisible()).toBe(false);
  expect(await page.getByRole('status').isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('button', { name: 'Dark' }).click();

  await page.locator('html[data-theme="dark"]').waitFor();
}, 60_000);

it('has its navigation behind a button on a phone, without a script too', async (test) => {
  const page = await open(test, { javaScript: false, width: 360 });
  const door = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Board' });

  expect(await door.isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Menu' }).click();

  expect(await door.isVisible()).toBe(true);
}, 60_000);

async function open(test: TestContext, options: { javaScript?: boolean; width?: number } = {}) {
  const url = await serveFor(test, openConsole(patchbay.app.deps, { rooms: [board] }));
  const page = await browser.open(test, options);
  await page.goto(`${url}/console/board`);
  return page;
}
