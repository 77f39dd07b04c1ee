import type { SeenCheck } from '../../../flows/doctor/doctor-desk.ts';
import type { RunbookStep } from '../../../flows/setup/write-runbook.ts';
import { badge, type Tone } from '../../components/badge.ts';
import { codeBlock } from '../../components/copy.ts';
import { type Html, html } from '../../html.ts';
import { checkLinks } from '../doctor/check-item.ts';
import type { Markdown } from './markdown.ts';

/** A step with the doctor's word on whether it is done. */
export function stepSection(step: RunbookStep, checks: readonly SeenCheck[], markdown: Markdown): Html {
  const { number, title, owner, how, text, checks: names } = step;
  const { word, tone, open } = verdictOf(step, checks);
  return html`<section class="step" id="step-${number}" aria-labelledby="step-${number}-title">
<div class="step-head"><h3 id="step-${number}-title"><a href="#step-${number}">${number}. ${title}</a></h3>${badge(word, tone)}</div>
<p class="quiet"><code>${owner}</code> · ${markdown.inline(how)}</p>
<div class="prose">${markdown(text)}</div>
${open.length > 0 && html`<p>Not seen as done: ${checkLinks(open)}</p>`}
${names.length > 0 && codeBlock(`npx patchbay doctor --only ${names.join(' ')}`, 'Copy the command that checks this step')}
</section>`;
}

interface Verdict {
  word: string;
  tone: Tone;
  /** Its checks that are not ok. */
  open: readonly string[];
}

/** Whether a step is done, by what its checks saw last. */
export function verdictOf({ checks: names }: RunbookStep, checks: readonly SeenCheck[]): Verdict {
  const none: readonly string[] = [];
  if (names.length === 0) return { word: 'nobody can see it', tone: 'off', open: none };
  const results = checks.flatMap(({ id, last }) => (names.includes(id) && last ? [last.checked] : []));
  if (results.length === 0) return { word: 'not looked at yet', tone: 'off', open: none };
  const open = results.flatMap(({ id, status }) => (status === 'ok' ? [] : [id]));
  if (results.some(({ status }) => status === 'fail')) return { word: 'not done', tone: 'bad', open };
  if (results.length < names.length || results.some(({ status }) => status === 'unknown')) {
    return { word: 'can’t be told', tone: 'info', open };
  }
  return open.length > 0 ? { word: 'done, with warnings', tone: 'warn', open } : { word: 'done', tone: 'good', open };
}
