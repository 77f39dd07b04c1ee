import { type ControlScope, isPauseOf, scopeText } from '../../../domain/controls.ts';
import { unknownCampaign } from '../../../flows/judge-control.ts';
import { type PauseOutlook, waitingWords } from '../../../flows/pause-outlook.ts';
import { address } from '../../address.ts';
import { button } from '../../components/field.ts';
import { notice } from '../../components/notice.ts';
import { table } from '../../components/table.ts';
import { clockOf, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html } from '../../html.ts';
import type { Question, View } from '../../page.ts';
import { hiddenScope } from './scope-fields.ts';

/** What a pause would hold back, and the question whether. */
export function pauseView(
  question: Question,
  { scope, note, outlook }: { scope: ControlScope; note: string; outlook: PauseOutlook },
): View {
  const unknown = unknownCampaign(question.deps, scope);
  const body = html`
<p>Hold back: <strong>${scopeText(scope)}</strong></p>
${unknown && notice(unknown.words, 'warn', unknown.hint)}
${earlierNotice(question, scope)}
${optOutNotice(question, outlook)}
<p>${waitingWords(outlook)} in it now.</p>
${waitingTable(outlook)}
${form(
  'controls/pause/confirm',
  html`${hiddenScope(scope)}<input type="hidden" name="note" value="${note}">
<div class="actions">${button('Pause it now', { look: 'danger' })}</div>`,
)}
${back}`;
  return { title: 'Pause', body };
}

/** What goes out when a pause is lifted. */
export function resumeView({ scope, outlook }: { scope: ControlScope; outlook: PauseOutlook }): View {
  const body = html`
<p>Lift the pause of: <strong>${scopeText(scope)}</strong></p>
<p>${waitingWords(outlook)} in it. What no other pause holds back goes out at once, in order.</p>
${waitingTable(outlook)}
${form('controls/resume/confirm', html`${hiddenScope(scope)}<div class="actions">${button('Resume', { look: 'primary' })}</div>`)}
${back}`;
  return { title: 'Resume', body };
}

const back = html`<p><a href="${address('controls')}">Back to the controls</a></p>`;

/** Two people may pause the same: who comes second shall know. */
function earlierNotice(question: Question, scope: ControlScope): Html | null {
  const earlier = question.deps.controls.now().all.find(isPauseOf(scope));
  if (!earlier) return null;
  const { by, at, note } = earlier;
  const was = html`It is paused already, by ${by} since ${time(at, clockOf(question))}: ${note}`;
  return notice(was, 'warn', 'Pause it again, and your name and reason stand in that place.');
}

function optOutNotice(question: Question, { optOuts, optOutsDue }: PauseOutlook): Html | null {
  if (optOuts === 0) return null;
  const clock = clockOf(question);
  const due =
    optOutsDue &&
    html` The first raises the alarm ${time(optOutsDue.alarmAt, clock)}; the law wants it held by ${time(optOutsDue.legalBy, clock)}.`;
  return notice(
    html`${optOuts === 1 ? '1 opt-out waits' : `${optOuts.toLocaleString('en-US')} opt-outs wait`} in it too: their numbers may be called until they reach the dialer.${due}`,
    'bad',
  );
}

function waitingTable({ byAspect }: PauseOutlook): Html | null {
  if (byAspect.length === 0) return null;
  return table({
    caption: 'What waits',
    head: ['Dialer', 'What', { title: 'Waiting', isNumber: true }],
    rows: byAspect.map(({ dialer, aspect, count }) => [dialer, aspect, count.toLocaleString('en-US')]),
    empty: '',
  });
}
