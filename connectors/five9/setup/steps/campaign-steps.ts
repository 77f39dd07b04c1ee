import type { Five9 } from '../../five9.ts';
import { toFive9Number } from '../../numbers.ts';
import { numbersOf } from '../campaign-ways.ts';
import type { DomainPlan, PlannedThing } from '../domain-plan.ts';
import { planCallbackList } from '../plan-callback-list.ts';
import { createSetupOperations } from '../setup-operations.ts';
import { bindStep, missingCampaign } from './bind-step.ts';
import { callerIdStep } from './caller-id-step.ts';
import { plannedStep, type StepOf } from './making.ts';

/** What the campaigns need, once the domain has all parts. */
export function campaignSteps(five9: Five9): StepOf[] {
  return [keys(five9), lists(five9), ...callbackList(five9), bindStep(five9), callerIdStep(five9), ...handoff(five9)];
}

function keys({ id, config }: Five9): StepOf {
  return {
    id: 'keys',
    title: 'A key for each contact',
    kind: 'generated',
    phase: 'campaign',
    checks: ['key.values'],
    describe: () =>
      [
        `Fills \`${config.keyField}\` of contacts that have nothing in it; a key that is there stays. Patchbay must have been started once (\`npx patchbay serve\`).`,
        '',
        '```sh',
        `npx patchbay ${id} keys          # counts`,
        `npx patchbay ${id} keys --apply  # writes`,
        '```',
        '',
        'Run it again after each import of contacts. Contacts that share their first number are reported: merge them in Five9.',
      ].join('\n'),
  };
}

function lists({ config }: Five9): StepOf {
  const named = Object.keys(config.campaigns).filter((name) => name !== '*');
  return {
    id: 'lists',
    title: 'Lists in the campaigns',
    kind: 'manual',
    phase: 'campaign',
    checks: ['lists.in-campaign', 'lists.filled', 'campaigns.state'],
    describe: () =>
      [
        'Whom to call is yours to say. For each campaign: VCC Administrator → Campaigns → the campaign → Lists → Add.',
        '',
        ...named.map((name) => `- ${name}`),
        '',
        'For the first test a list with one contact, your own phone, is best; `npx patchbay call test` puts one into a list that is there. Then start the campaign.',
      ].join('\n'),
  };
}

function callbackList(five9: Five9): StepOf[] {
  const { callbackList: list } = five9.config;
  if (!list) return [];
  const step = plannedStep(
    five9,
    {
      id: 'callback-list',
      title: 'List of callbacks',
      phase: 'campaign',
      checks: ['callbacks.list'],
      describe: () =>
        `By hand: VCC Administrator → Lists → Add \`${list}\`; then Campaigns → a campaign that dials → Lists → Add. Five9 ignores the time of a callback in a list that no campaign dials.`,
    },
    planCallbackList,
  );
  return [step];
}

/** Handoff B: the AI dials a number of Five9. */
function handoff(five9: Five9): StepOf[] {
  const scripts = Object.entries(five9.config.campaigns).flatMap(([campaign, { script }]) =>
    script?.handoff === 'B' ? [{ campaign, ...script }] : [],
  );
  if (scripts.length === 0) return [];
  const describe = () =>
    [
      'The AI hands a customer back by dialling a number of yours. For each campaign with handoff B:',
      '',
      '1. VCC Administrator → Campaigns → Add → Inbound, and start it. Take one of its own: every caller of it gets the script of the AI.',
      '2. Its IVR Schedule: the inbound script. Set-up does it where `script.inboundCampaign` names the campaign.',
      '3. Its DNIS: a number of your inventory. Set-up does it where `script.inboundNumber` names it.',
      '4. At the AI platform: this number as `+1…` in the Transfer Call of the agent; cold (connects and leaves) or warm (talks to the person first).',
      '',
      '| campaign | inbound campaign | number |',
      '| --- | --- | --- |',
      ...scripts.map(
        ({ campaign, inboundCampaign = 'not named', inboundNumber = 'not named' }) =>
          `| ${campaign} | ${inboundCampaign} | ${inboundNumber} |`,
      ),
      '',
      "The inbound script finds the call by the customer's number: it has to show as the caller of the transfer.",
    ].join('\n');
  const checks = ['handoff.number'];
  const meta = { id: 'handoff-number' as const, title: 'Number for calls that come back', phase: 'campaign' as const };
  if (!scripts.some(({ inboundNumber }) => inboundNumber)) return [{ ...meta, kind: 'manual', checks, describe }];
  return [plannedStep(five9, { ...meta, checks, describe }, planNumbers)];
}

/** Numbers that inbound campaigns shall have, as Five9 writes them. */
async function planNumbers({ api, config }: Five9): Promise<DomainPlan> {
  const operations = createSetupOperations(api);
  const known = await api.campaigns();
  const free = await operations.freeNumbers();
  const things: PlannedThing[] = [];
  for (const { script } of Object.values(config.campaigns)) {
    if (script?.handoff !== 'B' || !script.inboundNumber || !script.inboundCampaign) continue;
    const { inboundCampaign: campaign } = script;
    const number = toFive9Number(script.inboundNumber, config.numberFormat);
    const what = `number ${number} for the campaign ${campaign}`;
    const type = known.find(({ name }) => name === campaign)?.type;
    if (type !== 'INBOUND') {
      const detail = type ? `the campaign ${campaign} is ${type}, not INBOUND` : missingCampaign(campaign);
      things.push({ what, state: 'differs', detail });
    } else if ((await numbersOf(api, campaign)).includes(number)) {
      things.push({ what, state: 'there', detail: '' });
    } else if (free.includes(number)) {
      const make = async () => {
        await operations.assignNumber(campaign, number);
        return true;
      };
      const makings = [{ what, undo: { kind: 'number' as const, number, campaign }, make }];
      things.push({ what, state: 'missing', detail: 'is assigned', makings });
    } else {
      const detail = 'another campaign has it, or it is not in your inventory: ask Five9 support for a number';
      things.push({ what, state: 'differs', detail });
    }
  }
  return { things, obstacle: '' };
}
