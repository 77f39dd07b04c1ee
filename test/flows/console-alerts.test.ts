import request from 'supertest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { alertsRoom } from '../../src/console/pages/alerts/alerts-room.ts';
import type { Role } from '../../src/domain/roles.ts';
import { type AlertSite, minuteMs, startAlertSite, toldTo } from '../support/alert-site.ts';
import { openConsole } from '../support/console-site.ts';

let site: AlertSite;

beforeEach(async () => {
  const quietHours = { from: '21:00', to: '07:00', timeZone: 'America/New_York' };
  site = await startAlertSite('2026-03-02T17:00:00.000Z', { alerts: { quietHours, digest: {} } });
  const { store } = site.open.deps;
  await store.raiseAttention([{ kind: 'unplaced-opt-out', key: 'one', details: {} }], '2026-03-02T16:58:00.000Z');
  await site.pass(2 * minuteMs);
});
afterEach(() => site.stop());

const as = (role: Role) => request(openConsole(site.open.deps, { rooms: [alertsRoom], role }));
const page = async (path: string, role: Role = 'operator') =>
  (await as(role).get(`/console/${path}`).expect(200)).text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const send = (path: string, fields: object, role: Role = 'operator') =>
  as(role).post(`/console/${path}`).type('form').send(fields);

it('shows what holds, who was told, and by which rules', async () => {
  const text = await page('alerts');

  expect(text).toContain('1 opt-out of nobody knows whom');
  expect(text).toContain('urgent');
  expect(text).toContain('21:00 to 07:00 America/New_York, but for what is urgent');
  expect(text).toContain('at 08:00');
  expect(text).toContain('delivered');
});

it('has an operator take an alert, and a viewer only look', async () => {
  const [alert] = await site.open.deps.store.openAlerts();

  await send('alerts/take', { alert: alert?.id }, 'viewer').expect(403);
  await send('alerts/take', { alert: alert?.id }).expect(303);

  expect(await page('alerts')).toContain('by operator-user');
  expect(await page('alerts', 'viewer')).not.toMatch(/I take it|Send a test/);
});

it('sends a test by a button, and says what became of it', async () => {
  await send('alerts/test', { channel: 'office' }, 'viewer').expect(403);
  await send('alerts/test', { channel: 'office' }).expect(303);
  await send('alerts/test', { channel: 'nobody' }).expect(303);

  expect(toldTo(site.office)).toEqual(['raised unplaced-opt-out', 'patchbay.test']);
  const acts = await site.open.deps.store.auditLog(5);
  expect(acts.map(({ act, by, subject }) => [act, by, subject])).toEqual([['alert-test', 'operator-user', 'office']]);
});

it('says why a channel does not get through, and what to do', async () => {
  for (let tries = 0; tries < 9; tries += 1) site.office.answer({ status: 404 });
  await site.open.deps.store.raiseAttention([{ kind: 'finding', key: 'two', details: {} }], '2026-03-02T17:02:00.000Z');
  await site.pass(minuteMs);

  expect(await page('alerts')).toMatch(/trying again [^ ]+ answered HTTP 404\. The address is gone/);
});

it('keeps what is over to be looked at', async () => {
  const settle = {
    kind: 'unplaced-opt-out',
    key: 'one',
    by: 'ada',
    settlement: 'listed',
    now: '2026-03-02T17:03:00.000Z',
  };
  await site.open.deps.store.settleAttention(settle as never);
  await site.pass(5 * minuteMs);

  expect(await page('alerts')).toContain('No alert holds');
  expect(await page('alerts?tab=past')).toContain('1 opt-out of nobody knows whom');
});
