import { z } from 'zod';
import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { PlannedChange, SetupRun } from '../../../../src/domain/setup.ts';
import type { Five9 } from '../../five9.ts';
import { nameOf } from '../../ivr/script/generate.ts';
import { createScriptOperations } from '../../ivr/script/script-operations.ts';
import { obstacleToRewrite, readCampaign, rewriteCampaign, visualModeOf } from '../campaign-rewrite.ts';
import { campaignWay } from '../campaign-ways.ts';
import { createSetupOperations } from '../setup-operations.ts';
import { makeOne, type StepOf } from './making.ts';
import { wantedScripts } from './script-step.ts';
import { takeBack } from './take-back.ts';

/** Has the answered calls of each campaign reach its script. */
export function bindStep(five9: Five9): StepOf {
  return {
    id: 'bind',
    title: 'Campaigns run their script',
    kind: 'api',
    phase: 'campaign',
    checks: ['campaigns.known', 'campaigns.type', 'campaigns.script', 'campaigns.bound', 'campaigns.queue-time'],
    describe: () => describe(five9),
    async plan() {
      return (await bindingsOf(five9)).map(({ what, state, detail }) => ({ what, state, detail }));
    },
    async apply(run) {
      for (const binding of await bindingsOf(five9)) await binding.apply?.(run);
    },
    undo: (made) => takeBack(five9, made),
  };
}

interface Binding extends PlannedChange {
  apply?(run: SetupRun): Promise<void>;
}

/** Which script each campaign shall run. `*` stands for campaigns that are not named, so none can be bound. */
export function wantedBindings(five9: Pick<Five9, 'config'>): { campaign: string; script: string }[] {
  const { config } = five9;
  return wantedScripts(five9).flatMap((one) => {
    const campaign = one.part === 'inbound' ? config.campaigns[one.campaign]?.script?.inboundCampaign : one.campaign;
    return campaign === undefined || campaign === '*' ? [] : [{ campaign, script: nameOf({ config, ...one }) }];
  });
}

async function bindingsOf(five9: Five9): Promise<Binding[]> {
  const wanted = wantedBindings(five9);
  if (wanted.length === 0) return [];
  const types = new Map((await five9.api.campaigns()).map(({ name, type }) => [name, type]));
  const scripts = await createScriptOperations(five9.api).findAll(wanted.map(({ script }) => script));
  const bindings: Binding[] = [];
  for (const { campaign, script } of wanted) {
    const type = types.get(campaign);
    const what = `campaign ${campaign} runs the script ${script}`;
    if (type === undefined) bindings.push({ what, state: 'blocked', detail: missingCampaign(campaign) });
    else bindings.push(await bindingOf(five9, { what, campaign, script, type, isThere: scripts.has(script) }));
  }
  return bindings;
}

export function missingCampaign(name: string): string {
  return `Five9 has no campaign "${name}": make it (VCC Administrator → Campaigns → Add), or correct its name in the configuration.`;
}

interface Wanted {
  what: string;
  campaign: string;
  script: string;
  type: string;
  isThere: boolean;
}

async function bindingOf(five9: Five9, wanted: Wanted): Promise<Binding> {
  const { what, campaign, script, type, isThere } = wanted;
  const way = await campaignWay(five9.api, campaign, type);
  if (way.isPreview) {
    const detail =
      'In preview mode an agent has every call before any script. Set another dialling mode (VCC Administrator → Campaigns → the campaign → Dialing Options → Dialing Mode), or use an autodial campaign.';
    return { what, state: 'blocked', detail };
  }
  const isInTime = type !== 'OUTBOUND' || way.waitSec === null || way.waitSec <= 1;
  if (way.script === script && isInTime) return { what, state: 'there', detail: '' };
  if (!isThere)
    return { what, state: 'blocked', detail: `waits for the script "${script}", which Five9 does not have yet` };
  const now = way.script ? `runs "${way.script}" now` : way.why;
  const state = way.script ? 'differs' : 'missing';
  if (type === 'OUTBOUND') {
    const wait = way.waitSec === null ? '' : `, after ${way.waitSec} s`;
    const then = `action on queue expiration Start IVR Script "${script}", maximum queue time 1 s`;
    const obstacle = obstacleToRewrite(await readCampaign(five9.api, campaign, type));
    if (obstacle) return { what, state: 'blocked', detail: `${obstacle}. Set by hand: ${then}` };
    const detail = `${now}${wait}; then: ${then}`;
    return { what, state, detail, apply: (run) => expireInto(five9, run, wanted) };
  }
  const detail = `${now}; then: IVR schedule "${script}"`;
  return { what, state, detail, apply: (run) => schedule(five9, run, wanted, type as 'AUTODIAL' | 'INBOUND') };
}

const Schedule = z.object({
  scriptName: z.string(),
  scriptParameters: z
    .preprocess(
      (value) => (Array.isArray(value) ? value : []),
      z.array(z.object({ name: z.string(), value: z.coerce.string().default('') })),
    )
    .default([]),
});

async function schedule(
  five9: Five9,
  run: SetupRun,
  { what, campaign, script }: Wanted,
  type: 'AUTODIAL' | 'INBOUND',
): Promise<void> {
  const { defaultIvrSchedule: held } = await readCampaign(five9.api, campaign, type);
  const inner = type === 'INBOUND' ? (held as { ivrSchedule?: unknown } | undefined)?.ivrSchedule : held;
  const found = Schedule.safeParse(inner).data;
  const before = found ? { script: found.scriptName, params: found.scriptParameters } : null;
  await makeOne(run, {
    what,
    undo: { kind: 'schedule', campaign, type, script, before },
    async make() {
      await createSetupOperations(five9.api).setSchedule(campaign, script, [], visualModeOf(held));
      return true;
    },
  });
}

/** Sends on to the script whom no agent took within a second. */
async function expireInto(five9: Five9, run: SetupRun, { what, campaign, script }: Wanted): Promise<void> {
  const type = 'OUTBOUND';
  const held = await readCampaign(five9.api, campaign, type);
  const set = {
    actionOnQueueExpiration: { actionArgument: script, actionType: 'START_IVR_SCRIPT' },
    maxQueueTime: { days: 0, hours: 0, minutes: 0, seconds: 1 },
  };
  const names = Object.keys(set).filter((name) => held[name] !== undefined);
  const before = Object.fromEntries(names.map((name) => [name, held[name] ?? null]));
  await makeOne(run, {
    what,
    undo: { kind: 'members', campaign, type, set, before },
    async make() {
      await rewriteCampaign(five9.api, { name: campaign, type }, set);
      await assertBound(five9, campaign, script);
      return true;
    },
  });
}

async function assertBound(five9: Five9, campaign: string, script: string): Promise<void> {
  const way = await campaignWay(five9.api, campaign, 'OUTBOUND');
  if (way.script === script) return;
  throw new ConnectorError('dialer_odd', `Five9 took the change of the campaign ${campaign} but does not show it`, {
    inDoubt: true,
    hint: `Set it by hand: VCC Administrator → Campaigns → ${campaign} → Action on queue expiration: Start IVR Script "${script}".`,
  });
}

function describe(five9: Five9): string {
  const wanted = wantedBindings(five9);
  const handedBack = Object.values(five9.config.campaigns).some(
    ({ script }) => script?.handoff === 'B' && script.inboundCampaign === undefined,
  );
  return [
    '| campaign | script |',
    '| --- | --- |',
    ...wanted.map(({ campaign, script }) => `| ${campaign} | ${script} |`),
    '',
    'Set-up does it by the kind of the campaign. By hand: VCC Administrator → Campaigns → the campaign:',
    '',
    '- **Autodial, inbound**: IVR Schedule: the script.',
    '- **Outbound, power, progressive or predictive**: Action on queue expiration: Start IVR Script, the script; Maximum queue time: 1 second. Only calls for which no agent is free in time get there, so keep agents of other work out of the campaign.',
    '- **Outbound, preview**: not possible, an agent has every call.',
    '',
    'What the campaign did before is noted, and comes back with `npx patchbay setup undo`.',
    ...(handedBack
      ? ['', 'The inbound script of handoff B: see the step about the number for calls that come back.']
      : []),
  ].join('\n');
}
