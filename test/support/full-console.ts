import type { Page as BrowserPage } from 'playwright-core';
import { html } from '../../src/console/html.ts';
import type { Page, Room } from '../../src/console/page.ts';
import { rooms } from '../../src/console/rooms.ts';
import { ConnectorError } from '../../src/domain/errors.ts';
import type { Role } from '../../src/domain/roles.ts';
import { watchAlerts } from '../../src/flows/alerts/watch-alerts.ts';
import { createDoctorDesk } from '../../src/flows/doctor/doctor-desk.ts';
import { readSite } from '../../src/flows/setup/read-site.ts';
import { createRunbookShelf } from '../../src/flows/setup/runbook-shelf.ts';
import { gatherRunbook, type Runbook } from '../../src/flows/setup/write-runbook.ts';
import { withLease } from '../../src/workers/lease.ts';
import { startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { openDeps } from '../unit/flows/open-deps.ts';
import { officeSecret } from './alert-site.ts';
import type { Browser } from './cookie-browser.ts';
import { type MadeUpSite, startMadeUpSite } from './doctor-site.ts';
import { eventually } from './eventually.ts';
import { fillDay, type Known, people } from './full-day.ts';
import { type GuardedConsole, startGuardedConsole, userOf } from './guarded-console.ts';
import { realClock } from './real-clock.ts';

/** A console in which every page is full: of what comes on any day, and of what wants to be run. */
export interface FullConsole {
  pages: GuardedConsole;
  known: Known;
  /** A page of the browser in which a role is logged in; nobody for none. */
  enter(page: BrowserPage, role: Role | 'nobody'): Promise<void>;
  stop(): Promise<void>;
}

/** What goes wrong, as pages below `/console`. */
export const faults = {
  'fault/inside': new Error('it broke'),
  'fault/store': new ConnectorError('store_away', 'gone'),
};

const faultRoom: Room = {
  pages: Object.entries(faults).map(
    ([path, error]): Page => ({ path, least: 'viewer', render: () => Promise.reject(error) }),
  ),
  actions: [
    { path: 'fault/form', least: 'viewer', run: async () => ({ kind: 'show', view: { title: '', body: html`` } }) },
  ],
};

export async function startFullConsole(): Promise<FullConsole> {
  const dialer = await startMadeUpServer(people);
  const office = { kind: 'webhook', url: 'http://127.0.0.1:9/', secrets: [officeSecret] };
  const quietHours = { from: '21:00', to: '07:00' };
  const open = await openDeps({ url: dialer.url, alerts: { channels: { office }, quietHours, digest: {} } });
  const site = await startMadeUpSite();
  // The doctor has something to say.
  site.dialer.fields.clear();
  site.platform.platform = { ...site.platform.platform, numbers: [] };
  const doctor = createDoctorDesk({
    clock: realClock,
    openSite: async () => ({ site: site.open(), close: async () => {} }),
    async alone(work) {
      await work();
      return true;
    },
  });
  const runbook = createRunbookShelf(realClock, () => runbookOf(site));
  await doctor.start({ only: '', by: 'olga' });
  runbook.make();
  const known = await fillDay(open);
  await withLease(open.deps, 'alerts', (_signal, lease) => watchAlerts(open.deps, lease));
  await eventually(async () => {
    if (!(await doctor.picture()).run?.endedAt || !runbook.look().made) throw new Error('they are not through yet');
  }, 60_000);
  const pages = await startGuardedConsole(open.deps, {
    site: { doctor, runbook, previewReload },
    rooms: [...rooms, faultRoom],
  });
  const sessions = new Map<Role, Promise<Browser>>();
  return {
    pages,
    known,
    async enter(page, role) {
      if (role === 'nobody') return;
      const session = sessions.get(role) ?? pages.loggedIn(userOf[role]);
      sessions.set(role, session);
      const { cookies } = await session;
      await page.context().addCookies([...cookies].map(([name, value]) => ({ name, value, url: pages.url })));
    },
    async stop() {
      await pages.stop();
      await open.close();
      await site.stop();
      await dialer.stop();
    },
  };
}

/** A file that somebody has changed, and nobody has taken up. */
const previewReload = async () => ({
  kind: 'good' as const,
  version: '0123456789',
  changes: ['~ dialers.carousel.headers: [{"name":"X-first","from":"first_name"}] → []', '+ outcomes.humanWaitSec: 60'],
  effects: ["Headers of carousel change: its scripts and the agent's prompt must read the same names."],
  warnings: ['No client may call the tools.'],
});

async function runbookOf(site: MadeUpSite): Promise<Runbook> {
  const { dialers, platforms } = site.open();
  const members = { dialers: [...dialers.values()], platforms: [...platforms.values()] };
  return gatherRunbook({
    instances: [
      ...members.platforms.map(({ id, type, setupSteps = [] }) => ({
        id,
        type,
        setupSteps,
        kind: 'platform' as const,
      })),
      ...members.dialers.map(({ id, type, setupSteps = [] }) => ({ id, type, setupSteps, kind: 'dialer' as const })),
    ],
    picture: await readSite(members, 5000),
    configFile: 'config/patchbay.yaml',
    secretsFile: 'config/patchbay.env',
    places: new Map(),
  });
}
