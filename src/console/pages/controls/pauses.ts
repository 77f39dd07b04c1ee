import { type Control, type ControlScope, scopeText } from '../../../domain/controls.ts';
import { isAtLeast } from '../../../domain/roles.ts';
import { aspects } from '../../../domain/write-back.ts';
import { faultOfControl, longestNote } from '../../../flows/judge-control.ts';
import { pauseOutlook, waitingWords } from '../../../flows/pause-outlook.ts';
import { liftControl, setControl } from '../../../flows/set-control.ts';
import { badge } from '../../components/badge.ts';
import { button, field, select } from '../../components/field.ts';
import { notice } from '../../components/notice.ts';
import { table } from '../../components/table.ts';
import { clockOf, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html } from '../../html.ts';
import type { Action, ActionAnswer, ActionQuestion, Question } from '../../page.ts';
import { pauseView, resumeView } from './pause-views.ts';
import { hiddenScope, scopeFields, scopeIn } from './scope-fields.ts';
import type { ControlSection } from './section.ts';

const ask: Action = {
  path: 'controls/pause',
  least: 'operator',
  async run(question) {
    const scope = scopeIn(question);
    const fault = scope ? faultOf(question, scope) : wrongAspect;
    if (!scope || fault) return refused(fault ?? wrongAspect);
    const outlook = await pauseOutlook(question.deps, scope);
    return { kind: 'show', view: pauseView(question, { scope, note: noteIn(question), outlook }) };
  },
};

const pause: Action = {
  path: 'controls/pause/confirm',
  least: 'operator',
  async run(question) {
    const { deps, user } = question;
    const scope = scopeIn(question);
    const fault = scope ? faultOf(question, scope) : wrongAspect;
    if (!scope || fault) return refused(fault ?? wrongAspect);
    await setControl(deps, { kind: 'pause', scope, percent: 0, note: noteIn(question), by: user.name });
    const text = `Paused: ${scopeText(scope)}. Within a second no process sends any of it.`;
    return { kind: 'see', path: 'controls', notice: text, tone: 'warn' };
  },
};

const askToResume: Action = {
  path: 'controls/resume',
  least: 'operator',
  async run(question) {
    const scope = scopeIn(question);
    if (!scope) return refused(wrongAspect);
    return { kind: 'show', view: resumeView({ scope, outlook: await pauseOutlook(question.deps, scope) }) };
  },
};

const resume: Action = {
  path: 'controls/resume/confirm',
  least: 'operator',
  async run(question) {
    const { deps, user } = question;
    const scope = scopeIn(question);
    if (!scope) return refused(wrongAspect);
    const isLifted = await liftControl(deps, { kind: 'pause', scope, by: user.name });
    const text = isLifted ? 'What waited goes out in order.' : 'It was lifted already.';
    return { kind: 'see', path: 'controls', notice: `No pause of ${scopeText(scope)} holds any more. ${text}` };
  },
};

/** What is held back, and the form that holds something back. */
export const pauses: ControlSection = {
  id: 'pauses',
  title: 'Pauses',
  async state(question, controls) {
    const held = controls.filter(({ kind }) => kind === 'pause');
    const mayAct = isAtLeast(question.user.role, 'operator');
    return table({
      caption: 'Pauses',
      head: [
        'Held back',
        'Waits in it',
        'Since',
        'By',
        'Why',
        ...(mayAct ? [{ title: 'Resume', isTitleHidden: true }] : []),
      ],
      rows: await Promise.all(held.map((control) => rowOf(question, control, mayAct))),
      empty: 'Nothing is paused.',
    });
  },
  form: (question) => html`<h3>Hold back</h3>
${notice('A pause stops every write to the dialer in its scope, opt-outs too. What arrives is kept, and goes out in order once it is lifted. Orders for a customer who is on the line go on.')}
${form(
  'controls/pause',
  html`${scopeFields(question, 'pause')}
${select({ name: 'aspect', id: 'pause-aspect', label: 'What', hint: 'Everything: no calls are placed for us either.', options: [...aspects], none: 'everything' })}
${field({ name: 'note', id: 'pause-note', label: 'Why', hint: 'For those who look later. It is kept in the audit log.', isRequired: true, more: { maxlength: longestNote, autocomplete: 'off' } })}
<div class="actions">${button('See what it holds back', { look: 'primary' })}</div>`,
)}`,
  actions: [ask, pause, askToResume, resume],
};

async function rowOf(question: Question, { scope, at, by, note }: Control, mayAct: boolean) {
  const outlook = await pauseOutlook(question.deps, scope);
  const optOuts =
    outlook.optOuts > 0 && html` ${badge(outlook.optOuts === 1 ? '1 opt-out' : `${outlook.optOuts} opt-outs`, 'bad')}`;
  return [
    html`${badge('paused', 'bad')} ${scopeText(scope)}`,
    html`${waitingWords(outlook)}${optOuts}`,
    time(at, clockOf(question)),
    by,
    note,
    ...(mayAct ? [resumeButton(scope)] : []),
  ];
}

function resumeButton(scope: ControlScope): Html {
  const words = html`Resume<span class="heard"> ${scopeText(scope)}</span> …`;
  return form('controls/resume', html`${hiddenScope(scope)}${button(words)}`);
}

function faultOf(question: ActionQuestion, scope: ControlScope) {
  return faultOfControl(question.deps, { kind: 'pause', scope, percent: 0, note: noteIn(question) });
}

function noteIn({ form: fields }: ActionQuestion): string {
  return (fields.note?.[0] ?? '').trim();
}

const wrongAspect = { words: 'There is no such aspect.', hint: `There are: ${aspects.join(', ')}.` };

function refused({ words, hint }: { words: string; hint: string }): ActionAnswer {
  return { kind: 'see', path: 'controls', notice: `Nothing was changed. ${words} ${hint}`, tone: 'warn' };
}
