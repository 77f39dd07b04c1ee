import type { Detail, Step, StepKind } from '../../../domain/call-timeline.ts';
import type { CallPage, SeenHeader } from '../../../flows/call-page.ts';
import { badge, shape, type Tone } from '../../components/badge.ts';
import { definitions } from '../../components/definitions.ts';
import { disclosure } from '../../components/disclosure.ts';
import { maskedKey } from '../../components/phone.ts';
import { table } from '../../components/table.ts';
import { duration, time } from '../../components/time.ts';
import { type Html, html, type Renderable } from '../../html.ts';
import { phoneFor, type Sight, seesWords, toldFor, withTimes, wordsFor } from './sight.ts';

/** A call from its dial to the proof of its last write-back, with the gaps between. */
export function timelineList({ timeline, headers }: CallPage, sight: Sight): Html {
  const { steps } = timeline;
  const lastHeaders = steps.findLastIndex(({ kind }) => kind === 'headers');
  const ids = idsOf(steps);
  return html`<ol class="timeline">${steps.map((step, index) => stepItem(step, ids[index] ?? '', sight, index === lastHeaders ? headers : null))}</ol>
${!seesWords(sight) && html`<p class="quiet">What was said and the lead's fields are shown to operators.</p>`}`;
}

/** The same step has the same id when others come before it: what was opened stays open. */
function idsOf(steps: readonly Step[]): string[] {
  const times = new Map<string, number>();
  return steps.map(({ kind, at }) => {
    const id = `${kind}-${at.replace(/\D/g, '')}`;
    const count = (times.get(id) ?? 0) + 1;
    times.set(id, count);
    return count === 1 ? id : `${id}-${count}`;
  });
}

function stepItem(step: Step, id: string, sight: Sight, headers: readonly SeenHeader[] | null): Html {
  const { at, gapSec, source, kind, headline, slow } = step;
  const phones = step.details.flatMap(({ privacy, value }) => (privacy === 'number' ? value : []));
  const shown = step.details.flatMap((detail) => shownDetail(detail, sight, phones));
  const gap = gapSec > 0 ? `+${duration(gapSec * 1000)}` : '';
  return html`<li class="moment ${toneOf(step)}">
<p class="moment-when">${time(at, sight.clock, { seconds: true })} <span class="gap">${gap}</span></p>
<div class="moment-what"><p>${shape(toneOf(step))}<strong>${toldFor(sight, headline)}</strong> <span class="quiet">${source}</span></p>
${slow && html`<p>${badge('slow', 'warn')} ${slow}</p>`}
${shown.length > 0 && isLong(kind, shown) ? disclosure({ id: `step-${id}`, summary: `Details (${shown.length})`, content: definitions(shown) }) : shown.length > 0 && definitions(shown)}
${headers && seesWords(sight) && disclosure({ id: `prompt-${id}`, summary: 'What the prompt saw', content: headerTable(headers, sight) })}</div></li>`;
}

function isLong(kind: StepKind, shown: readonly unknown[]): boolean {
  return kind === 'registered' || shown.length > 4;
}

function shownDetail(detail: Detail, sight: Sight, phones: readonly string[]): [Renderable, Renderable][] {
  if (detail.privacy === 'personal' && !seesWords(sight)) return [];
  return [[withTimes(detail.name, sight.clock), valueFor(detail, sight, phones)]];
}

function valueFor(
  { value, privacy }: Pick<Detail, 'value' | 'privacy'>,
  sight: Sight,
  phones: readonly string[] = [],
): Renderable {
  switch (privacy) {
    case 'number':
      return phoneFor(sight, value);
    case 'key':
      return sight.isRevealed ? value : maskedKey(value, ...phones);
    case 'told':
      return toldFor(sight, value);
    case 'plain':
      return withTimes(value, sight.clock);
    case 'personal':
      return wordsFor(sight, value);
  }
}

const headerStates: Readonly<Record<SeenHeader['state'], [word: string, tone: Tone]>> = {
  sent: ['sent', 'good'],
  empty: ['empty', 'off'],
  dropped: ['left out', 'warn'],
};

function headerTable(headers: readonly SeenHeader[], sight: Sight): Html {
  const isOfToday = headers.some((header) => header.isOfToday);
  return html`${table({
    caption: 'Headers of the call and what the prompt saw',
    head: ['Header', 'In the prompt', 'Was', 'Value'],
    rows: headers.map(({ name, variable, state, value, privacy, isOfToday }) => [
      html`<code>${name}</code>`,
      html`<code>{{${variable}}}</code>`,
      badge(...headerStates[state]),
      html`${valueFor({ value, privacy }, sight)}${isOfToday && html` <span class="quiet">today</span>`}`,
    ]),
    empty: 'No header is configured for this dialer.',
  })}
${isOfToday && html`<p class="quiet">“today”: the lead's value as it is held now. What was sent is not kept with the call.</p>`}`;
}

const tones: Partial<Record<StepKind, Tone>> = {
  started: 'good',
  committed: 'good',
  read: 'info',
  dispositioned: 'info',
  silent: 'warn',
  corrected: 'warn',
  'opt-out-undone': 'warn',
  planned: 'wait',
};

function toneOf({ kind, headline, slow }: Step): Tone {
  if (slow) return 'warn';
  if (kind !== 'settled') return tones[kind] ?? 'off';
  if (headline.startsWith('Written')) return 'good';
  return /^(Refused|Given up)/.test(headline) ? 'bad' : 'off';
}
