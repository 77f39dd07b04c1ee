import type { DialerSettings } from './settings.ts';
import { campaignSettings } from './settings.ts';

/** Calls of one dialer that go to one platform: those of these campaigns, or of all but these. */
export interface CallsOfPlatform {
  dialer: string;
  campaigns: readonly string[];
  isAllBut: boolean;
}

/** How many calls a platform has now, and how many it takes. */
export interface PlatformLoad {
  platform: string;
  going: number;
  /** Null: nobody said. */
  concurrency: number | null;
}

/**
 * The platform that a campaign's calls go to; empty where there are several and the campaign names none: nothing is known of
 * it before the conversation begins, so such calls are held to nothing.
 */
export function platformOf(settings: DialerSettings, campaign: string, platforms: readonly string[]): string {
  const [only, ...others] = platforms;
  return campaignSettings(settings, campaign).platform ?? (others.length === 0 ? (only ?? '') : '');
}

/** Which calls go to a platform, by dialer. A dialer without any is left out. */
export function callsOfPlatform(
  dialers: Iterable<{ id: string; settings: DialerSettings }>,
  platform: string,
  platforms: readonly string[],
): CallsOfPlatform[] {
  return [...dialers].flatMap(({ id: dialer, settings }) => {
    // A name that no campaign can have stands for all that are not configured.
    const isAllBut = platformOf(settings, '*', platforms) === platform;
    const named = Object.keys(settings.campaigns).filter((name) => name !== '*');
    const campaigns = named.filter((name) => (platformOf(settings, name, platforms) === platform) !== isAllBut);
    return isAllBut || campaigns.length > 0 ? { dialer, campaigns, isAllBut } : [];
  });
}
