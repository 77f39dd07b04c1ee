import { campaignSettings, type DialerSettings } from './settings.ts';

const builtIn: Readonly<Record<string, string>> = {
  opt_out: 'dnc',
  callback: 'callback',
  qualified: 'skill',
  transferred: 'skill',
  language: 'skill',
};

/** What a dialer's script shall do with a call that ended so: `skill`, `callback`, `dnc`, `hangup`, or the site's own. */
export function routeOf(settings: DialerSettings, campaign: string, outcome: string): string {
  return campaignSettings(settings, campaign).routes[outcome] ?? builtIn[outcome] ?? 'hangup';
}

/** The outcomes after which a human takes over, for a campaign. */
export const builtInHandOvers: readonly string[] = Object.keys(builtIn).filter((code) => builtIn[code] === 'skill');
