import type { Contact } from '../contact-store.ts';
import type { Actor, Five9Domain } from '../five9-domain.ts';
import type { CallRequest, Campaign } from '../options.ts';
import type { AiLegDeps, AiLegs } from './ai-leg.ts';
import type { CallLog } from './call-log.ts';
import { caseModule, ifElseModule } from './modules/conditions.ts';
import { hangUpModule, setDncModule } from './modules/end-call.ts';
import { keysModule, menuModule, passModule } from './modules/prompts.ts';
import { queryModule } from './modules/query.ts';
import { setVariableModule } from './modules/set-variable.ts';
import { skillTransferModule } from './modules/skill-transfer.ts';
import { thirdPartyTransferModule } from './modules/third-party-transfer.ts';
import type { Script, ScriptModule } from './script.ts';
import { toText, type Variables } from './variables.ts';

export interface RunDeps extends AiLegDeps {
  domain: Five9Domain;
  legs: AiLegs;
  /** The user and key that an authorization profile stands for, and how it sends them. */
  ivrUser: string;
  ivrKey: string;
  ivrAuthorization: 'basic' | 'bearer' | 'x-api-key';
  connection: 'pop' | 'carrier';
}

/** One call on its way through a script. */
export interface Run {
  deps: RunDeps;
  call: CallLog;
  campaign: Campaign;
  contact: Contact | undefined;
  human: CallRequest['human'];
  /** What the caller presses, in order; taken as it is asked for. */
  keys: string[];
  script: Script;
  variables: Variables;
}

/** Where a module leads: the normal edge, the error edge, a branch, the end; or the caller has hung up. */
export type Step =
  | { kind: 'next' }
  | { kind: 'error'; code: string; why: string }
  | { kind: 'branch'; id: string; name: string }
  | { kind: 'end' }
  | { kind: 'callerGone' };

export type PlayModule = (run: Run, module: ScriptModule) => Step | Promise<Step>;

/** So many modules, and a script is taken to go in circles. */
const maxSteps = 500;

const players: Readonly<Record<string, PlayModule>> = {
  incomingCall: passModule,
  startOnHangup: passModule,
  play: passModule,
  getDigits: keysModule,
  input: keysModule,
  menu: menuModule,
  query: queryModule,
  case: caseModule,
  ifElse: ifElseModule,
  setVariable: setVariableModule,
  thirdPartyTransfer: thirdPartyTransferModule,
  skillTransfer: skillTransferModule,
  setDNC: setDncModule,
  hangup: hangUpModule,
};

/**
 * Executes a script's modules from the answered call to its end, and the on-hangup modules when the caller hangs up.
 * Throws an Error, for the call's log, where a real Five9 would drop the call or where the simulator can't follow.
 */
export async function runScript(run: Run): Promise<void> {
  const { call, script } = run;
  const end = await follow(run, script.start);
  if (end === 'callerGone') {
    call.branch = 'caller hung up';
    if (script.startOnHangup) await follow(run, script.startOnHangup);
  }
  call.branch ||= 'hangup';
  call.variables = run.variables.texts();
}

async function follow(run: Run, start: string): Promise<'end' | 'callerGone'> {
  let module = moduleAt(run.script, start, 'the start');
  for (let steps = 0; steps < maxSteps; steps += 1) {
    run.call.path.push(module.name);
    run.variables.set('IVR.last_module', module.name);
    const step = await play(run, module);
    run.deps.signal.throwIfAborted();
    if (step.kind === 'end' || step.kind === 'callerGone') return step.kind;
    module = moduleAt(run.script, targetOf(run, module, step), `"${module.name}"`);
  }
  throw new Error(`the script made ${maxSteps} steps, the last at "${module.name}": it goes in circles`);
}

function play(run: Run, module: ScriptModule): Step | Promise<Step> {
  const player = players[module.tag];
  if (!player) throw new Error(`"${module.name}" is a ${module.tag} module, which is not simulated`);
  return player(run, module);
}

function targetOf({ variables }: Run, module: ScriptModule, step: Step): string {
  if (step.kind === 'branch') return step.id;
  if (step.kind !== 'error') return module.next;
  variables.set('IVR.error_code', step.code);
  variables.set('IVR.error_desc', step.why);
  if (!module.onError) throw new Error(`"${module.name}" failed and has no error branch: ${step.why}`);
  return module.onError;
}

function moduleAt(script: Script, id: string, from: string): ScriptModule {
  const module = script.modules.get(id);
  if (module) return module;
  throw new Error(`${from} leads ${id ? `to ${id}, which is not there` : 'nowhere'}`);
}

/** Who does something, for the journal. */
export function actorOf({ deps, call }: Run, by: Actor['by']): Actor {
  return { by, callKey: call.call_id, at: deps.domain.clock.now() };
}

/** A KVList's values, or one variable, as they go over the wire. */
export function textOf(run: Run, name: string): string {
  return toText(run.variables.get(name));
}
