import type { CheckResult } from '../../../domain/connector.ts';
import { agentOf, nameOf, numberOf, type SiteRoute, type SiteView } from './across.ts';
import { type Fault, faulty, ok, unknown } from './results.ts';

type ActiveView = SiteView & { active: readonly SiteRoute[] };

/** Each number that a dialer sends calls to must be one that a platform has. */
export function judgeRegistered(view: ActiveView): CheckResult {
  const known = view.numbers
    .filter(({ isActive }) => isActive)
    .map(({ number, platform }) => `${number} (${platform})`);
  const faults: Fault[] = [];
  for (const route of view.active) {
    if (!route.number) continue;
    const held = numberOf(route, view);
    if (held?.isActive) continue;
    const isOff = held !== undefined;
    faults.push({
      found: `${nameOf(route)} dials ${route.number}, which ${isOff ? `is switched off at ${held.platform}` : 'no platform has'}`,
      fix: isOff
        ? `Switch ${route.number} on at ${held.platform}: phone numbers.`
        : `Enter ${known.join(' or ') || 'a registered number'} in ${route.dialer}, ${route.where}; or register ${route.number} at the platform: phone numbers.`,
    });
  }
  if (faults.length > 0)
    return faulty('fail', faults, 'The platform turns such calls away: the customer hears nothing.');

  const untold = view.active.filter(({ number }) => !number);
  if (untold.length > 0) {
    return unknown(
      `no number can be made out in ${untold.map(nameOf).join('; ')}`,
      'Whether the platform knows it can not be told.',
      'Compare it by hand with the phone numbers of the platform.',
    );
  }
  return ok(view.active.map((route) => `${route.number} of ${nameOf(route)}`).join('\n'));
}

/** A registered number answers nobody's call by itself. */
export function judgeAgents(view: ActiveView): CheckResult {
  const faults: Fault[] = [];
  for (const route of view.active) {
    const held = numberOf(route, view);
    if (!held || agentOf(route, view)) continue;
    faults.push({
      found: `${held.number} at ${held.platform} has ${held.agentId ? `the agent ${held.agentId}, which is not there` : 'no agent'}`,
      fix: `Choose an agent for calls that come in on ${held.number}, at ${held.platform}: phone numbers.`,
    });
  }
  if (faults.length > 0) return faulty('fail', faults, 'Calls to that number are not answered.');
  return ok(answered(view).join('\n'));
}

/** The way must lead to the server that knows the number. */
export function judgeSipHosts(view: ActiveView): CheckResult {
  const told = view.active.filter(({ sipHost }) => sipHost);
  if (told.length === 0) return ok('not used: calls go by a carrier, or by a trunk that the platform set up');
  const faults: Fault[] = [];
  for (const route of told) {
    const platform = view.platforms.find(({ id }) => id === numberOf(route, view)?.platform);
    if (!platform || bare(platform.sipHost) === bare(route.sipHost)) continue;
    faults.push({
      found: `${nameOf(route)} sends to ${route.sipHost}; the SIP server of ${platform.id} is ${platform.sipHost}`,
      fix: `Enter ${platform.sipHost} as the host of the carrier or trunk behind ${nameOf(route)}.`,
    });
  }
  if (faults.length > 0) return faulty('fail', faults, 'Another server answers such calls, or none.');
  return ok([...new Set(told.map(({ dialer, sipHost }) => `${dialer} → ${sipHost}`))].join('\n'));
}

function answered(view: ActiveView): string[] {
  const lines = view.active.map((route) => {
    const agent = agentOf(route, view);
    return `${route.number}: ${agent?.name || agent?.agentId} (${agent?.platform})`;
  });
  return [...new Set(lines)];
}

/** `sip:Host.example:5060;transport=tcp` as `host.example`. */
function bare(host: string): string {
  const [name = ''] = host.replace(/^sips?:/i, '').split(/[:;]/);
  return name.toLowerCase().replace(/\.$/, '');
}
