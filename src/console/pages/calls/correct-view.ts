import type { Call } from '../../../domain/call.ts';
import { writeBackWords } from '../../../domain/call-timeline.ts';
import type { HeldState } from '../../../domain/dialer.ts';
import type { CorrectionPreview, PreviewedWrite } from '../../../flows/preview-correction.ts';
import { badge, outcomeBadge } from '../../components/badge.ts';
import { button, field, select, textArea } from '../../components/field.ts';
import { callLink } from '../../components/links.ts';
import { notice } from '../../components/notice.ts';
import { panel } from '../../components/panel.ts';
import { table } from '../../components/table.ts';
import { time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html, type Renderable } from '../../html.ts';
import type { View } from '../../page.ts';
import { basisWords } from './call-view.ts';
import { type Sight, toldFor, withTimes, wordsFor } from './sight.ts';

/** What somebody wrote into the form. */
export interface WrittenCorrection {
  outcome: string;
  date: string;
  time: string;
  zone: string;
  why: string;
  saidBy: string;
}

export interface CorrectView {
  call: Call;
  sight: Sight;
  outcomes: readonly string[];
  zones: readonly string[];
  written: WrittenCorrection;
  /** What is wrong with it, and what would do. */
  error?: { words: string; hint: string } | undefined;
  /** What it would do: then it can be confirmed. */
  preview?: CorrectionPreview | undefined;
  /** True: what was confirmed is not what would happen by now. */
  hasChanged?: boolean;
}

/** Correcting an outcome by hand: a form, then what would be written, then the writing. */
export function correctView(view: CorrectView): View {
  const { call, sight, error, preview, hasChanged = false } = view;
  const { outcome } = call;
  const body = html`<p>Call ${callLink(call.correlationId)} is ${outcomeBadge(outcome?.code)}${
    outcome && html` <span class="quiet">${basisWords(outcome)}, ${time(outcome.at, sight.clock)}</span>`
  }. A correction goes over what the AI and people said, but for an opt-out, and is written to the dialers.</p>
${hasChanged && notice('The call has changed since this was shown: nothing was written.', 'warn', 'Look at it again, then confirm.')}
${error && notice(error.words, 'bad', error.hint)}
${preview && previewPanel(view, preview)}
${panel(preview ? 'Change it' : 'Correction', correctForm(view))}`;
  return { title: 'Correct an outcome', body };
}

function correctForm({ call, outcomes, zones, written }: CorrectView): Html {
  return form(
    `calls/${call.correlationId}/correct`,
    html`${select({ name: 'outcome', label: 'The call ended as', options: outcomes.map(named), value: written.outcome, none: 'Choose …', isRequired: true })}
<fieldset><legend>For a callback: when</legend><div class="row">
${field({ name: 'date', label: 'Day', type: 'date', value: written.date })}
${field({ name: 'time', label: 'Time', type: 'time', value: written.time })}
${select({ name: 'zone', label: 'By the clocks of', options: zones, value: written.zone })}
</div></fieldset>
${textArea({ name: 'why', label: 'Why', value: written.why, isRequired: true, rows: 2, hint: 'It is kept for good, with your name. No numbers, no names of customers.' })}
${field({ name: 'said_by', label: 'On whose word', value: written.saidBy, hint: 'Empty: yours.', more: { autocomplete: 'off', maxlength: 60 } })}
<div class="actions">${button('Show what would be written', { look: 'primary' })} <a class="button" href="/console/calls/${call.correlationId}">Leave it</a></div>`,
    'stack',
  );
}

function named(code: string): { value: string; text: string } {
  return { value: code, text: code.replaceAll('_', ' ') };
}

function previewPanel({ call, sight, written }: CorrectView, preview: CorrectionPreview): Html {
  const { outcome, writes, dropped, mark } = preview;
  const hidden = { ...written, said_by: written.saidBy, mark };
  const fields = Object.entries(hidden)
    .filter(([name]) => name !== 'saidBy')
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
  return panel(
    'What would happen',
    html`<p>${outcomeBadge(call.outcome?.code)} becomes ${outcomeBadge(outcome?.code)}${outcome?.callbackAt && html`, to be called ${time(outcome.callbackAt, sight.clock)}`}.</p>
${table({
  caption: 'What would be written, beside what the dialers hold now',
  isCaptionHidden: false,
  head: ['Where', 'Holds now', 'Would hold', 'And so'],
  rows: writes.map((write) => previewRow(write, sight)),
  empty: 'Nothing would be written: the dialers have been told this already, or have no word for it.',
})}
${dropped.length > 0 && html`<p>Not sent any more: ${dropped.map((row, index) => html`${index > 0 && ', '}${row.dialer} ${row.aspect} ${withTimes(writeBackWords(row), sight.clock)}`)}.</p>`}
${form(
  `calls/${call.correlationId}/correct/confirm`,
  html`${fields}<div class="actions">${button('Correct it', { look: 'primary' })} <a class="button" href="/console/calls/${call.correlationId}">Leave it</a></div>`,
)}`,
    { tone: 'warn' },
  );
}

function previewRow({ row, held }: PreviewedWrite, sight: Sight): Renderable[] {
  const holds =
    held.kind === 'unknown' && !held.held
      ? html`<span class="quiet">can't be told: ${toldFor(sight, held.why)}</span>`
      : wordsFor(sight, held.held || 'nothing');
  return [
    `${row.dialer} ${row.aspect === 'dnc' ? 'DNC' : row.aspect}`,
    holds,
    withTimes(writeBackWords(row), sight.clock),
    html`${consequence(row.state, held, sight)}${row.why && html` <span class="hint">${toldFor(sight, row.why)}</span>`}`,
  ];
}

function consequence(state: string, held: HeldState, sight: Sight): Renderable {
  if (state === 'held') return badge('waits for the mapping', 'warn');
  switch (held.kind) {
    case 'as-wanted':
      return badge('is so already', 'good');
    case 'lost':
      return badge('would be written', 'busy');
    case 'moved-on':
      return html`${badge('somebody set it', 'warn')} ${held.by}, ${time(held.at, sight.clock)}: looked at again before writing`;
    case 'unknown':
      return html`${badge('looked at before writing', 'wait')}${held.held && html` <span class="hint">${toldFor(sight, held.why)}</span>`}`;
  }
}
