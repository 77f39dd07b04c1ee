import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { carrierCampaigns, uncorrelatedCampaigns } from '../../carrier-campaigns.ts';
import { partsOf, scriptName } from '../../ivr/script/config.ts';
import { checkOf, fail, notUsed, ok, rightsCheck, some, warn } from './results.ts';
import { type ConfiguredWay, namedCampaigns, type Site } from './site.ts';

const menu = 'VCC Administrator → Campaigns → the campaign';
const behindKnown = { needs: [rightsCheck, 'campaigns.known'] };
const behindType = { needs: [rightsCheck, 'campaigns.type'] };

/** Campaigns: that they exist, that their calls reach a script, and that the AI's side can tell the calls apart. */
export function campaignChecks(site: Site): Check[] {
  return [
    checkOf({
      id: 'campaigns.known',
      title: 'The campaigns exist',
      looksAt: 'getCampaigns: names of campaigns',
      run: () => known(site),
    }),
    checkOf({
      id: 'campaigns.type',
      title: 'The campaigns are of a kind that can run IVR scripts',
      looksAt: 'getCampaigns: type; getOutboundCampaign: dialingMode',
      ...behindKnown,
      run: () => kinds(site),
    }),
    checkOf({
      id: 'campaigns.script',
      title: 'The calls of the campaigns reach an IVR script',
      looksAt:
        'getAutodialCampaign and getInboundCampaign: defaultIvrSchedule; getOutboundCampaign: actionOnQueueExpiration',
      ...behindType,
      run: () => reachScript(site),
    }),
    checkOf({
      id: 'campaigns.bound',
      title: 'The campaigns run the script that the configuration describes',
      looksAt: 'the name of the script in IVR Schedule, or in the action on queue expiration',
      needs: [rightsCheck, 'campaigns.script'],
      run: () => bound(site),
    }),
    checkOf({
      id: 'campaigns.state',
      title: 'The campaigns run',
      looksAt: 'getCampaigns: state',
      ...behindKnown,
      run: () => states(site),
    }),
    checkOf({
      id: 'campaigns.dials',
      title: 'Autodial campaigns call without waiting for agents',
      looksAt: 'getAutodialCampaign: dialIfAgentsAvailable, maxNumOfLines',
      ...behindKnown,
      run: () => dials(site),
    }),
    checkOf({
      id: 'campaigns.queue-time',
      title: 'Customers do not wait for an agent before the AI speaks',
      looksAt: 'getOutboundCampaign: useTelemarketingMaxQueTimeEq1, maxQueueTime',
      ...behindType,
      run: () => queueTime(site),
    }),
    checkOf({
      id: 'campaigns.machines',
      title: 'Answering machines are not sent to the AI',
      looksAt: 'getOutboundCampaign: actionOnAnswerMachine',
      ...behindType,
      run: () => machines(site),
    }),
    checkOf({
      id: 'campaigns.answer-detection',
      title: 'Five9 tells people from machines',
      looksAt: 'getOutboundCampaign: callAnalysisMode',
      ...behindType,
      run: () => analysis(site),
    }),
    checkOf({
      id: 'campaigns.caller-id',
      title: "The AI's side sees the customer's number where it needs it",
      looksAt: 'getOutboundCampaign and getAutodialCampaign: dnisAsAni, of campaigns with connection: carrier',
      ...behindKnown,
      run: () => callerId(site),
    }),
    checkOf({
      id: 'campaigns.connection',
      title: 'The AI platform can tell the calls apart',
      looksAt: 'campaigns.….connection, and platforms.….inboundCall.tokens',
      needs: [],
      run: async () => connection(site),
    }),
  ];
}

async function known(site: Site): Promise<CheckResult> {
  const { campaigns } = site.config;
  const there = new Set((await site.campaigns()).map(({ name }) => name));
  const named = namedCampaigns(site.config);
  if (named.length === 0) return '*' in campaigns ? ok('every campaign (*)') : notUsed('no campaign is configured');
  const missing = named.filter((name) => !there.has(name));
  if (missing.length === 0) return ok(`${named.length} of ${there.size} campaigns are configured`);
  return fail(
    `not in Five9: ${missing.join(', ')}`,
    'Settings under a name that no campaign has are never used.',
    `Correct the names under dialers.${site.five9.id}.campaigns, as VCC Administrator → Campaigns shows them, or make the campaign there.`,
  );
}

async function kinds(site: Site): Promise<CheckResult> {
  const ways = await site.ways();
  const preview = (await site.aiWays()).filter(({ isPreview }) => isPreview).map(({ name }) => name);
  if (preview.length > 0) {
    return fail(
      `in preview mode: ${preview.join(', ')}`,
      'In preview mode an agent has every call before any script: none reaches the AI by itself.',
      `${menu} → Dialing Options → Dialing Mode: Power, Progressive or Predictive; or make an autodial campaign with the same lists.`,
    );
  }
  const inbound = ways.filter(({ type }) => type === 'INBOUND').map(({ name }) => name);
  if (inbound.length === 0) return ok(ways.map(({ name, type }) => `${name}: ${type}`).join(', ') || 'none named');
  return warn(
    `inbound: ${inbound.join(', ')}`,
    'Five9 takes dispositions for records of outbound and autodial campaigns only.',
    'Let the IVR script set the disposition of inbound calls when it hangs up, and take the campaign out of the configuration.',
  );
}

async function reachScript(site: Site): Promise<CheckResult> {
  const ways = await site.aiWays();
  const without = ways.filter(({ script, isPreview }) => script === '' && !isPreview);
  if (without.length === 0) {
    return ok(
      ways.map(({ name, script }) => `${name}: ${script}`).join(', ') || 'no campaign is configured with a script',
    );
  }
  return fail(
    without.map(({ name, why }) => `${name}: ${why}`).join('; '),
    'Five9 runs scripts for autodial and inbound campaigns; an outbound one comes to a script only by queue expiration, or for answering machines.',
    without.map((way) => whereBound(site, way)).join(' '),
  );
}

/** Where an admin chooses the script of a campaign, and which. */
function whereBound({ config }: Site, { name, type }: ConfiguredWay): string {
  const settings = config.campaigns[name]?.script;
  const script = settings ? scriptName(name, settings, type === 'INBOUND' ? 'inbound' : 'call') : 'the script';
  const at = `VCC Administrator → Campaigns → ${name} →`;
  if (type !== 'OUTBOUND') return `${at} IVR Schedule: ${script}.`;
  return `${at} Dialing Options → Action on Queue Expiration: Start IVR Script, ${script}; Maximum Queue Time: 1 second.`;
}

/** A script made by hand may do as well: the audit judges it. */
async function bound(site: Site): Promise<CheckResult> {
  const other = (await site.ways()).filter((way) => way.script !== '' && isOther(site, way));
  if (other.length === 0) return ok('each its own');
  const described = other.map(({ name, script }) => {
    const wanted = site.config.campaigns[name]?.script;
    return `${name} runs ${script}, described is ${wanted ? scriptName(name, wanted, 'call') : 'none'}`;
  });
  return warn(
    described.join('; '),
    'The calls go the way of that script, whatever the configuration says.',
    `${menu} → IVR Schedule, or Action on Queue Expiration: choose the described script; or name the one that runs in campaigns.<name>.script.name.`,
  );
}

/** The script of the calls that come back is for inbound campaigns alone. */
function isOther({ config }: Site, { name, type, script: held }: ConfiguredWay): boolean {
  const script = config.campaigns[name]?.script;
  if (script === undefined) return false;
  const parts = partsOf(script).filter((part) => type === 'INBOUND' || part === 'call');
  return !parts.some((part) => scriptName(name, script, part) === held);
}

async function states(site: Site): Promise<CheckResult> {
  const idle = (await site.aiWays()).filter(({ state }) => state !== '' && state !== 'RUNNING');
  if (idle.length === 0) return ok('all of them');
  return warn(
    idle.map(({ name, state }) => `${name}: ${state}`).join(', '),
    'A campaign that does not run calls nobody, and callbacks in its lists wait.',
    `${menu} → Start, when all else is ok.`,
  );
}

async function dials(site: Site): Promise<CheckResult> {
  const autodial = (await site.aiWays()).filter(({ type }) => type === 'AUTODIAL');
  if (autodial.length === 0) return notUsed('no autodial campaign');
  const still = autodial.flatMap(({ name, lines, waitsForAgents }) => {
    if (waitsForAgents) return [`${name} dials only while agents are free`];
    return lines === 0 ? [`${name} has no lines`] : [];
  });
  if (still.length === 0) return ok(autodial.map(({ name, lines }) => `${name}: ${lines ?? '?'} lines`).join(', '));
  return fail(
    still.join('; '),
    'The AI takes these calls first: with no agent logged in nobody is called.',
    `${menu} → General: untick Dial only if agents are available, and set Maximum Number of Lines to the calls that the AI may have at once.`,
  );
}

/** Those of outbound campaigns, whose calls wait for an agent first. */
async function outbound(site: Site): Promise<ConfiguredWay[]> {
  return (await site.aiWays()).filter(({ type, isPreview }) => type === 'OUTBOUND' && !isPreview);
}

async function queueTime(site: Site): Promise<CheckResult> {
  const ways = await outbound(site);
  if (ways.length === 0) return notUsed('no outbound campaign');
  const waiting = ways.filter(({ waitSec }) => waitSec === null || waitSec > 1);
  if (waiting.length === 0) return ok('one second at most');
  return warn(
    waiting.map(({ name, waitSec }) => `${name}: ${waitSec === null ? 'not told' : `${waitSec} s`}`).join(', '),
    'So long an answered call waits for an agent before its script begins: the customer hears nothing, and hangs up.',
    `${menu} → Dialing Options → Maximum Queue Time: 1 second. Keep agents of other work out of the campaign.`,
  );
}

async function machines(site: Site): Promise<CheckResult> {
  const ways = await outbound(site);
  if (ways.length === 0) return notUsed('no outbound campaign');
  // Another script may leave a message.
  const toAi = new Set((await site.scripts()).map(({ name }) => name));
  const sent = ways.filter(({ machineScript }) => toAi.has(machineScript));
  if (sent.length === 0) return ok('they go to no script that leads to the AI');
  return warn(
    sent.map(({ name, machineScript }) => `${name}: machines go to ${machineScript}`).join('; '),
    'The AI talks to answering machines, each takes a line and minutes.',
    `${menu} → Dialing Options → Action on Answer Machine: Drop Call, unless you want messages left.`,
  );
}

async function analysis(site: Site): Promise<CheckResult> {
  const ways = await outbound(site);
  if (ways.length === 0) return notUsed('no outbound campaign');
  const blind = ways.filter((way) => way.analysis !== '' && way.analysis !== 'FAX_AND_ANSWERING_MACHINE');
  if (blind.length === 0) return ok(some(ways.map((way) => `${way.name}: ${way.analysis || 'not told'}`)));
  return warn(
    blind.map((way) => `${way.name}: ${way.analysis}`).join(', '),
    'Every answering machine that picks up counts as a person, and the AI talks to it.',
    `${menu} → Dialing Options → Call Analysis: Fax and Answering Machine. It takes a moment after the answer: where customers hear silence before the AI, weigh the one against the other.`,
  );
}

async function callerId(site: Site): Promise<CheckResult> {
  const carrier = new Set(carrierCampaigns(site.config));
  if (carrier.size === 0)
    return notUsed('no campaign goes by a carrier; on a dedicated trunk the headers name the call');
  const ways = (await site.ways()).filter(({ name }) => carrier.has(name));
  const hidden = ways.filter(({ showsCustomer }) => showsCustomer === false);
  if (hidden.length === 0) return ok("the contact's number");
  return warn(
    `by carrier, showing the campaign's own number: ${hidden.map(({ name }) => name).join(', ')}`,
    'The inbound-call webhook then knows only the number that was called, and answers only while no second call is on its way there.',
    `${menu} → Dialing Options: on a transfer to a third party show the contact's number as caller id (DNIS as ANI).`,
  );
}

function connection({ five9, config }: Site): CheckResult {
  const carrier = carrierCampaigns(config);
  if (carrier.length === 0)
    return notUsed('no campaign goes by a carrier; on a dedicated trunk the headers name the call');
  const lost = uncorrelatedCampaigns(five9);
  if (lost.length === 0) return ok(`by carrier: ${carrier.join(', ')}; a platform has an inbound-call URL`);
  return fail(
    `by carrier: ${lost.join(', ')}; no platform has an inbound-call URL`,
    'A carrier may drop the X- headers: the AI then knows neither the customer nor the correlation ID, and no outcome can be matched.',
    'Set platforms.<id>.inboundCall.tokens, and enter the URL at SigmaMind: Phone Numbers → the number → Inbound Call Setting → webhook.',
  );
}
