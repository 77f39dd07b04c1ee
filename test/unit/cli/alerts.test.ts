import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { noon } from '../../contract/store/store-cast.ts';
import { officeSecret, toldTo } from '../../support/alert-site.ts';
import { type CommandSite, makeCommandSite } from '../../support/command-site.ts';
import { type HookReceiver, startHookReceiver } from '../../support/hook-receiver.ts';
import { linesOf } from './run-main.ts';

const by = `cli:${userInfo().username}`;
const id = '0f8c1a2b-0000-4000-8000-000000000001';

let site: CommandSite;
let office: HookReceiver;

beforeEach(async () => {
  office = await startHookReceiver();
  site = makeCommandSite();
  const config = JSON.parse(readFileSync(site.config, 'utf8')) as object;
  const channels = { office: { kind: 'webhook', url: office.url, secrets: [officeSecret] } };
  writeFileSync(site.config, JSON.stringify({ ...config, alerts: { channels, digest: {} } }));
  await site.withStore(async (store) => {
    const taken = await store.takeLease('alerts', 'one', 60_000);
    const begun = { firstAt: noon, lastAt: noon, endedAt: null, isClosed: false, told: {}, ackedBy: '', ackedAt: null };
    const alert = { id, kind: 'finding', key: '', size: 2, words: '2 findings', level: 'normal', ...begun } as const;
    const under = { name: 'alerts', holder: 'one', fence: taken?.fence ?? 0, ttlMs: 60_000 };
    await store.keepAlerts({ alerts: [alert], letters: [], now: noon, under });
  });
});
afterEach(async () => {
  site.remove();
  await office.stop();
});

it('lists what holds, and lets somebody take it', async () => {
  const shown = await site.run('alerts');
  const json = linesOf(await site.run('alerts', '--json'));
  const taken = await site.run('alerts', 'ack', id.slice(0, 8));
  const again = await site.run('alerts', 'ack', id);

  expect(shown.out).toContain('2 findings');
  expect(shown.out).toContain(id.slice(0, 8));
  expect(json).toMatchObject([{ id, kind: 'finding', words: '2 findings' }]);
  expect([taken.exitCode, again.exitCode]).toEqual([0, 1]);
  expect(again.err).toContain(`${by} has taken it`);
  expect((await site.run('alerts', '--past')).out).toContain('Nothing is over yet');
});

it('sends a test, and says why it was not taken', async () => {
  const good = await site.run('alerts', 'test', 'office');
  office.answer({ status: 403 });
  const bad = await site.run('alerts', 'test', 'office', '--json');
  const unknown = await site.run('alerts', 'test', 'nobody');

  expect([good.out, good.exitCode]).toEqual(['office has taken it.\n', 0]);
  expect([linesOf(bad), bad.exitCode]).toMatchObject([[{ channel: 'office', kind: 'failed' }], 1]);
  expect(unknown.err).toContain('There are office.');
  expect(toldTo(office)).toEqual(['patchbay.test', 'patchbay.test']);
  await site.withStore(async (store) => {
    const acts = (await store.auditLog(5)).map(({ act, subject, details }) => [act, subject, details.result]);
    expect(acts).toEqual([
      ['alert-test', 'office', 'failed'],
      ['alert-test', 'office', 'sent'],
    ]);
  });
});

it('shows the digest, and sends it when that is asked for', async () => {
  const shown = await site.run('alerts', 'digest');
  const sent = await site.run('alerts', 'digest', '--send');

  expect(shown.out).toMatch(/^Calls of \d{4}-\d\d-\d\d\n {2}No call was registered\./);
  expect(shown.out).toContain('2 findings, since');
  expect(sent.out).toContain('office has taken it.');
  expect(toldTo(office)).toEqual([expect.stringMatching(/^patchbay\.digest \d{4}/)]);
});
