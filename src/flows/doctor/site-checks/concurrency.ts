import type { CheckResult } from '../../../domain/connector.ts';
import { nameOf, numberOf, type SiteRoute, type SiteView } from './across.ts';
import { type Fault, faulty, ok, unknown } from './results.ts';

/** The dialers must not send more calls at once than the platform takes. */
export function judgeConcurrency(view: SiteView & { active: readonly SiteRoute[] }): CheckResult {
  const faults: Fault[] = [];
  const open: Fault[] = [];
  const fitting: string[] = [];
  for (const { id, concurrency } of view.platforms) {
    const routes = view.active.filter((route) => numberOf(route, view)?.platform === id);
    if (routes.length === 0) continue;
    const lines = routes.reduce((sum, route) => sum + (route.lines ?? 0), 0);
    const untold = routes.filter((route) => route.lines === null);
    const sum = routes.map((route) => `${nameOf(route)} ${route.lines ?? '?'}`).join(' + ');
    if (concurrency === null) {
      open.push({
        found: `${id} does not tell how many calls at once it takes; the dialers send up to ${lines}${untold.length > 0 ? ' or more' : ''}`,
        fix: `Ask ${id} for the concurrency of your contract, and set \`platforms.${id}.concurrency\`.`,
      });
    } else if (lines > concurrency) {
      faults.push({
        found: `${lines} lines for ${concurrency} calls at once at ${id}: ${sum}`,
        fix: `Have at most ${concurrency} lines in all, or have the concurrency of ${id} raised and set \`platforms.${id}.concurrency\`.`,
      });
    } else if (untold.length > 0) {
      open.push({
        found: `${id}: ${lines} of ${concurrency} are known (${sum}); of ${untold.map(nameOf).join('; ')} nobody says how many`,
        fix: `${concurrency - lines} are left for ${untold.length > 1 ? 'these' : 'it'}. ${howToTell(untold)}`,
      });
    } else fitting.push(`${id}: ${lines} of ${concurrency} (${sum})`);
  }
  const why =
    'Calls beyond that are turned away after the customer has answered: they hear silence and count as dropped.';
  if (faults.length > 0) return faulty('fail', faults, why);
  const [first] = open;
  if (first) return unknown(open.map(({ found }) => found).join('\n'), why, open.map(({ fix }) => fix).join('\n'));
  return ok(fitting.join('\n'));
}

/** The site can say it itself, where the dialer has no place for it. */
function howToTell(routes: readonly SiteRoute[]): string {
  const settings = [...new Set(routes.flatMap(({ linesSetting }) => (linesSetting ? `\`${linesSetting}\`` : [])))];
  if (settings.length === 0) return 'Count them by hand in the dialer, or take a kind of campaign that limits them.';
  return `Set ${settings.join(' and ')} to the most calls that come by it, or take a kind of campaign that limits them.`;
}
