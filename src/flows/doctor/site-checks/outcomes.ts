import type { CheckResult } from '../../../domain/connector.ts';
import { campaignSettings } from '../../../domain/settings.ts';
import type { DoctorSite } from '../site.ts';
import { agentOf, type SiteRoute, type SiteView } from './across.ts';
import { type Fault, faulty, ok } from './results.ts';

/** How calls end without a word of the agent. */
const technicalEnds = ['voicemail', 'no_answer', 'busy', 'hung_up', 'failed', 'unknown'];

/** An outcome without a disposition waits for ever in the outbox. */
export function judgeMapping(
  { dialers, outcomeCodes }: DoctorSite,
  view: SiteView & { active: readonly SiteRoute[] },
): CheckResult {
  const missing = new Map<string, Fault & { isSpoken: boolean }>();
  const covered: string[] = [];
  for (const route of view.active) {
    const agent = agentOf(route, view);
    if (!agent) continue;
    const spoken = agent.outcomes ?? outcomeCodes;
    for (const { dialer, campaign } of placesOf(route)) {
      if (!dialers.get(dialer)?.aspects.includes('disposition')) continue;
      const settings = dialers.get(dialer)?.settings;
      const { dispositions } = settings ? campaignSettings(settings, campaign) : { dispositions: {} };
      const absent = [...new Set([...spoken, ...technicalEnds])].filter((code) => !Object.hasOwn(dispositions, code));
      const bySpeech = absent.filter((code) => spoken.includes(code));
      if (absent.length === 0) covered.push(`${dialer} ${campaign}: ${Object.keys(dispositions).length} outcomes`);
      else {
        const found = `${dialer} ${campaign} has no disposition for ${absent.join(', ')}${bySpeech.length > 0 ? ` (${agent.name || agent.agentId} can commit ${bySpeech.join(', ')})` : ''}`;
        const fix = `Add ${absent.join(', ')} to \`dialers.${dialer}.campaigns.${campaign}.dispositions\`, each with a disposition that the dialer has.`;
        missing.set(found, { found, fix, isSpoken: bySpeech.length > 0 });
      }
    }
  }
  const faults = [...missing.values()];
  const why = 'The disposition of such a call is never written: the lead stays as the dialer left it.';
  if (faults.length > 0) return faulty(faults.some(({ isSpoken }) => isSpoken) ? 'fail' : 'warn', faults, why);
  return ok([...new Set(covered)].join('\n') || 'not used: these dialers take no dispositions');
}

/** The campaign itself, and the one of another dialer that mirrors it. */
function placesOf({ dialer, campaign, settings }: SiteRoute): { dialer: string; campaign: string }[] {
  const { mirror } = campaignSettings(settings, campaign);
  return mirror ? [{ dialer, campaign }, mirror] : [{ dialer, campaign }];
}
