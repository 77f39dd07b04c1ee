import { autopilotName, type ControlScope } from '../../../domain/controls.ts';
import { isAtLeast } from '../../../domain/roles.ts';
import { type AutopilotView, describeAutopilot } from '../../../flows/autopilot/describe-autopilot.ts';
import { holdShare, isSteering, releaseShare } from '../../../flows/autopilot/hold-share.ts';
import { shareScope } from '../../../flows/autopilot/run-autopilot.ts';
import { faultOfControl, longestNote } from '../../../flows/judge-control.ts';
import { button, field, select } from '../../components/field.ts';
import { table } from '../../components/table.ts';
import { clockOf, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html } from '../../html.ts';
import type { Action, ActionAnswer, ActionQuestion, Question } from '../../page.ts';
import type { ControlSection } from './section.ts';

const hold: Action = {
  path: 'controls/share/hold',
  least: 'operator',
  async run(question) {
    const { deps, user } = question;
    const [wanted, note] = [textIn(question, 'percent'), textIn(question, 'note')];
    const percent = /^\d{1,3}$/.test(wanted) ? Number(wanted) : Number.NaN;
    const named = textIn(question, 'dialer');
    const fault = faultOfControl(deps, { kind: 'share', scope: shareScope(named), percent, note });
    if (fault) return warn(`Nothing was changed. ${fault.words} ${fault.hint}`);
    const ids = named ? [named] : [...deps.dialers.keys()];
    for (const dialer of ids) await holdShare(deps, { dialer, percent, why: note, by: user.name });
    const text = `${ids.join(', ')}: ${percent} % of the calls go to the AI until it is released.`;
    return { kind: 'see', path: 'controls', notice: text, ...(percent < 100 && { tone: 'warn' }) };
  },
};

const release: Action = {
  path: 'controls/share/release',
  least: 'operator',
  async run(question) {
    const { deps, user } = question;
    const dialer = textIn(question, 'dialer');
    if (!(await releaseShare(deps, { dialer, by: user.name }))) return warn('Nobody holds that share.');
    const next = isSteering(deps) ? 'the autopilot goes on from there' : 'all calls go to the AI';
    return { kind: 'see', path: 'controls', notice: `${dialer}: released, ${next}.` };
  },
};

/** How many of each dialer's calls go to the AI, and the form that holds it so: as `patchbay autopilot hold` does. */
export const shares: ControlSection = {
  id: 'shares',
  title: 'Calls to the AI',
  async state(question) {
    const { deps, user } = question;
    const mayAct = isAtLeast(user.role, 'operator');
    const views = await describeAutopilot(deps, deps.settings.autopilot);
    return table({
      caption: 'Calls to the AI',
      head: [
        ...['Dialer', { title: 'Calls to the AI', isNumber: true }, 'Since', 'By', 'Why'],
        ...(mayAct ? [{ title: 'Release', isTitleHidden: true }] : []),
      ],
      rows: views.map((view) => ({
        cells: [...cellsOf(question, view), ...(mayAct ? [isHeld(view) ? releaseButton(view.dialer) : ''] : [])],
        ...(view.share < 100 && { tone: 'warn' }),
      })),
      empty: 'No dialer is configured.',
    });
  },
  form: ({ deps }) => html`<h3>Hold the share</h3>
${form(
  'controls/share/hold',
  html`${select({ name: 'dialer', id: 'share-dialer', label: 'Dialer', options: [...deps.dialers.keys()], none: 'each dialer' })}
${field({ name: 'percent', id: 'share-percent', label: 'Percent of the calls', hint: 'So many go to the AI, whatever the autopilot thinks, until they are released.', type: 'number', isRequired: true, more: { min: '0', max: '100', step: '1' } })}
${field({ name: 'note', id: 'share-note', label: 'Why', hint: 'For those who look later. It is kept in the audit log.', isRequired: true, more: { maxlength: longestNote, autocomplete: 'off' } })}
<div class="actions">${button('Hold it', { look: 'primary' })}</div>`,
)}`,
  actions: [hold, release],
};

/** Whether this section shows it: other shares are those of campaigns, or of everywhere. */
export function isOfOneDialer({ dialer, campaign }: ControlScope): boolean {
  return dialer !== '' && campaign === '';
}

function cellsOf(question: Question, { dialer, share, control }: AutopilotView) {
  const set = control ? [time(control.at, clockOf(question)), control.by, control.note] : ['', '', ''];
  return [dialer, `${share}\u00A0%`, ...set];
}

function isHeld({ control }: AutopilotView): boolean {
  return control !== null && control.by !== autopilotName && isOfOneDialer(control.scope);
}

function releaseButton(dialer: string): Html {
  const words = html`Release<span class="heard"> ${dialer}</span>`;
  return form('controls/share/release', html`<input type="hidden" name="dialer" value="${dialer}">${button(words)}`);
}

function textIn({ form: fields }: ActionQuestion, name: string): string {
  return (fields[name]?.[0] ?? '').trim();
}

function warn(notice: string): ActionAnswer {
  return { kind: 'see', path: 'controls', notice, tone: 'warn' };
}
