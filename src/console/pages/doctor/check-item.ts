import type { SeenCheck } from '../../../flows/doctor/doctor-desk.ts';
import { address } from '../../address.ts';
import { attributes } from '../../attributes.ts';
import { badge, checkBadge } from '../../components/badge.ts';
import { time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html } from '../../html.ts';
import { type Looker, runFields } from './looker.ts';

/** A check with its result; what is not ok says where it was seen, why it matters, and what to change. */
export function checkItem(check: SeenCheck, looker: Looker): Html {
  const { id, owner, title, isAwaited, last } = check;
  const status = last?.checked.status;
  return html`<li ${attributes({ id: anchorOf(id), class: `check ${isAwaited ? 'awaited' : (status ?? 'unseen')}` })}>
<div class="check-head">${isAwaited ? badge('running', 'busy') : status ? checkBadge(status) : badge('not run', 'off')}
<h3>${title}</h3><code>${id.slice(owner.length + 1)}</code>${last && last.at < looker.since && html`<span class="quiet">seen ${time(last.at, looker.clock)}</span>`}${again(check, looker)}</div>
${last && result(last.checked, looker)}</li>`;
}

/** Where a check stands on the page. */
export function anchorOf(id: string): string {
  return `check-${id.replaceAll(/[^\w.-]/g, '-')}`;
}

/** Links to checks, on the page that shows them all. */
export function checkLinks(ids: readonly string[]): Html {
  return html`${ids.map((id, index) => html`${index > 0 && ', '}<a href="${address('doctor')}#${anchorOf(id)}"><code>${id}</code></a>`)}`;
}

function result(
  { status, found, why, fix, looksAt, causes }: NonNullable<SeenCheck['last']>['checked'],
  { shown }: Looker,
): Html {
  const told = (text: string) => withCode(shown(text));
  if (status === 'ok') return html`<p class="told">${told(found)}</p>`;
  return html`<p class="told">${told(found)}</p>
${causes.length > 0 ? html`<p>Mend first: ${checkLinks(causes)}</p>` : html`<p class="quiet told">Looked at: ${told(looksAt)}</p>`}
${why && html`<p class="told">${told(why)}</p>`}
${fix && html`<div class="fix"><span class="fix-word">To do</span><p class="told">${told(fix)}</p></div>`}`;
}

/** What stands between backticks is a command, or a name of the configuration. */
function withCode(text: string): Html {
  return html`${text.split(/`([^`\n]+)`/).map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

function again({ id, title }: SeenCheck, looker: Looker): Html | false {
  if (!looker.mayRun || looker.isBusy) return false;
  return form('doctor/run', [
    runFields(id, looker),
    html`<button class="link">Run<span class="heard"> “${title}”</span></button>`,
  ]);
}
