import { type FirstWordTimes, stepWords } from '../../../domain/first-word-steps.ts';
import type { Score, Scorecard, ScoreLine } from '../../../domain/scorecard.ts';
import { pointsChanged, type Share, shareWords } from '../../../domain/shares.ts';
import { shown } from '../../charts/bar-chart.ts';
import { type Column, table } from '../../components/table.ts';
import { type Html, html, type Renderable } from '../../html.ts';

/** A line for each campaign and version, and one for all. */
export function scoreTable(card: Scorecard): Html {
  const head: Column[] = [
    { title: 'Campaign' },
    { title: 'AI agent and version' },
    ...['Calls', 'Spoken with', 'Qualified', 'of these', 'Transfers', 'Opt-outs', 'AI minutes'].map(number),
    ...(card.hasCosts ? [number('Cost per qualified')] : []),
    number('First word'),
  ];
  return table({
    caption: 'Calls by campaign and version of the AI agent',
    head,
    rows: card.lines.map((line) => [
      html`${line.campaign || '–'} <span class="quiet">${line.dialer}</span>`,
      html`${line.agent || '–'} <span class="quiet">${line.agentVersion}</span>`,
      ...cellsOf(line, card),
    ]),
    empty: html`<p>No call of these days is counted. Calls show here some seconds after their dialer asked for them; after an update older ones follow within the hour.</p>`,
    foot: ['All', '', ...cellsOf(card.total, card)],
  });
}

function cellsOf(line: ScoreLine, { hasCosts, currency }: Scorecard): Renderable[] {
  return [
    shown(line.calls),
    shareCell(line.contactShare, line.before?.contactShare),
    shown(line.qualified),
    shareCell(line.qualifiedShare, line.before?.qualifiedShare),
    shown(line.transfers),
    shown(line.optOuts),
    shown(Math.round(line.aiMinutes)),
    ...(hasCosts ? [money(line.costPerQualified, currency)] : []),
    medianWords(line.firstWord),
  ];
}

function shareCell(share: Share, before: Share | undefined): Html {
  const points = pointsChanged(share, before);
  return html`${shareWords(share)}${points !== null && html` <span class="quiet change">${signed(points)}</span>`}`;
}

/** `+2.1`, `−0.4`. */
export function signed(points: number): string {
  const size = Math.abs(points).toFixed(1);
  return points < 0 && size !== '0.0' ? `−${size}` : `+${size}`;
}

/** An amount in a currency; a dash when it is not known. */
export function money(amount: Score['cost'], currency: string): string {
  if (amount === null) return '–';
  return new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(amount);
}

/** How soon the AI spoke in half of the calls, short. */
export function medianWords({ median }: FirstWordTimes): string {
  return median ? stepWords(median).replace('at most ', '≤\u00A0').replace('longer than ', '>\u00A0') : '–';
}

function number(title: string): Column {
  return { title, isNumber: true };
}
