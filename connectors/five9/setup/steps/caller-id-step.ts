import type { PlannedChange } from '../../../../src/domain/setup.ts';
import type { Five9 } from '../../five9.ts';
import { type Members, obstacleToRewrite, readCampaign, rewriteCampaign } from '../campaign-rewrite.ts';
import { campaignWay } from '../campaign-ways.ts';
import type { Making } from '../domain-plan.ts';
import { missingCampaign } from './bind-step.ts';
import { makeOne, type StepOf } from './making.ts';
import { takeBack } from './take-back.ts';

/** The customer's number on the transfer, where calls are told apart by it; and what customers see. */
export function callerIdStep(five9: Five9): StepOf {
  const byNumber = Object.entries(five9.config.campaigns)
    .filter(([name, { connection, script }]) => name !== '*' && script && connection === 'carrier')
    .map(([name]) => name);
  return {
    id: 'caller-id',
    title: 'Caller ID and pace',
    kind: byNumber.length > 0 ? 'api' : 'manual',
    phase: 'campaign',
    checks: ['campaigns.caller-id', 'campaigns.answer-detection'],
    describe: () => describe(byNumber),
    ...(byNumber.length > 0 && {
      plan: async () => (await changesOf(five9, byNumber)).map(({ change }) => change),
      async apply(run) {
        for (const { making } of await changesOf(five9, byNumber)) if (making) await makeOne(run, making);
      },
      undo: (made) => takeBack(five9, made),
    }),
  };
}

interface Change {
  change: PlannedChange;
  making?: Making;
}

async function changesOf(five9: Five9, names: readonly string[]): Promise<Change[]> {
  const types = new Map((await five9.api.campaigns()).map(({ name, type }) => [name, type]));
  const changes: Change[] = [];
  for (const name of names) changes.push(await changeOf(five9, name, types.get(name)));
  return changes;
}

async function changeOf(five9: Five9, name: string, type: string | undefined): Promise<Change> {
  const what = `campaign ${name} shows the customer's number on a transfer`;
  if (type === undefined) return { change: { what, state: 'blocked', detail: missingCampaign(name) } };
  if (type !== 'OUTBOUND' && type !== 'AUTODIAL') {
    return { change: { what, state: 'there', detail: 'an inbound campaign shows it anyway' } };
  }
  const { showsCustomer } = await campaignWay(five9.api, name, type);
  if (showsCustomer === true) return { change: { what, state: 'there', detail: '' } };
  const obstacle = obstacleToRewrite(await readCampaign(five9.api, name, type));
  if (obstacle) return { change: { what, state: 'blocked', detail: `${obstacle}. Set by hand: DNIS as ANI` } };
  const set = { dnisAsAni: true };
  const before: Members = showsCustomer === null ? {} : { dnisAsAni: showsCustomer };
  return {
    change: { what, state: 'differs', detail: 'shows its own number now; then: DNIS as ANI' },
    making: {
      what,
      undo: { kind: 'members', campaign: name, type, set, before },
      async make() {
        await rewriteCampaign(five9.api, { name, type }, set);
        return true;
      },
    },
  };
}

function describe(byNumber: readonly string[]): string {
  return [
    'VCC Administrator → Campaigns → the campaign:',
    '',
    "- **DNIS as ANI** on: on a transfer to a third party the AI side sees the customer's number as the caller.",
    byNumber.length > 0
      ? `  Needed, since calls are told apart by it: ${byNumber.join(', ')}. Set-up switches it on there.`
      : '  With a dedicated trunk it is not needed; the agent can use the number then.',
    '- **Caller ID** that customers see: Campaign Profiles → the profile of the campaign → ANI. It has to be a number of yours that can be called back.',
    '- **Pace**: begin with few lines (autodial: Number of lines; outbound: Calls to agent ratio), and raise it after the test call.',
    '- **Answer detection**: as long as it listens, the customer hears nothing.',
  ].join('\n');
}
