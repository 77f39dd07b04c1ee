import { writeFileSync } from 'node:fs';
import { pino } from 'pino';
import request from 'supertest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { createConsoleSite } from '../../src/cli/console-site.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { openConsole } from '../support/console-site.ts';
import { eventually } from '../support/eventually.ts';
import { type ReloadingApp, startReloadingApp } from '../support/reloading-app.ts';

const registry = { dialers: [madeUp], platforms: [sigmamind] };
const hidden = 'a-made-up-key-that-nobody-may-read';
const carousel = (header: string) => ({
  ...{ type: 'made-up', url: 'http://127.0.0.1:9', headers: [{ name: header, from: 'first_name' }] },
});

let patchbay: ReloadingApp;
let pages: ReturnType<typeof openConsole>;

beforeEach(async () => {
  patchbay = await startReloadingApp({ registry, dialers: { carousel: carousel('X-first') } });
  const context: CliContext = {
    registry,
    environment: { variables: {}, configFile: undefined, clockFile: undefined },
    version: '0.0.0',
    configFile: () => patchbay.file,
    out: () => {},
    err: () => {},
    exit: () => {},
  };
  const site = createConsoleSite(context, pino({ level: 'silent' }), () => patchbay.app);
  pages = openConsole(patchbay.app.deps, { site, role: 'admin' });
  // Who has not told of itself yet is asked nothing.
  await eventually(async () => expect(await patchbay.app.deps.store.processes()).toHaveLength(1));
});
afterEach(() => patchbay.stop());

const inUse = () => patchbay.app.deps.ownProcess.configuration().version;
const look = async () => (await request(pages).get('/console/configuration').expect(200)).text;
/** What the button takes up; empty where there is none. */
const versionIn = (page: string) => /name="version" value="(\w+)"/.exec(page)?.[1] ?? '';

function write(change: object): void {
  writeFileSync(patchbay.file, JSON.stringify({ ...patchbay.raw, ...change }));
}

function press(version: string) {
  return request(pages).post('/console/configuration/reload').type('form').send({ version });
}

it('shows the difference without a secret, has it taken up, and says who did', async () => {
  const before = await look();
  const { sigmamind: platform } = patchbay.raw.platforms as Record<string, object>;
  write({ dialers: { carousel: carousel('X-second') }, platforms: { sigmamind: { ...platform, apiKey: hidden } } });
  const shown = await look();
  const done = await press(versionIn(shown));
  const after = await look();

  expect(before).toContain('It says what this process runs with.');
  expect([versionIn(before), versionIn(after)]).toEqual(['', '']);
  expect(shown).toMatch(/~ dialers\.carousel\.headers: .*X-first.* → .*X-second/);
  expect(shown).toContain('~ platforms.sigmamind.apiKey: &quot;•••&quot; → &quot;•••&quot;');
  expect(shown).toContain('Headers of carousel change');
  expect([done.status, done.text]).toEqual([200, expect.stringContaining('took it up')]);
  expect(inUse()).toBe(versionIn(shown));
  expect(before + shown + done.text + after).not.toContain(hidden);
  const [entry] = await patchbay.app.deps.store.auditLog(1);
  expect(entry).toMatchObject({ by: 'admin-user', act: 'config-reload', subject: inUse() });
});

it.each([
  ['what makes no sense', { sync: { cron: 'now and then' } }, 'sync.cron'],
  ['what needs a restart', { spool: { folder: 'elsewhere' } }, 'spool: is not what the running service began with'],
])('names the faults of %s, and has no button', async (_what, change, fault) => {
  write(change);

  const page = await look();

  expect(page).toContain(fault);
  expect(versionIn(page)).toBe('');
});

it('takes up nothing but what was shown', async () => {
  const was = inUse();
  write({ dialers: { carousel: carousel('X-second') } });
  const version = versionIn(await look());
  write({ dialers: { carousel: carousel('X-third') } });

  const answer = await press(version);

  expect([answer.status, answer.headers.location]).toEqual([303, '/console/configuration']);
  expect(inUse()).toBe(was);
});

it('is for admins alone', async () => {
  write({ dialers: { carousel: carousel('X-second') } });
  const version = versionIn(await look());

  const page = await request(pages).get('/console/configuration').set('x-role', 'operator');
  const answer = await press(version).set('x-role', 'operator');

  expect([page.status, answer.status]).toEqual([403, 403]);
  expect(inUse()).not.toBe(version);
});
