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

it('gives up what waits for a channel that is gone, so that it does not come weeks later when there is one again', async () => {
  site = await startAlertSite('2026-03-02T17:00:00.000Z', { channels: { pager } });
  await hold();
  await site.pass(3 * minuteMs);
  const without = await site.openAnother({ channels: {} });
  const waiting = async () => {
    const states = await site.open.deps.store.letterStates('2026-01-01T00:00:00.000Z');
    return states.flatMap(({ channel, waiting, dead }) => (channel === 'pager' ? { waiting, dead } : []));
  };
  const before = await waiting();

  for (let hour = 0; hour < 12; hour += 1) {
    site.leap(hourMs);
    await sweep(without);
  }

  expect(before).toEqual([{ waiting: 2, dead: 0 }]);
  expect(await waiting()).toEqual([{ waiting: 0, dead: 2 }]);
});

async function sweep({ deps }: OpenDeps): Promise<void> {
  for (const { job } of alertJobs(deps, null)) {
    await withLease(deps, `job:patchbay:${job.name}`, (signal, lease) => job.run(signal, lease));
  }
}
