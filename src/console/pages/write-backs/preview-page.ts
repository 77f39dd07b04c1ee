import type { PreviewedRow, ReplayPreview, ReplayVerdict } from '../../../flows/preview-replay.ts';
import { address } from '../../address.ts';
import { badge, type Tone } from '../../components/badge.ts';
import { button } from '../../components/field.ts';
import { callLink } from '../../components/links.ts';
import { notice } from '../../components/notice.ts';
import { table } from '../../components/table.ts';
import { clockOf, type PageClock } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html } from '../../html.ts';
import type { Question, View } from '../../page.ts';
import { linkTo } from './list-page.ts';
import { wantedInShort } from './wanted.ts';

/** All that failed of a dialer: how many there are, and how many one press takes. */
export interface WholeDialer {
  dialer: string;
  count: number;
  taken: number;
}

/** The difference: what the dialers hold, what is wanted, and what a replay would change. Asks for confirmation. */
export function previewView(
  question: Question,
  preview: ReplayPreview,
  { isAgain = false, whole }: { isAgain?: boolean; whole?: WholeDialer } = {},
): View {
  const ready = preview.rows.filter(({ canReplay }) => canReplay);
  const chosen = whole ? whole.taken - (preview.rows.length - ready.length) : ready.length;
  const body = html`
${isAgain && notice('Something changed since it was shown: nothing was replayed. Look again.', 'warn')}
${whole && scopeOf(whole, preview)}
${differences(preview.rows, clockOf(question))}
${chosen > 0 ? confirmForm(preview, ready, chosen, whole) : notice('Nothing of this can be replayed.', 'info')}
<p><a href="${address('write-backs', { view: 'dead' })}">Back to the write-backs</a></p>`;
  return { title: 'What a replay would change', body };
}

function scopeOf({ dialer, count, taken }: WholeDialer, { rows }: ReplayPreview): Html {
  const shown = rows.length < count ? ` The first ${rows.length} were looked up in the dialer and are shown here.` : '';
  const part =
    taken < count ? ` One press takes the oldest ${taken.toLocaleString('en')}; press again for the rest.` : '';
  return notice(
    `${count.toLocaleString('en')} write-backs of ${dialer} are dead or refused.${shown}${part}`,
    'warn',
    'Each is compared with the dialer once more before it is written: a human’s result is never overwritten.',
  );
}

function differences(rows: readonly PreviewedRow[], clock: PageClock): Html {
  return table({
    caption: 'What each dialer holds now, and what would change',
    head: ['What', 'Call', 'The dialer holds', 'Wanted', 'A replay', 'Why'],
    rows: rows.map(({ row, verdict, held, why }) => [
      linkTo(row),
      callLink(row.correlationId),
      held ? html`<code>${held}</code>` : html`<span class="quiet">not known</span>`,
      wantedInShort(row.desired, clock),
      badge(...verdictWords[verdict]),
      why,
    ]),
    empty: 'None of these write-backs is there any more.',
  });
}

const verdictWords: Readonly<Record<ReplayVerdict, [word: string, tone: Tone]>> = {
  writes: ['writes it', 'busy'],
  'holds-it': ['only confirms it', 'good'],
  unsure: ['looks, then decides', 'info'],
  'human-first': ['is not offered: a human was first', 'warn'],
  'not-now': ['is not possible', 'off'],
};

function confirmForm(
  { mark }: ReplayPreview,
  ready: readonly PreviewedRow[],
  chosen: number,
  whole: WholeDialer | undefined,
): Html {
  const what = chosen === 1 ? 'this write-back' : `these ${chosen.toLocaleString('en')} write-backs`;
  const fields = html`<input type="hidden" name="mark" value="${mark}">
${whole && html`<input type="hidden" name="dialer" value="${whole.dialer}">`}`;
  return form(
    whole ? 'write-backs/replay-all' : 'write-backs/replay',
    html`${fields}${!whole && ready.map(({ row }) => html`<input type="hidden" name="id" value="${row.id}">`)}
<div class="actions">${button(`Replay ${what}`, { look: 'primary' })}</div>`,
  );
}
