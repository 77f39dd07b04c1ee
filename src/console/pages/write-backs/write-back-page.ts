import { isAtLeast } from '../../../domain/roles.ts';
import type { WriteBack } from '../../../domain/write-back.ts';
import { writeBackBadge } from '../../components/badge.ts';
import { definitions } from '../../components/definitions.ts';
import { button } from '../../components/field.ts';
import { callLink } from '../../components/links.ts';
import { panel } from '../../components/panel.ts';
import { maskedKey, maskedPhone } from '../../components/phone.ts';
import { table } from '../../components/table.ts';
import { clockOf, type PageClock, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html, live } from '../../html.ts';
import { maskNumbers } from '../../mask-numbers.ts';
import type { Page, Question } from '../../page.ts';
import { linkTo, nameOf, reasonOf, tries } from './list-page.ts';
import { wantedInShort } from './wanted.ts';

/** One write-back: everything about it, and every revision of the same aspect. */
export const writeBackPage: Page = {
  path: 'write-backs/:id',
  least: 'viewer',
  live: { everyMs: 5000 },
  async render(question) {
    const { deps, params, user } = question;
    const [row] = await deps.store.writeBacksById([params.id ?? '']);
    if (!row) return null;
    const clock = clockOf(question);
    const revisions = (await deps.store.writeBacksOf(row.correlationId)).filter(
      ({ dialer, aspect }) => dialer === row.dialer && aspect === row.aspect,
    );
    const body = html`${live(
      'write-back',
      html`${panel('How it stands', facts(row, clock))}
${row.desired.aspect === 'fields' && panel('Fields', fieldsOf(row, user))}
${panel('Every value that was wanted', history(revisions, row, clock))}`,
    )}
${isAtLeast(user.role, 'operator') && acts(row)}`;
    return { title: `Write-back: ${nameOf(row)}`, body };
  },
};

function facts(row: WriteBack, clock: PageClock): Html {
  const { target } = row;
  return definitions([
    [
      'State',
      html`${writeBackBadge(row)} ${row.attempts > 0 && html`<span class="quiet">${tries(row.attempts)}</span>`}`,
    ],
    ['Wanted', wantedInShort(row.desired, clock)],
    ['Why', reasonOf(row, clock)],
    ['Call', callLink(row.correlationId)],
    ['Campaign', target.campaign],
    ['Lead', maskedKey(target.leadKey, target.phone) || (target.phone && 'found by its number')],
    ['Number', maskedPhone(target.phone)],
    ['Called', target.calledAt && time(target.calledAt, clock)],
    ['Planned', time(row.createdAt, clock)],
    ['Due', row.settledAt ? '' : time(row.dueAt, clock)],
    ['Ended', row.settledAt && time(row.settledAt, clock)],
    ['Revision', row.revision],
    ['Id', html`<code>${row.id}</code>`],
  ]);
}

/** What was said about a person is for those who act on it. */
function fieldsOf({ desired }: WriteBack, { role }: Question['user']): Html {
  if (desired.aspect !== 'fields') return html``;
  const mayRead = isAtLeast(role, 'operator');
  return table({
    caption: 'Fields',
    head: ['Field', 'Value'],
    rows: Object.entries(desired.fields).map(([name, value]) => [
      name,
      mayRead ? maskNumbers(value) : html`<span class="quiet">${value.length} characters</span>`,
    ]),
    empty: 'No field is wanted.',
  });
}

function history(revisions: readonly WriteBack[], current: WriteBack, clock: PageClock): Html {
  return table({
    caption: 'Every revision, the latest first',
    head: [{ title: 'Revision', isNumber: true }, 'Wanted', 'State', 'Why', 'Planned'],
    rows: [...revisions]
      .reverse()
      .map((row) => [
        row.id === current.id ? `${row.revision} (this)` : html`${row.revision} ${linkTo(row)}`,
        wantedInShort(row.desired, clock),
        writeBackBadge(row),
        reasonOf(row, clock),
        time(row.createdAt, clock),
      ]),
    empty: 'There is none.',
  });
}

function acts(row: WriteBack): Html {
  const canReplay = ['dead', 'refused', 'cancelled', 'shadow'].includes(row.state);
  const canCancel = ['held', 'pending', 'dead', 'refused'].includes(row.state);
  if (!canReplay && !canCancel) return html``;
  return form(
    'write-backs/chosen',
    html`<input type="hidden" name="id" value="${row.id}">
<div class="actions">
${canReplay && button('See the difference, then replay', { look: 'primary', name: 'do', value: 'replay' })}
${canCancel && button('Cancel …', { name: 'do', value: 'cancel' })}
</div>`,
  );
}
