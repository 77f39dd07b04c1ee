import type { Page } from 'playwright-core';
import { rooms } from '../../src/console/rooms.ts';
import { isAtLeast, type Role } from '../../src/domain/roles.ts';
import type { FullConsole } from './full-console.ts';
import { faults } from './full-console.ts';
import type { Known } from './full-day.ts';

/** One thing that somebody can have before them in the console. */
export interface ConsoleView {
  name: string;
  /** The page's own path; empty for what no room has. */
  of: string;
  least: Role | 'nobody';
  /** Below `/console`. */
  path(known: Known): string;
  /** What is done there, to come to what is looked at. */
  go?: (page: Page) => Promise<void>;
}

interface Way {
  to: (known: Known) => string;
  as?: string;
  go?: (page: Page) => Promise<void>;
  least?: Role;
}

const at = (path: string): Way => ({ to: () => path });
const listed = ['waiting', 'retrying', 'held', 'sending', 'submitted', 'dead', 'refused', 'overtaken', 'cancelled'];

/** For each page of the rooms, by its path: where it is full, and what its forms lead to. */
const ways: Record<string, readonly Way[]> = {
  '': [at(''), { to: () => '', as: 'account menu', go: (page) => page.locator('.me-button').click() }],
  calls: [at('calls'), at('calls?text=nobody-of-that-name'), at('calls?outcome=sale&dialer=carousel&from=2026-03-02')],
  'calls/:id': [{ to: ({ calls }) => `calls/${calls[0]}`, as: 'planted' }, { to: ({ calls }) => `calls/${calls[1]}` }],
  'calls/:id/correct': [
    { to: ({ calls }) => `calls/${calls[0]}/correct` },
    { to: ({ calls }) => `calls/${calls[1]}/correct`, as: 'difference', go: previewCorrection },
    { to: ({ calls }) => `calls/${calls[1]}/correct`, as: 'refused', go: refuseCorrection },
  ],
  'write-backs': [
    ...[...listed, 'confirmed', 'superseded', 'shadow'].map((view) => at(`write-backs?view=${view}`)),
    { to: () => 'write-backs?view=dead', as: 'difference', least: 'operator', go: previewReplay },
    { to: () => 'write-backs?view=refused', as: 'cancel', least: 'operator', go: askToCancel },
  ],
  'write-backs/:id': (['dead', 'refused', 'submitted', 'cancelled', 'held'] as const).map((state) => ({
    to: ({ writeBacks }) => `write-backs/${writeBacks.get(state)}`,
    as: state,
  })),
  capacity: [at('capacity'), { to: () => 'capacity?advice=all', as: 'advice' }],
  attention: [at('attention'), at('attention?tab=settled')],
  controls: [at('controls'), { to: () => 'controls', as: 'before a pause', least: 'operator', go: askToPause }],
  alerts: [at('alerts'), at('alerts?tab=past')],
  'opt-outs': [
    at('opt-outs'),
    at('opt-outs?tab=all'),
    { to: () => 'opt-outs', as: 'found', least: 'operator', go: (page) => findNumber(page, 'Find its opt-outs') },
  ],
  'opt-outs/:id': [{ to: ({ optOut }) => `opt-outs/${optOut}` }],
  scorecard: [at('scorecard?from=2026-01-01&to=2026-12-31'), at('scorecard')],
  leads: [
    at('leads'),
    { to: () => 'leads', as: 'found', least: 'operator', go: (page) => findNumber(page, 'Find leads') },
  ],
  'leads/by-key': [at('leads/by-key?dialer=carousel&key=nobody')],
  'leads/:dialer/:key': [at('leads/carousel/43'), at('leads/carousel/102')],
  shadow: [at('shadow'), at('shadow?dialer=carousel')],
  doctor: [at('doctor'), at('doctor?status=fail')],
  setup: [at('setup')],
  configuration: [at('configuration')],
  audit: [at('audit'), at('audit?by=olga')],
  sessions: [at('sessions')],
};

/** Pages that no room has. */
const others: ConsoleView[] = [
  { name: 'log-in', of: '', least: 'nobody', path: () => 'log-in' },
  { name: 'log-in refused', of: '', least: 'nobody', path: () => 'log-in', go: logInWrongly },
  { name: 'logged out', of: '', least: 'nobody', path: () => 'logged-out' },
  { name: 'not found', of: '', least: 'viewer', path: () => 'nowhere/at/all' },
  { name: 'not allowed', of: '', least: 'viewer', path: () => 'calls/x/correct' },
  ...Object.keys(faults).map((path): ConsoleView => ({ name: path, of: '', least: 'viewer', path: () => path })),
];

/** Everything that a role can have before it. */
export function viewsOf(role: Role | 'nobody'): ConsoleView[] {
  const ofRooms = rooms.flatMap(({ pages }) =>
    pages.flatMap(({ path: of, least: pageLeast }) =>
      (ways[of] ?? []).map(({ to, as, go, least = pageLeast }): ConsoleView => {
        const name = `/${to({ calls: [':id', ':id'], writeBacks: new Map(), optOut: ':id' })}${as ? `, ${as}` : ''}`;
        return { name, of, least, path: to, ...(go && { go }) };
      }),
    ),
  );
  const isFor = ({ least }: ConsoleView) =>
    role === 'nobody' ? least === 'nobody' : least !== 'nobody' && isAtLeast(role, least);
  return [...ofRooms, ...others].filter(isFor);
}

/** Pages of the rooms to which no way is known: none. */
export function forgottenPages(): string[] {
  return rooms.flatMap(({ pages }) => pages.map(({ path }) => path)).filter((path) => !ways[path]?.length);
}

/** Opens a view, with all that folds unfolded. What is live stands still meanwhile. */
export async function openView(page: Page, { pages, known }: FullConsole, view: ConsoleView): Promise<void> {
  await page.route('**/console/live?*', (route) => route.abort());
  await page.goto(`${pages.url}/console/${view.path(known)}`);
  await view.go?.(page);
  await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).first().click();
  await page.waitForLoadState();
}

async function previewCorrection(page: Page): Promise<void> {
  await page.getByLabel('The call ended as').selectOption('sale');
  await page.getByLabel('Why').fill('heard the recording');
  await press(page, 'Show what would be written');
  await page.getByRole('button', { name: 'Correct it' }).waitFor();
}

async function refuseCorrection(page: Page): Promise<void> {
  await page.getByLabel('The call ended as').selectOption('callback');
  await page.getByLabel('Why').fill('heard the recording');
  await press(page, 'Show what would be written');
  await page.getByText('a callback needs a day and a time').waitFor();
}

async function previewReplay(page: Page): Promise<void> {
  for (const tick of await page.locator('main table input[type=checkbox]').all()) await tick.check();
  await press(page, /difference/);
  await page.getByRole('button', { name: /^Replay/ }).waitFor();
}

async function askToCancel(page: Page): Promise<void> {
  await page.locator('main table input[type=checkbox]').first().check();
  await press(page, /^Cancel/);
  await page.getByLabel('Why').waitFor();
}

async function askToPause(page: Page): Promise<void> {
  const pauses = page.locator('#pauses');
  await pauses.getByLabel('Campaign').fill('Autumm');
  await pauses.getByLabel('Why').fill('the dialer is slow');
  await press(page, 'See what it holds back');
  await page.getByRole('button', { name: 'Pause it now' }).waitFor();
}

async function findNumber(page: Page, button: string): Promise<void> {
  await page.getByLabel('Number').fill('+13125550142');
  await press(page, button);
}

async function logInWrongly(page: Page): Promise<void> {
  await page.getByLabel('Name').fill('olga');
  await page.getByLabel('Password').fill('not hers');
  await press(page, 'Log in');
  await page.locator('.notice').waitFor();
}
