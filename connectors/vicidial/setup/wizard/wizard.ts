import type { ConnectorDeps } from '../../../../src/domain/connector.ts';
import type { Asker, SetupWizard, WizardSite } from '../../../../src/domain/setup.ts';
import { offsetMinutes } from '../../server-time.ts';
import type { SiteSetUp } from '../../tables/site-set-up.ts';
import { type ApiAccess, askApi, askDatabase } from './ask-access.ts';
import { askAgents } from './ask-agents.ts';
import { askCampaigns, askLists, askMapping, askNumbers } from './ask-campaigns.ts';
import { askCarrier } from './ask-carrier.ts';
import { presentKeys, presentText } from './present.ts';
import { proposeZone } from './propose-zone.ts';

/** Asks for one VICIdial: its two accounts first, and then only what they don't tell. */
export const wizard: SetupWizard<ConnectorDeps> = async (ask, site) => {
  const api = await askApi(ask, site);
  const database = await askDatabase(ask, site, api.section.url);
  const { found } = database;
  const timeZone = await askZone(ask, site, api, found);
  const campaigns = await askCampaigns(ask, site, found);
  const numbers = await askNumbers(ask, site, campaigns);
  const lists = await askLists(ask, site, campaigns, found);
  const carrier = await askCarrier(ask, site, found);
  const remoteAgents = await askAgents(ask, site, campaigns, carrier.prefix, found);
  const [first = ''] = numbers.values();

  // One that is not chosen any more must not be set up.
  const before = presentKeys(site.present, 'campaigns').filter((name) => name !== '*');
  const sections: Record<string, unknown> = Object.fromEntries(before.map((name) => [name, undefined]));
  for (const campaign of campaigns) {
    const dispositions = await askMapping(ask, site, campaign, found);
    const number = numbers.get(campaign);
    const hasFields = presentKeys(site.present, 'campaigns', campaign, 'fields').length > 0;
    sections[campaign] = {
      // What is the carrier's own number need not be said again.
      number: number === first ? undefined : number,
      dispositions,
      ...(!hasFields && { fields: { comments: 'summary' } }),
    };
  }

  // The Start Call URL logs in with it too, whatever the way of the headers.
  const key = site.makeClient({ name: 'asterisk', may: ['dialer'] });
  ask.say(`The dialer logs in to Patchbay with the key ${key}: it goes where the runbook says PATCHBAY_API_KEY.`);
  return {
    section: {
      type: 'vicidial',
      api: api.section,
      database: database.section ?? undefined,
      timeZone,
      sync: { lists },
      carrier: { ...carrier, number: first || undefined },
      remoteAgents,
      campaigns: sections,
      ...(carrier.headersBy === 'fastagi' && { fastAgi: await askFastAgi(ask, site) }),
    },
  };
};

async function askZone(
  ask: Asker,
  { id, present, deps }: WizardSite<ConnectorDeps>,
  { offsets }: ApiAccess,
  found: SiteSetUp | null,
): Promise<string> {
  const gmt = found?.servers.find(({ isActive }) => isActive)?.gmt ?? '';
  const winter = offsets.winter ?? offsetMinutes(gmt);
  const proposed = proposeZone({ winter, now: offsets.now }, deps.clock.now());
  return ask.text({
    key: `${id}.timeZone`,
    message: "Time zone of the dialer's operating system, as an IANA name",
    byDefault: presentText(present, 'timeZone') || proposed,
    judge(answer) {
      try {
        new Intl.DateTimeFormat('en', { timeZone: answer });
        return answer ? null : 'It must be given.';
      } catch {
        return 'Give a name such as America/New_York.';
      }
    },
  });
}

async function askFastAgi(ask: Asker, { id, present }: WizardSite<ConnectorDeps>): Promise<{ host: string }> {
  const host = await ask.text({
    key: `${id}.fastAgi.host`,
    message: 'Address of this machine on which the dialers reach Patchbay by FastAGI (private network only)',
    byDefault: presentText(present, 'fastAgi', 'host') || '127.0.0.1',
    judge: (answer) => (answer.trim() ? null : 'It must be given.'),
  });
  ask.say('Put the addresses of the dialers into fastAgi.allow: everybody else is cut off.');
  return { host };
}
