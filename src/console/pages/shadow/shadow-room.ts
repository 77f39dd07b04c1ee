import { scopeText } from '../../../domain/controls.ts';
import { faultOfControl, unknownCampaign } from '../../../flows/judge-control.ts';
import { liftControl, setControl } from '../../../flows/set-control.ts';
import type { Action, ActionAnswer, ActionQuestion, Room } from '../../page.ts';
import { scopeIn } from '../controls/scope-fields.ts';
import { shadowPage } from './shadow-page.ts';

const home = 'shadow';
const noScope = 'Nothing was changed. There is no such aspect, and a stage holds for whole calls.';

const decide: Action = {
  path: 'shadow/stage',
  least: 'admin',
  async run(question) {
    const { deps, user } = question;
    const scope = scopeIn(question);
    if (!scope) return warn(noScope);
    const text = textIn(question, 'percent');
    const note = textIn(question, 'why');
    const percent = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
    const stage = { kind: 'stage', scope, percent, note } as const;
    const fault = faultOfControl(deps, stage);
    if (fault) return warn(`Nothing was changed. ${fault.words} ${fault.hint}`);
    await setControl(deps, { ...stage, by: user.name });
    const done = `${scopeText(scope)}: ${percent} % from the next call on.`;
    const unknown = unknownCampaign(deps, scope);
    return unknown ? warn(`${done} ${unknown.words} ${unknown.hint}`) : { kind: 'see', path: home, notice: done };
  },
};

const lift: Action = {
  path: 'shadow/lift',
  least: 'admin',
  async run(question) {
    const { deps, user } = question;
    const scope = scopeIn(question);
    if (!scope) return warn(noScope);
    const isLifted = await liftControl(deps, { kind: 'stage', scope, by: user.name });
    if (!isLifted) return warn(`Nothing was decided for ${scopeText(scope)}.`);
    return {
      kind: 'see',
      path: home,
      notice: `${scopeText(scope)}: taken back. The table shows what holds for calls that begin now.`,
    };
  },
};

/** What is only shown, how much of it is written by now, and how to write more. */
export const shadowRoom: Room = {
  nav: { title: 'Shadow', path: home },
  pages: [shadowPage],
  actions: [decide, lift],
};

function textIn({ form }: ActionQuestion, name: string): string {
  return (form[name]?.[0] ?? '').trim();
}

function warn(notice: string): ActionAnswer {
  return { kind: 'see', path: home, notice, tone: 'warn' };
}
