import { afterEach, expect, it } from 'vitest';
import { alertJobs } from '../../src/workers/alerts.ts';
import { withLease } from '../../src/workers/lease.ts';
import { type AlertSite, hourMs, minuteMs, officeSecret, startAlertSite, toldTo } from '../support/alert-site.ts';
import type { OpenDeps } from '../unit/flows/open-deps.ts';

let site: AlertSite;
afterEach(() => site?.stop());

const pager = { kind: 'webhook', url: 'http://127.0.0.1:1/', secrets: [officeSecret] };
const hold = () => {
  const details = { who: 'Ada Lovelace', number: '+1 312 555 0142' };
  const at = new Date(site.now()).toISOString();
  return site.open.deps.store.raiseAttention([{ kind: 'finding', key: 'lost:row-1', details }], at);
};
const open = async () => (await site.open.deps.store.openAlerts()).map(({ kind, key }) => `${kind} ${key}`.trim());

it('is no trouble any more once a channel that failed is taken out of the configuration', async () => {
  site = await startAlertSite('2026-03-02T17:00:00.000Z', { channels: { pager } });
  await hold();
  site.open.deps.random = () => 0;
  await site.pass(40 * minuteMs);
  const before = await open();
  const { url, secrets } = { url: `${site.office.url}/office`, secrets: [officeSecret] };
  const without = await site.openAnother({ channels: { office: { kind: 'webhook', url, secrets } } });

  await site.pass(3 * minuteMs, without);

  expect(before).toEqual(['finding', 'channel-failed pager']);
  expect(await open()).toEqual(['finding']);
  expect(toldTo(site.office).at(-1)).toBe('over channel-failed pager');
});

it('leaves nothing that holds for ever once the last channel is taken out, and what others look at alone', async () => {
  site = await startAlertSite('2026-03-02T17:00:00.000Z');
  await hold();
  await site.pass(5 * minuteMs);
  const without = await site.openAnother({ channels: {} });

  await sweep(without);
  const whileOthersLook = await open();
  site.leap(hourMs);
  await sweep(without);

  expect(whileOthersLook).toEqual(['finding']);
  expect(await open()).toEqual([]);
  const [over] = await site.open.deps.store.alertPage({ isOpen: false, limit: 10 });
  expect(over).toMatchObject({ kind: 'finding', isClosed: true });
  expect(Date.parse(String(over?.endedAt))).toBeLessThan(site.now() - hourMs + minuteMs);
});

async function sweep({ deps }: OpenDeps): Promise<void> {
  for (const { job } of alertJobs(deps, null)) {
    await withLease(deps, `job:patchbay:${job.name}`, (signal, lease) => job.run(signal, lease));
  }
}
