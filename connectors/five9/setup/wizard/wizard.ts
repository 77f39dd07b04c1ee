import type { ConnectorDeps } from '../../../../src/domain/connector.ts';
import type { SetupWizard } from '../../../../src/domain/setup.ts';
import { askAccess } from './ask-access.ts';
import { askCampaigns } from './ask-campaigns.ts';
import { askDomain } from './ask-domain.ts';

/** Asks for one Five9 domain: who may log in first, and then only what the domain does not tell. */
export const wizard: SetupWizard<ConnectorDeps> = async (ask, site) => {
  const { section: soap, facts } = await askAccess(ask, site);
  const domain = await askDomain(ask, site, soap.host, facts);
  const campaigns = await askCampaigns(ask, site, facts);
  const key = site.makeClient({ name: `${site.id}-ivr`, may: ['dialer'] });
  ask.say(`The Query modules ask with the key ${key}: it goes into the authorization profile, as the runbook says.`);
  const byCarrier = Object.entries(campaigns).filter(([, { connection }]) => connection === 'carrier');
  if (byCarrier.length > 0) {
    const names = byCarrier.map(([name]) => name).join(', ');
    ask.say(
      `${names}: over a carrier calls are told apart by the inbound-call webhook of the AI platform. Set it up there.`,
    );
  }
  return { section: { type: 'five9', soap, ...domain, campaigns } };
};
