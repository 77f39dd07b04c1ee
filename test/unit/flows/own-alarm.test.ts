import { afterEach, beforeEach, expect, it } from 'vitest';
import { createOwnAlarm, type OwnAlarm } from '../../../src/flows/alerts/own-alarm.ts';
import { type AlertSite, hourMs, minuteMs, startAlertSite, toldTo } from '../../support/alert-site.ts';

let site: AlertSite;
let alarm: OwnAlarm;
let isAway = false;

beforeEach(async () => {
  site = await startAlertSite('2026-03-02T17:00:00.000Z', { alerts: { repeatHours: 2 } });
  isAway = false;
  alarm = openAlarm();
});
afterEach(() => site.stop());

/** As each configuration of a process opens one. */
function openAlarm(): OwnAlarm {
  const { deps } = site.open;
  return createOwnAlarm({ ...deps, gate: { ...deps.gate, isAway: () => isAway } });
}

/** Time goes on, with a look every few seconds; the store is not asked. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 15_000) {
    site.leap(15_000);
    await alarm.look();
  }
}

it('tells that the store is away, again while it stays so, and that it is back', async () => {
  isAway = true;
  await pass(minuteMs);
  expect(toldTo(site.office)).toEqual([]);
  await pass(10 * minuteMs);
  await pass(2 * hourMs);
  isAway = false;
  await pass(5 * minuteMs);

  const name = site.open.deps.ownProcess.name;
  expect(toldTo(site.office)).toEqual(['raised', 'repeated', 'over'].map((what) => `${what} store-away ${name}`));
  expect(site.office.hooks[0]?.body).toContain('0 facts wait on its disk');
});

it('says nothing of a moment', async () => {
  isAway = true;
  await pass(minuteMs);
  isAway = false;
  await pass(hourMs);

  expect(site.office.hooks).toEqual([]);
});

it('tries again what is not taken, under the same id', async () => {
  site.office.answer({ status: 500 }, 'cut');
  isAway = true;

  await pass(10 * minuteMs);

  expect(toldTo(site.office)).toHaveLength(3);
  expect(new Set(site.office.hooks.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

it('tells nothing twice when another configuration comes meanwhile, and the end to who heard the beginning', async () => {
  isAway = true;
  await pass(10 * minuteMs);
  alarm = openAlarm();
  await pass(10 * minuteMs);
  isAway = false;
  alarm = openAlarm();
  await pass(5 * minuteMs);

  const name = site.open.deps.ownProcess.name;
  expect(toldTo(site.office)).toEqual([`raised store-away ${name}`, `over store-away ${name}`]);
});
