import type { Check, CheckResult } from '../../../domain/connector.ts';
import { ofCampaign } from '../../../domain/settings.ts';
import { platformOf } from '../../../domain/slots.ts';
import type { CalledCampaign } from '../../../store/look-at-store.ts';
import type { DoctorSite } from '../site.ts';
import { type Fault, faulty, ok } from './results.ts';

/** Whether what is configured by campaign reaches the calls that come. */
export function campaignChecks(site: DoctorSite): Check[] {
  return [
    {
      id: 'campaigns.served',
      title: 'Each campaign that calls came from is configured, and has its platform',
      looksAt: 'the calls of the last seven days beside `dialers.<id>.campaigns` and `campaigns.<name>.platform`',
      needs: ['store.ready'],
      run: () => judgeCampaigns(site),
    },
  ];
}

async function judgeCampaigns(site: DoctorSite): Promise<CheckResult> {
  if ((await site.store.look()).kind !== 'ready') return ok('not used: no call has been kept yet');
  const called = (await site.store.calledCampaigns()).filter(({ dialer, campaign }) => {
    return campaign !== '' && site.dialers.has(dialer);
  });
  const faults = called.flatMap((each) => faultOf(site, each) ?? []);
  if (faults.length > 0) {
    const why = 'Outcomes of its calls are written to no dialer, or nobody counts them against what a platform takes.';
    return faulty('warn', faults, why);
  }
  const names = called.map(({ dialer, campaign }) => `${dialer} ${campaign}`);
  return ok(names.join('\n') || 'no call came from a campaign in the last seven days');
}

function faultOf({ dialers, platforms }: DoctorSite, { dialer, campaign, calls }: CalledCampaign): Fault | null {
  const settings = dialers.get(dialer)?.settings;
  if (!settings) return null;
  const came = `${dialer} ${campaign}: ${calls.toLocaleString('en-US')} ${calls === 1 ? 'call' : 'calls'}`;
  if (!ofCampaign(settings.campaigns, campaign)) {
    return {
      found: `${came}, and no configuration names it`,
      fix: `Add ${campaign} to \`dialers.${dialer}.campaigns\` with its dispositions, or \`*\` for every other; or send its calls to the AI no more.`,
    };
  }
  const ids = [...platforms.keys()];
  if (ids.length < 2 || platformOf(settings, campaign, ids) !== '') return null;
  const name = Object.hasOwn(settings.campaigns, campaign) ? campaign : '*';
  return {
    found: `${came}, and of several platforms it names none`,
    fix: `Set \`dialers.${dialer}.campaigns.${name}.platform\` to one of ${ids.join(', ')}.`,
  };
}
