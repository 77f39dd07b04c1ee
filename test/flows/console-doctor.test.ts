import type { Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { doctorRoom } from '../../src/console/pages/doctor/doctor-room.ts';
import { createDoctorDesk, type DoctorDesk, type DoctorDeskDeps } from '../../src/flows/doctor/doctor-desk.ts';
import { createRunbookShelf } from '../../src/flows/setup/runbook-shelf.ts';
import { openConsole } from '../support/console-site.ts';
import { type MadeUpSite, startMadeUpSite } from '../support/doctor-site.ts';
import { eventually } from '../support/eventually.ts';
import { realClock } from '../support/real-clock.ts';
import { startTestApp, type TestApp } from '../support/start-app.ts';

let site: MadeUpSite;
let patchbay: TestApp;
beforeAll(async () => {
  site = await startMadeUpSite();
  patchbay = await startTestApp();
}, 120_000);
afterAll(async () => {
  await patchbay?.stop();
  await site?.stop();
});

let desk: DoctorDesk;
let app: Express;
beforeEach(() => {
  ({ desk, app } = open());
});

function open(more: Partial<DoctorDeskDeps> = {}) {
  const newDesk = createDoctorDesk({
    clock: realClock,
    openSite: async () => ({ site: site.open(), close: async () => {} }),
    async alone(work) {
      await work();
      return true;
    },
    ...more,
  });
  const runbook = createRunbookShelf(realClock, () => Promise.reject(new Error('not here')));
  const consoleSite = { doctor: newDesk, runbook, previewReload: () => Promise.reject(new Error('not here')) };
  return { desk: newDesk, app: openConsole(patchbay.app.deps, { rooms: [doctorRoom], site: consoleSite }) };
}

const page = async (query = '', role = 'operator') =>
  (await request(app).get(`/console/doctor${query}`).set('x-role', role).expect(200)).text;
const begin = (form: Record<string, string> = {}, role = 'operator') =>
  request(app).post('/console/doctor/run').set('x-role', role).type('form').send(form);

async function ended(): Promise<void> {
  await eventually(async () => expect((await desk.picture()).run?.endedAt).toBeTruthy(), 20_000);
}

it('says what there is to run before anybody ran it', async () => {
  const text = await page();

  expect(text).toContain('was not run since the service began');
  expect(text).toContain('Run all checks');
  expect(text).toContain('The configuration says what is meant');
});

it('runs all checks while nobody looks, and shows the same to everybody', async () => {
  await begin().expect(303).expect('location', '/console/doctor');
  await ended();

  const { checks } = await desk.picture();
  expect(checks.every(({ last, isAwaited }) => last !== null && !isAwaited)).toBe(true);
  for (const role of ['operator', 'viewer']) expect(await page('', role)).toContain('by operator-user');
  expect(await patchbay.app.deps.store.auditLog(5)).toContainEqual(
    expect.objectContaining({ by: 'operator-user', act: 'doctor-run', subject: 'all' }),
  );
});

it('shows why a check fails and what to change, and links what can’t be told to the check at its root', async () => {
  site.gate.shut();
  await begin();
  await ended().finally(() => site.gate.open());

  const failed = await page('?status=fail');
  expect(failed).toContain('id="check-patchbay-service.running"');
  expect(failed).toContain('To do');
  expect(failed).not.toContain('id="check-patchbay-store.ready"');
  const unknown = await page('?status=unknown&instance=patchbay');
  expect(unknown).toContain('Mend first: <a href="/console/doctor#check-patchbay-service.running">');
});

it('runs one check again and leaves what was seen of the others', async () => {
  await begin();
  await ended();
  const before = await desk.picture();
  await begin({ only: 'patchbay:store.ready', back: 'status=ok' }).expect('location', '/console/doctor?status=ok');
  await ended();

  const { run, checks, troubles } = await desk.picture();
  const changed = checks.filter(({ last }, index) => last?.at !== before.checks[index]?.last?.at);
  expect(run?.only).toBe('patchbay:store.ready');
  expect(changed.map(({ id }) => id)).toEqual(['patchbay:store.ready']);
  expect(troubles).toEqual(before.troubles);
});

it('tells how far a run is, offers a link to a browser without script, and begins no second run', async () => {
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  ({ desk, app } = open({
    async alone(work) {
      await gate;
      await work();
      return true;
    },
  }));
  await begin();

  const text = await page();
  expect(text).toContain('It goes on when you leave this page');
  expect(text).toMatch(/<noscript><meta http-equiv="refresh"/);
  expect(text).not.toContain('Run all checks');
  await expect(desk.start({ only: '', by: 'somebody else' })).rejects.toThrow('a run that operator-user began goes on');
  goOn();
  await ended();
});

it('says so where another process runs the doctor', async () => {
  ({ desk, app } = open({ alone: async () => null }));
  await begin();
  await ended();

  expect(await page()).toContain('Another process of this service runs the doctor now');
});

it('says why where the configuration can’t be used any more, and keeps what it saw', async () => {
  let isBroken = false;
  ({ desk, app } = open({
    async openSite() {
      if (isBroken) throw new Error('dialers.carousel: unknown key "urll"');
      return { site: site.open(), close: async () => {} };
    },
  }));
  await begin({ only: 'patchbay:store.ready' });
  await ended();
  isBroken = true;
  await begin();
  await ended();

  const text = await page();
  expect(text).toContain('unknown key &quot;urll&quot;');
  expect(text).toContain('id="check-patchbay-store.ready"');
});

it('ends a run with the service', async () => {
  ({ desk, app } = open({ openSite: async () => ({ site: site.open(), close: async () => {} }) }));
  await begin();
  await desk.stop();

  expect((await desk.picture()).run).toMatchObject({ fault: 'The service stopped.' });
});

it('lets nobody run what is no check, and no viewer run anything', async () => {
  await begin({}, 'viewer').expect(403);
  expect(await page('', 'viewer')).not.toContain('Run all checks');

  await begin({ only: '../../etc/passwd' }).expect(303);
  expect((await desk.picture()).run).toBeNull();
});

it('shows viewers no phone number, and operators the numbers of the site', async () => {
  await begin();
  await ended();

  const { checks } = await desk.picture();
  const numbered = checks.filter(({ last }) => last?.checked.found.includes('+19895551234'));
  expect(numbered.length).toBeGreaterThan(0);
  expect(await page()).toContain('+19895551234');
  expect(await page('', 'viewer')).not.toMatch(/9895551234/);
});

it('gives what was found as JSON', async () => {
  await begin({ only: 'patchbay' });
  await ended();

  const answer = await request(app).get('/console/doctor.json').expect(200);
  expect(answer.headers['content-disposition']).toContain('patchbay-doctor.json');
  const { run, checks } = JSON.parse(answer.text) as { run: { by: string }; checks: { id: string; status: string }[] };
  expect(run.by).toBe('operator-user');
  expect(checks.find(({ id }) => id === 'patchbay:store.ready')?.status).toBe('ok');
  await request(app).get('/console/doctor.json').set('x-role', 'viewer').expect(403);
});
