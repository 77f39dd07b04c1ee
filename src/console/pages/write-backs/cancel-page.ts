import type { WriteBack } from '../../../domain/write-back.ts';
import { keptWords } from '../../../flows/cancel-write-backs.ts';
import type { CancelledWriteBacks } from '../../../store/operations/cancel-write-backs.ts';
import { address } from '../../address.ts';
import { writeBackBadge } from '../../components/badge.ts';
import { button, field } from '../../components/field.ts';
import { callLink } from '../../components/links.ts';
import { notice } from '../../components/notice.ts';
import { table } from '../../components/table.ts';
import { clockOf } from '../../components/time.ts';
import { form } from '../../form.ts';
import { html } from '../../html.ts';
import type { Question, View } from '../../page.ts';
import { linkTo } from './list-page.ts';
import { wantedInShort } from './wanted.ts';

/** What is about to be taken back, and the question why. */
export function cancelView(question: Question, rows: readonly WriteBack[], error = ''): View {
  const clock = clockOf(question);
  const body = html`
${notice('These are not sent, and the same is not planned again for their calls. The dialer keeps what it has.', 'warn')}
${table({
  caption: 'To be cancelled',
  head: ['What', 'Call', 'Wanted', 'State'],
  rows: rows.map((row) => [
    linkTo(row),
    callLink(row.correlationId),
    wantedInShort(row.desired, clock),
    writeBackBadge(row),
  ]),
  empty: 'None of these write-backs is there any more.',
})}
${
  rows.length > 0 &&
  form(
    'write-backs/cancel',
    html`${rows.map(({ id }) => html`<input type="hidden" name="id" value="${id}">`)}
${field({ name: 'why', label: 'Why', hint: 'For those who look later. It is kept in the audit log.', error, isRequired: true, more: { maxlength: 500, autocomplete: 'off' } })}
<div class="actions">${button(rows.length === 1 ? 'Cancel this write-back' : `Cancel these ${rows.length} write-backs`, { look: 'danger' })}</div>`,
  )
}
<p><a href="${address('write-backs')}">Back to the write-backs</a></p>`;
  return { title: 'Cancel write-backs', body };
}

/** What became of it, where not all could be taken back. */
export function keptView(rows: readonly WriteBack[], { cancelled, kept }: CancelledWriteBacks): View {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const lines = kept.map(({ id, because }) => {
    const row = byId.get(id);
    const name = row ? html`${linkTo(row)} of ${callLink(row.correlationId)}` : html`<code>${id}</code>`;
    return html`<li>${name} ${keptWords[because]}</li>`;
  });
  const body = html`<p>${cancelled.length === 0 ? 'Nothing was cancelled.' : `${cancelled.length} of ${cancelled.length + kept.length} were cancelled.`} These stay:</p>
<ul>${lines}</ul>
<p><a href="${address('write-backs')}">Back to the write-backs</a></p>`;
  return { title: cancelled.length === 0 ? 'Not cancelled' : 'Cancelled in part', body };
}
