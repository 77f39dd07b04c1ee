import type { Call } from '../domain/call.ts';
import { campaignSettings, type DialerSettings, sharedScreenPop } from '../domain/settings.ts';

/**
 * The screen-pop fields of an answer, all of them whatever is known: a script reads them by one expression, which finds
 * nothing when one is missing. Where no campaign is known, and where a script serves several, those of every campaign.
 *
 * @param isShared whether scripts of several campaigns read this answer
 */
export function screenPopOf(
  settings: DialerSettings,
  campaign: string,
  call: Call | null,
  isShared = false,
): [name: string, value: string][] {
  const names = campaign && !isShared ? campaignSettings(settings, campaign).screenPop : sharedScreenPop(settings);
  const known: Record<string, string> = call
    ? { campaign: call.campaign, lead_id: call.leadKey, dialer: call.dialer, ...call.outcome?.fields }
    : {};
  return names.map((name) => [name, known[name] ?? '']);
}
