import type { Check, CheckResult } from '../../../src/domain/connector.ts';
import { carrierCampaigns, uncorrelatedCampaigns } from '../carrier-campaigns.ts';
import type { Five9 } from '../five9.ts';
import { partsOf, scriptName } from '../ivr/script/config.ts';
import { type CampaignWay, campaignWay } from './campaign-ways.ts';
import { checkOf, fail, ok, warn } from './check-results.ts';

/** Campaigns: that they exist, that their calls reach a script, and that the AI's side can tell the calls apart. */
export function campaignChecks(five9: Five9): Check[] {
  return [
    checkOf('campaigns.known', 'The campaigns exist', () => known(five9)),
    checkOf('campaigns.script', 'The calls of the campaigns reach their IVR script', () => reachScript(five9)),
    // On a dedicated trunk the headers name the call.
    ...(carrierCampaigns(five9.config).length > 0
      ? [checkOf('campaigns.connection', 'The AI platform can tell the calls apart', () => connection(five9))]
      : []),
  ];
}

async function known({ api, config }: Five9): Promise<CheckResult> {
  const types = new Map((await api.campaigns()).map(({ name, type }) => [name, type]));
  const named = namedCampaigns(config);
  const missing = named.filter((name) => !types.has(name));
  if (missing.length > 0) {
    return fail(
      `not in Five9: ${missing.join(', ')}`,
      'Settings under a name that no campaign has are never used.',
      'Correct the names under campaigns, as the VCC Administrator shows them under Campaigns.',
    );
  }
  const inbound = named.filter((name) => types.get(name) === 'INBOUND');
  if (inbound.length === 0) return ok(`${named.length} of ${types.size} campaigns are configured`);
  return warn(
    `inbound: ${inbound.join(', ')}`,
    'Five9 takes dispositions for records of outbound and autodial campaigns only.',
    'Let the IVR script set the disposition of inbound calls when it hangs up.',
  );
}

/** `*` stands for all other campaigns, and is none itself. */
export function namedCampaigns(config: Five9['config']): string[] {
  return Object.keys(config.campaigns).filter((name) => name !== '*');
}

/** The ways of the configured campaigns that Five9 has, one request each. */
export async function configuredWays({
  api,
  config,
}: Five9): Promise<(CampaignWay & { name: string; type: string })[]> {
  const named = new Set(namedCampaigns(config));
  const ways: (CampaignWay & { name: string; type: string })[] = [];
  for (const { name, type } of await api.campaigns()) {
    if (named.has(name)) ways.push({ name, type, ...(await campaignWay(api, name, type)) });
  }
  return ways;
}

async function reachScript(five9: Five9): Promise<CheckResult> {
  const { config } = five9;
  const ways = await configuredWays(five9);
  const without = ways.filter(({ script }) => script === '');
  if (without.length > 0) {
    // A campaign without a script in the configuration may be there for the write-backs of another dialer only.
    const isNeeded = without.some(({ name }) => config.campaigns[name]?.script);
    return (isNeeded ? fail : warn)(
      without.map(({ name, why }) => `${name}: ${why}`).join('; '),
      'Five9 runs scripts for autodial and inbound campaigns; an outbound one comes to a script only by queue expiration, or for answering machines.',
      'VCC Administrator → Campaigns → the campaign. Autodial, inbound: IVR Schedule. Outbound: as the action on queue expiration Start IVR Script, with the shortest wait.',
    );
  }
  const other = ways.filter(({ name, script }) => isOther(five9, name, script));
  if (other.length === 0)
    return ok(ways.map(({ name, script }) => `${name} runs ${script}`).join(', ') || 'none named');
  return warn(
    other.map(({ name, script }) => `${name} runs ${script}`).join(', '),
    'The configuration describes another script for these campaigns.',
    `Bind the script that npx patchbay ${five9.id} script names, or leave campaigns.<name>.script out.`,
  );
}

function isOther({ config }: Five9, campaign: string, bound: string): boolean {
  const script = config.campaigns[campaign]?.script;
  return script !== undefined && !partsOf(script).some((part) => scriptName(campaign, script, part) === bound);
}

async function connection(five9: Five9): Promise<CheckResult> {
  const lost = uncorrelatedCampaigns(five9);
  if (lost.length > 0) {
    return fail(
      `by carrier: ${lost.join(', ')}; no platform has an inbound-call URL`,
      'A carrier may drop the X- headers: the AI then knows neither the customer nor the correlation ID, and no outcome can be matched.',
      'Set platforms.<id>.inboundCall.tokens, and enter the URL as the inbound-call webhook of the number at SigmaMind.',
    );
  }
  const carrier = new Set(carrierCampaigns(five9.config));
  const hidden = (await configuredWays(five9)).filter((way) => carrier.has(way.name) && way.showsCustomer === false);
  if (hidden.length === 0) return ok("carrier: the inbound-call webhook matches calls by the customer's number");
  return warn(
    `by carrier, showing the campaign's own number: ${hidden.map(({ name }) => name).join(', ')}`,
    'The webhook then knows only the number that was called, and answers only while no second call is on its way there.',
    "VCC Administrator → Campaigns → the campaign: on a transfer to a third party show the contact's number as caller id (DNIS as ANI).",
  );
}
