import type { Instant } from '../../../domain/call.ts';
import { type AutopilotView, describeAutopilot } from '../../../flows/autopilot/describe-autopilot.ts';
import { countToday, type DayCounts } from '../../../flows/count-calls.ts';
import { readSiteState } from '../../../flows/site-state.ts';
import { address } from '../../address.ts';
import { panel } from '../../components/panel.ts';
import { clockOf } from '../../components/time.ts';
import type { ConsoleDeps } from '../../console-deps.ts';
import { html, live } from '../../html.ts';
import type { Page, Room } from '../../page.ts';
import { withinTime } from '../../within-time.ts';
import { loadPanel, readLoads } from '../capacity/load-panel.ts';
import { aiPanel } from './ai-panel.ts';
import { linkPicture } from './link-picture.ts';
import { linkTables } from './link-table.ts';
import { optOutPanel } from './opt-out-panel.ts';
import { today } from './today.ts';
import { verdict } from './verdict.ts';

const page: Page = {
  path: '',
  least: 'viewer',
  live: { everyMs: 2000 },
  async render(question) {
    const { deps, now } = question;
    const [state, loads, counts, steering] = await Promise.all([
      readSiteState(deps),
      readLoads(deps),
      countedToday(deps, now),
      readSteering(deps),
    ]);
    const clock = clockOf(question);
    return {
      title: 'Overview',
      body: html`${live('verdict', verdict(state, clock))}
${live('ai', aiPanel(steering, deps.settings.autopilot.enabled, clock))}
${live('links', panel('Links', html`${linkPicture(state, clock)}${linkTables(state, clock)}`))}
${live('loads', loadPanel(loads, html`<a href="${address('capacity')}">Capacity</a>`))}
${live('opt-outs', optOutPanel(state, clock))}
${live('todays-calls', counts ? await today(counts) : uncounted)}`,
    };
  },
};

/** What happens now, and what somebody must see to. */
export const overviewRoom: Room = { nav: { title: 'Overview', path: '' }, pages: [page] };

const countedWithinMs = 2000;
const uncounted = panel(
  "Today's calls",
  html`<p class="quiet">The store does not answer: they can’t be counted now.</p>`,
);

/** Null while the store is away: the rest of the page must not wait for it. */
async function countedToday(deps: ConsoleDeps, now: Instant): Promise<DayCounts | null> {
  if (deps.gate.isAway()) return null;
  return withinTime(countedWithinMs, () => countToday(deps, now)).catch(() => null);
}

/** None while the store is away. */
async function readSteering(deps: ConsoleDeps): Promise<AutopilotView[]> {
  if (deps.gate.isAway()) return [];
  const { autopilot } = deps.settings;
  return withinTime(countedWithinMs, () => describeAutopilot(deps, autopilot)).catch(() => []);
}
