import { campaignMembers, identityMembers } from './campaign-shapes.ts';
import { campaignOf, type Five9Domain } from './five9-domain.ts';
import type { Campaign } from './options.ts';
import type { Args, Shape } from './shapes.ts';
import { soapFault } from './soap-fault.ts';
import type { XmlChildren, XmlContent } from './xml.ts';

/** Everything that a campaign is asked about by its kind, in the order of the schema. */
export function membersOf(domain: Five9Domain, campaign: Campaign): XmlChildren {
  const { mode, state, name, type } = { mode: 'BASIC', ...campaign };
  const held: Record<string, XmlContent> = {
    ...{ mode, name, state, trainingMode: false, type },
    ...defaultMembers(domain, campaign),
    ...(campaign.members as Record<string, XmlContent>),
    ...scriptMember(campaign),
  };
  const order = campaignMembers[type].map((shape) => shape.name);
  return Object.fromEntries(order.flatMap((key) => (held[key] === undefined ? [] : [[key, held[key]]])));
}

/** True when the campaign shows the customer's number to a third party. */
export function showsCustomer(domain: Five9Domain, { members }: Pick<Campaign, 'members'>): boolean {
  if ('dnisAsAni' in members) return members.dnisAsAni === true;
  return domain.switches.dnisAsAni;
}

function defaultMembers(domain: Five9Domain, { type }: Campaign): Record<string, XmlContent> {
  if (type === 'INBOUND') return { maxNumOfLines: 10 };
  const { dnisAsAni } = domain.switches;
  if (type === 'AUTODIAL') return { dnisAsAni, maxNumOfLines: 10 };
  return {
    dnisAsAni,
    actionOnAnswerMachine: { actionType: 'DROP_CALL' },
    actionOnQueueExpiration: { actionType: 'DROP_CALL' },
    dialingMode: 'POWER',
    maxQueueTime: { days: 0, hours: 0, minutes: 0, seconds: 1 },
  };
}

/** The script is kept by itself; parameters and the like are in the member. */
function scriptMember(campaign: Campaign): Record<string, XmlContent> {
  const { script, type, members } = campaign;
  if (type === 'OUTBOUND') {
    if (!script) return {};
    const action = childrenIn(members.actionOnQueueExpiration);
    return { actionOnQueueExpiration: { ...action, actionArgument: script, actionType: 'START_IVR_SCRIPT' } };
  }
  const name = 'Default';
  if (type === 'AUTODIAL') {
    const schedule = childrenIn(members.defaultIvrSchedule);
    return { defaultIvrSchedule: script ? { name, ...schedule, scriptName: script } : undefined };
  }
  const whole = childrenIn(members.defaultIvrSchedule);
  const inner = script ? { name, ...childrenIn(whole.ivrSchedule), scriptName: script } : undefined;
  return { defaultIvrSchedule: inner || whole.visualModeSettings ? { ...whole, ivrSchedule: inner } : undefined };
}

function childrenIn(content: unknown): Record<string, XmlContent> {
  return typeof content === 'object' && content !== null ? (content as Record<string, XmlContent>) : {};
}

export function modifyOutboundCampaign(domain: Five9Domain, args: Args): XmlContent {
  const { campaign, given } = readChange(domain, args, 'OUTBOUND');
  const action = childrenIn(given.actionOnQueueExpiration);
  const isSent = 'actionOnQueueExpiration' in given;
  const script = action.actionType === 'START_IVR_SCRIPT' ? String(action.actionArgument ?? '') : '';
  return keep(domain, campaign, given, isSent, script);
}

export function modifyAutodialCampaign(domain: Five9Domain, args: Args): XmlContent {
  const { campaign, given } = readChange(domain, args, 'AUTODIAL');
  const { scriptName = '' } = childrenIn(given.defaultIvrSchedule);
  return keep(domain, campaign, given, 'defaultIvrSchedule' in given, String(scriptName));
}

export function modifyInboundCampaign(domain: Five9Domain, args: Args): XmlContent {
  const { campaign, given } = readChange(domain, args, 'INBOUND');
  const { scriptName = '' } = childrenIn(childrenIn(given.defaultIvrSchedule).ivrSchedule);
  return keep(domain, campaign, given, 'defaultIvrSchedule' in given, String(scriptName));
}

function readChange(domain: Five9Domain, args: Args, type: Campaign['type']) {
  const sent = args.node('campaign');
  const campaign = campaignOf(domain, sent.text('name'));
  if (campaign.type !== type) throw wrongType(campaign, [type]);
  return { campaign, given: contentOf(sent, campaignMembers[type]) };
}

/** What was left out is cleared, or stays: which of them is not documented. */
function keep(
  domain: Five9Domain,
  campaign: Campaign,
  given: Record<string, XmlContent>,
  isScriptSent: boolean,
  scriptName: string,
): XmlContent {
  if (scriptName) assertScript(domain, scriptName);
  const clears = domain.switches.omittedMembersAreCleared;
  const members: Record<string, unknown> = { ...campaign.members };
  for (const { name } of campaignMembers[campaign.type]) {
    if (identityMembers.has(name)) continue;
    if (name in given || clears) members[name] = given[name];
  }
  const script = isScriptSent || clears ? scriptName : campaign.script;
  domain.campaigns.set(campaign.name, { ...campaign, members, script: script || undefined });
  return undefined;
}

export function assertScript(domain: Five9Domain, script: string): void {
  if (domain.scripts.has(script)) return;
  throw soapFault('IvrScriptNotFoundFault', `IVR script "${script}" not found`, { ivrScriptName: script });
}

/** The content of a request's node, by its shapes. */
function contentOf(args: Args, shapes: readonly Shape[]): Record<string, XmlContent> {
  const content: Record<string, XmlContent> = {};
  for (const shape of shapes) {
    if (!args.has(shape.name)) continue;
    content[shape.name] = shape.repeats
      ? args.nodes(shape.name).map((one) => contentOf(one, shape.children))
      : memberOf(args, shape);
  }
  return content;
}

function memberOf(args: Args, { name, type, children }: Shape): XmlContent {
  if (type === 'children') return contentOf(args.node(name), children);
  if (type === 'boolean') return args.flag(name);
  return type === 'int' || type === 'long' ? args.number(name) : args.text(name);
}

export function wrongType({ name, type }: Campaign, desiredTypes: Campaign['type'][]) {
  return soapFault(
    'WrongCampaignTypeFault',
    `Campaign "${name}" is ${type} but should be ${desiredTypes.join(' or ')}`,
    { actualType: type, campaignName: name, desiredTypes },
  );
}
