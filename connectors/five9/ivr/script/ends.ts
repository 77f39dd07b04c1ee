import { routeOf } from '../../../../src/domain/routes.ts';
import type { Five9Config } from '../../config.ts';
import type { Step } from './layout.ts';
import { hangupData, otherwise, systemDispositions, when } from './modules.ts';
import type { Plan } from './plan.ts';
import { skillData } from './transfers.ts';

/** The modules at which a call ends. Each is made when something first leads to it, so that none stands unused. */
export interface Ends {
  /** The name of the module that does what a route asks for. */
  act(route: string): string;
  /** Hangs up with a disposition; empty: with the one that the call has. */
  hangUp(disposition: string): string;
  /** All that were asked for, in the order of the call. */
  steps(): Step[];
}

const plainHangUp = 'Hang up';
const dncStep = 'Set DNC';
const chooseDisposition = 'Disposition';

export function createEnds(plan: Plan, config: Five9Config, campaign: string): Ends {
  const made = new Map<string, Step>();
  const add = (step: Step) => {
    if (!made.has(step.name)) made.set(step.name, step);
    return step.name;
  };

  function hangUp(disposition: string): string {
    if (!disposition) {
      return add({ tag: 'hangup', name: plainHangUp, data: hangupData(systemDispositions.none, false) });
    }
    const name = `Hang up: ${disposition}`;
    if (made.has(name)) return name;
    const id = plan.dispositionId(disposition, name);
    return add({ tag: 'hangup', name, data: hangupData({ id, name: disposition }, true) });
  }

  function skill(skillName: string): string {
    const name = `Skill: ${skillName}`;
    if (made.has(name)) return name;
    const data = skillData({ id: plan.skillId(skillName, name), name: skillName }, plan.seed?.skillBlock);
    return add({ tag: 'skillTransfer', name, next: hangUp(''), data });
  }

  /** One hang-up per disposition, chosen by the outcome: its code keeps to a safe alphabet, a disposition need not. */
  function hangUpByOutcome(): string {
    if (made.has(chooseDisposition)) return chooseDisposition;
    plan.declare({ name: 'ai_outcome', kind: 'STRING' });
    const mapped = Object.entries(plan.campaign.dispositions).filter(
      ([outcome]) => plan.actionOf(routeOf(config, campaign, outcome)).do !== 'skill',
    );
    const branches = mapped.map(([outcome, disposition]) => when('ai_outcome', outcome, hangUp(disposition)));
    return add({
      tag: 'case',
      name: chooseDisposition,
      branches: [...branches, otherwise(hangUp(''))],
      data: [],
    });
  }

  function setDnc(): string {
    if (made.has(dncStep)) return dncStep;
    const block = plan.seed?.setDnc;
    if (block) return add({ tag: 'setDNC', name: dncStep, next: hangUpByOutcome(), data: block });
    const isToldAlready = plan.blanks.some(({ kind }) => kind === 'Set DNC');
    const fix = 'Put a Set DNC module before it, or give the disposition of opt_out a type that adds to the DNC list.';
    if (!isToldAlready) plan.blank('Set DNC', '', chooseDisposition, fix);
    return hangUpByOutcome();
  }

  return {
    act(route) {
      const action = plan.actionOf(route);
      if (action.do === 'skill') return skill(action.skill ?? plan.script.skill);
      return action.do === 'dnc' ? setDnc() : hangUpByOutcome();
    },
    hangUp,
    steps: () => [...made.values()].sort((one, other) => order.indexOf(one.tag) - order.indexOf(other.tag)),
  };
}

const order = ['setDNC', 'case', 'skillTransfer', 'hangup'];
