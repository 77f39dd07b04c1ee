import type { Asker, WizardSite } from '../../../../src/domain/setup.ts';
import { type DomainFacts, remarkOn } from './domain-facts.ts';
import { presentKeys, presentText } from './present.ts';
import { proposeDispositions } from './propose-dispositions.ts';

type Site = Pick<WizardSite<never>, 'id' | 'present' | 'numbers'>;

const other = 'other';
const e164 = (answer: string) => (/^\+[1-9]\d{6,14}$/.test(answer) ? null : 'Give it with + and the country code.');

/** The campaigns whose calls the AI takes, each with its section. */
export async function askCampaigns(
  ask: Asker,
  site: Site,
  facts: DomainFacts | null,
): Promise<Record<string, Record<string, unknown>>> {
  const sections: Record<string, Record<string, unknown>> = {};
  const names = await chooseCampaigns(ask, site, facts);
  for (const name of names) sections[name] = await askCampaign(ask, site, name, facts);
  return sections;
}

async function chooseCampaigns(ask: Asker, { id, present }: Site, facts: DomainFacts | null): Promise<string[]> {
  const before = presentKeys(present, 'campaigns').filter((name) => name !== '*');
  const key = `${id}.campaigns`;
  if (facts && facts.campaigns.length > 0) {
    const chosen = await ask.chooseSome({
      key,
      message: 'Campaigns whose calls the AI takes',
      choices: facts.campaigns.map((campaign) => ({
        value: campaign.name,
        label: campaign.name,
        hint: remarkOn(campaign),
      })),
      byDefault: before.filter((name) => facts.campaigns.some((campaign) => campaign.name === name)),
    });
    for (const campaign of facts.campaigns.filter(({ name }) => chosen.includes(name))) {
      const isFit = campaign.type === 'AUTODIAL' || (campaign.type === 'OUTBOUND' && !campaign.way?.isPreview);
      if (!isFit)
        ask.say(
          `Mind: ${campaign.name} is ${remarkOn(campaign)}. Take an autodial campaign, or another dialling mode.`,
        );
      else if (campaign.type === 'OUTBOUND')
        ask.say(`${campaign.name} is ${remarkOn(campaign)}: set-up lets them wait 1 second.`);
    }
    return chosen;
  }
  const text = await ask.text({
    key,
    message: 'Campaigns whose calls the AI takes: their names in Five9, with commas between',
    byDefault: before.join(', '),
    judge: (answer) => (namesIn(answer).length > 0 ? null : 'At least one.'),
  });
  return namesIn(text);
}

async function askCampaign(
  ask: Asker,
  site: Site,
  name: string,
  facts: DomainFacts | null,
): Promise<Record<string, unknown>> {
  const { id, present } = site;
  const key = `${id}.campaigns.${name}`;
  const held = (...path: string[]) => presentText(present, 'campaigns', name, ...path);
  const transferTo = await askNumber(ask, site, name);
  const connection = await ask.choose({
    key: `${key}.connection`,
    message: `How do calls of ${name} reach the AI?`,
    choices: [
      { value: 'pop', label: 'a dedicated trunk between Five9 and the platform', hint: 'production; headers arrive' },
      {
        value: 'carrier',
        label: 'a trunk of your own at Twilio or Telnyx',
        hint: 'pilots; needs the inbound-call webhook',
      },
    ],
    byDefault: held('connection') === 'carrier' ? 'carrier' : 'pop',
  });
  const handoff = await ask.choose({
    key: `${key}.handoff`,
    message: `How do people take over from the AI in ${name}?`,
    choices: [
      { value: 'A', label: 'Five9 takes the call back when the AI hangs up', hint: 'the usual way' },
      { value: 'B', label: 'the AI dials a number of Five9', hint: 'it can brief the agent before' },
    ],
    byDefault: held('script', 'handoff') === 'B' ? 'B' : 'A',
  });
  const skill = await askSkill(ask, key, name, held('script', 'skill'), facts);
  const back = handoff === 'B' ? await askWayBack(ask, key, held, facts) : {};
  const hasFields = presentKeys(present, 'campaigns', name, 'fields').length > 0;
  return {
    connection,
    dispositions: await askMapping(ask, site, name, facts),
    ...(!hasFields && { fields: { ai_summary: 'summary' } }),
    script: { transferTo, skill, handoff, ...back },
  };
}

async function askNumber(ask: Asker, { id, present, numbers }: Site, name: string): Promise<string> {
  const key = `${id}.campaigns.${name}.number`;
  const before = presentText(present, 'campaigns', name, 'script', 'transferTo');
  if (numbers.length > 0) {
    const isKnown = numbers.some(({ number }) => number === before);
    const chosen = await ask.choose({
      key,
      message: `Who takes the calls of ${name}?`,
      choices: [
        ...numbers.map(({ number, agentName, platform }) => ({
          value: number,
          label: `${number}: ${agentName}`,
          hint: platform,
        })),
        { value: other, label: 'another number' },
      ],
      byDefault: isKnown ? before : before ? other : (numbers[0]?.number ?? other),
    });
    if (chosen !== other) return chosen;
  }
  return ask.text({
    key: numbers.length > 0 ? `${key}.other` : key,
    message: `Number at the AI platform whose agent takes the calls of ${name}, such as +19895551235`,
    ...(before && { byDefault: before }),
    judge: e164,
  });
}

async function askSkill(
  ask: Asker,
  key: string,
  name: string,
  before: string,
  facts: DomainFacts | null,
): Promise<string> {
  const message = `Skill of the people who take over in ${name}`;
  const skills = facts?.skills ?? [];
  if (skills.length > 0) {
    const chosen = await ask.choose({
      key: `${key}.skill`,
      message,
      choices: [
        ...skills.map((value) => ({ value, label: value })),
        { value: other, label: 'another, which set-up makes' },
      ],
      byDefault: skills.includes(before) ? before : before ? other : (skills[0] ?? other),
    });
    if (chosen !== other) return chosen;
  }
  return ask.text({
    key: skills.length > 0 ? `${key}.skill.other` : `${key}.skill`,
    message: `${message}: its name`,
    ...(before && { byDefault: before }),
    judge: (answer) => (answer.trim() ? null : 'It must be given.'),
  });
}

/** Handoff B. */
async function askWayBack(
  ask: Asker,
  key: string,
  held: (...path: string[]) => string,
  facts: DomainFacts | null,
): Promise<Record<string, unknown>> {
  const inbound = (facts?.campaigns ?? []).filter(({ type }) => type === 'INBOUND');
  // One with a script takes calls of somebody else's: never to be taken over by Enter.
  const idle = inbound.find(({ way }) => way?.script === '');
  const known = inbound.map(({ name, way }) => (way?.script ? `${name} (runs ${way.script})` : name));
  const inboundCampaign = await ask.text({
    key: `${key}.inboundCampaign`,
    message: `Inbound campaign that takes only calls that the AI hands back: set-up gives it another script. Make it in Five9 if there is none.${known.length > 0 ? ` There are: ${known.join(', ')}` : ''}`,
    byDefault: held('script', 'inboundCampaign') || idle?.name || 'AI handed back',
    judge: (answer) => (answer.trim() ? null : 'It must be given.'),
  });
  const free = facts?.freeNumbers ?? [];
  const proposed = free.length > 0 ? asE164(free[0] ?? '') : '';
  const inboundNumber = await ask.text({
    key: `${key}.inboundNumber`,
    message: `Its number, which the AI dials; empty to assign it by hand.${free.length > 0 ? ` Free in the inventory: ${free.map(asE164).join(', ')}` : ''}`,
    byDefault: held('script', 'inboundNumber') || proposed,
    judge: (answer) => (answer === '' ? null : e164(answer)),
  });
  return { inboundCampaign, inboundNumber: inboundNumber || undefined };
}

function asE164(dnis: string): string {
  if (dnis.startsWith('+')) return dnis;
  return dnis.startsWith('011') ? `+${dnis.slice(3)}` : `+1${dnis}`;
}

/** What is configured stays; else a proposal that a person confirms. */
async function askMapping(
  ask: Asker,
  { id, present }: Site,
  name: string,
  facts: DomainFacts | null,
): Promise<Record<string, string>> {
  const before = presentKeys(present, 'campaigns', name, 'dispositions');
  if (before.length > 0) {
    ask.say(`${name}: the mapping of its ${before.length} outcomes stays as it is.`);
    return Object.fromEntries(
      before.map((outcome) => [outcome, presentText(present, 'campaigns', name, 'dispositions', outcome)]),
    );
  }
  const proposed = proposeDispositions(facts?.dispositions ?? []);
  for (const { outcome, disposition, why } of proposed) ask.say(`${name}: ${outcome} → ${disposition} (${why})`);
  const isTaken = await ask.confirm({
    key: `${id}.campaigns.${name}.mapping`,
    message: `Map the outcomes of ${name} like this? You can change each later in the configuration`,
    byDefault: true,
  });
  return isTaken ? Object.fromEntries(proposed.map(({ outcome, disposition }) => [outcome, disposition])) : {};
}

function namesIn(text: string): string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))].filter(Boolean);
}
