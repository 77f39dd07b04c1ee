import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/domain/connector.ts';
import { watchDoctor } from '../../../src/flows/alerts/watch-doctor.ts';
import type { DoctorDesk } from '../../../src/flows/doctor/doctor-desk.ts';
import { withLease } from '../../../src/workers/lease.ts';
import { type AlertSite, hourMs, minuteMs, startAlertSite, toldTo } from '../../support/alert-site.ts';

let site: AlertSite;
let found: Record<string, CheckResult['status']>;
let runs: number;

beforeEach(async () => {
  site = await startAlertSite('2026-03-02T17:00:00.000Z', { alerts: { doctorHours: 6 } });
  found = { 'carousel:database': 'ok', 'carousel:lists': 'warn', 'patchbay:spool': 'ok' };
  runs = 0;
});
afterEach(() => site.stop());

/** A desk whose runs are through at once, and find what the test says. */
const desk: DoctorDesk = {
  async start() {
    runs += 1;
  },
  async stop() {},
  async picture() {
    const at = new Date(site.now()).toISOString();
    const checks = Object.entries(found).map(([id, status]) => {
      const check = { id, owner: 'carousel', title: `${id} is well`, looksAt: 'a table' };
      const checked = { ...check, status, found: 'the record of Ada, 3125550142', tookMs: 1, causes: [] };
      return { ...check, isAwaited: false, last: { checked, at } };
    });
    return { checks, troubles: [], run: { only: '', by: '', startedAt: at, endedAt: at, tookMs: 1, fault: '' } };
  },
};

async function examine(): Promise<void> {
  await withLease(site.open.deps, 'job:patchbay:alert-doctor', (signal, lease) =>
    watchDoctor(site.open.deps, desk, { lease, signal }),
  );
  await site.pass(5 * minuteMs);
}

it('tells of checks that turned, not of what a site has always lived with, and of nothing that a check found', async () => {
  await examine();
  expect(toldTo(site.office)).toEqual([]);

  found = { 'carousel:database': 'fail', 'carousel:lists': 'warn', 'patchbay:spool': 'unknown' };
  site.leap(6 * hourMs);
  await examine();
  found = { 'carousel:database': 'ok', 'carousel:lists': 'warn', 'patchbay:spool': 'ok' };
  site.leap(6 * hourMs);
  await examine();

  expect(toldTo(site.office)).toEqual([
    'raised doctor-check carousel:database, raised doctor-check patchbay:spool',
    'over doctor-check carousel:database, over doctor-check patchbay:spool',
  ]);
  for (const { body } of site.office.hooks) expect(body).not.toMatch(/Ada|5550142/);
});

it('runs no more often than it is told to', async () => {
  await examine();
  await examine();
  site.leap(6 * hourMs);
  await examine();

  expect(runs).toBe(2);
});
