import type { DaySpan } from './day-span.ts';
import type { Score, Scorecard } from './scorecard.ts';
import type { Share } from './shares.ts';

/** The columns of a scorecard as a file. What too few calls say nothing of is left empty. */
export const scorecardColumns = [
  ...['first_day', 'last_day', 'dialer', 'campaign', 'agent', 'agent_version'],
  ...['calls', 'no_outcome_yet', 'contacts', 'contact_share', 'qualified', 'qualified_share', 'transfers', 'opt_outs'],
  ...['ai_minutes', 'cost', 'cost_per_qualified', 'currency'],
  ...['first_words', 'first_word_median_ms', 'first_word_p95_ms'],
] as const;

/** A line for each campaign and version; none for the total, which a spreadsheet would add to the rest. */
export function scorecardRows(card: Scorecard, span: DaySpan): string[][] {
  return card.lines.map((score) => [span.firstDay, span.lastDay, ...cellsOf(score, card)]);
}

function cellsOf(score: Score, { currency, hasCosts }: Scorecard): string[] {
  const { calls, open, contacts, qualified, transfers, optOuts, aiMinutes, firstWord } = score;
  return [
    ...[score.dialer, score.campaign, score.agent, score.agentVersion],
    ...[calls, open, contacts].map(String),
    shareCell(score.contactShare),
    String(qualified),
    shareCell(score.qualifiedShare),
    ...[transfers, optOuts].map(String),
    aiMinutes.toFixed(1),
    moneyCell(score.cost),
    moneyCell(score.costPerQualified),
    hasCosts ? currency : '',
    String(firstWord.calls),
    ...[firstWord.median, firstWord.p95].map((time) => (time?.kind === 'at most' ? String(time.ms) : '')),
  ];
}

function shareCell({ share }: Share): string {
  return share === null ? '' : share.toFixed(4);
}

function moneyCell(amount: number | null): string {
  return amount === null ? '' : amount.toFixed(2);
}
