import type { WriteBack } from '../../../domain/write-back.ts';
import { address } from '../../address.ts';
import { codeBlock } from '../../components/copy.ts';
import { callLink } from '../../components/links.ts';
import { panel } from '../../components/panel.ts';
import { table } from '../../components/table.ts';
import { type Html, html } from '../../html.ts';
import { yamlText } from './item-card.ts';

export interface HeldReason {
  example: WriteBack;
  count: number;
}

/** Write-backs that the configuration holds up, with the lines that let them go. */
export function heldOutcomes(reasons: readonly HeldReason[]): Html {
  const unmapped = reasons.filter(({ example }) => example.desired.aspect === 'disposition');
  const others = reasons.filter((reason) => !unmapped.includes(reason));
  return html`${unmapped.length > 0 && unmappedPanel(unmapped)}${others.length > 0 && otherPanel(others)}`;
}

function unmappedPanel(reasons: readonly HeldReason[]): Html {
  const byDialer = Map.groupBy(reasons, ({ example }) => example.dialer);
  const lines = [...byDialer].map(([dialer, own]) => linesFor(dialer, own)).join('\n');
  return panel(
    'Outcomes without a disposition',
    html`<p>Calls ended in these outcomes, and the configuration names no disposition for them. Their write-backs are held.</p>
${table({
  caption: 'Outcomes without a disposition',
  head: ['Outcome', 'Dialer', 'Campaign', { title: 'Held', isNumber: true }, 'For example'],
  rows: reasons.map(({ example, count }) => [
    outcomeOf(example),
    example.dialer,
    example.target.campaign || 'every other',
    html`<a href="${address('write-backs', { view: 'held', dialer: example.dialer, aspect: 'disposition' })}">${count}</a>`,
    callLink(example.correlationId),
  ]),
  empty: 'Every outcome that came up is mapped.',
})}
<p>Add these lines to the configuration, with the dialer’s own codes, and restart. The write-backs then go by themselves.</p>
${codeBlock(`dialers:\n${lines}`, 'Copy the lines')}`,
    { id: 'unmapped-outcomes', tone: 'warn' },
  );
}

function linesFor(dialer: string, reasons: readonly HeldReason[]): string {
  const campaigns = Map.groupBy(reasons, ({ example }) => example.target.campaign || '*');
  const lines = [...campaigns].flatMap(([campaign, own]) => [
    `      ${campaign === '*' ? '"*"' : yamlText(campaign)}:`,
    '        dispositions:',
    ...[...new Set(own.map(({ example }) => outcomeOf(example)))].map((code) => `          ${yamlText(code)}: ""`),
  ]);
  return [`  ${yamlText(dialer)}:`, '    campaigns:', ...lines].join('\n');
}

function outcomeOf({ desired }: WriteBack): string {
  return desired.aspect === 'disposition' ? desired.outcome : '';
}

function otherPanel(reasons: readonly HeldReason[]): Html {
  return panel(
    'Held for another reason',
    table({
      caption: 'Write-backs that are held',
      head: ['Aspect', 'Dialer', 'Why', { title: 'Held', isNumber: true }, 'For example'],
      rows: reasons.map(({ example, count }) => [
        example.aspect,
        example.dialer,
        example.why,
        html`<a href="${address('write-backs', { view: 'held', dialer: example.dialer, aspect: example.aspect })}">${count}</a>`,
        callLink(example.correlationId),
      ]),
      empty: 'Nothing is held.',
    }),
    { tone: 'warn' },
  );
}
