import type { Command } from 'commander';
import type { App } from '../app.ts';
import { instantOf } from '../domain/clock.ts';
import { type DaySpan, dayOf, lastDays, mostDays, readSpan } from '../domain/day-span.ts';
import { stepWords } from '../domain/first-word-steps.ts';
import type { Score, Scorecard } from '../domain/scorecard.ts';
import { leastSample, shareWords } from '../domain/shares.ts';
import { makeExport } from '../flows/make-export.ts';
import { scorecardOf } from '../flows/make-scorecard.ts';
import type { CliContext } from './context.ts';
import { type Cell, tableLines } from './terminal-table.ts';
import { withApp } from './with-app.ts';

export function addScorecardCommand(program: Command, context: CliContext): void {
  program
    .command('scorecard')
    .description('how campaigns and AI agents did: contacts, qualified, transfers, minutes, cost')
    .option('--days <count>', 'whole days back, today not included', '7')
    .option('--from <day>', "the first day, such as 2026-03-02, in the console's time zone")
    .option('--to <day>', 'the last day, which counts too (Default: today)')
    .option('--json', 'one JSON document')
    .option('--csv', 'for a spreadsheet')
    .action((options: ScorecardOptions) => withApp(context, (app) => run(context, app, options)));
}

interface ScorecardOptions {
  days: string;
  from?: string;
  to?: string;
  json?: boolean;
  csv?: boolean;
}

async function run(context: CliContext, { deps }: App, options: ScorecardOptions): Promise<void> {
  const span = spanOf(options, deps.settings.console.timeZone, instantOf(deps.clock));
  if (typeof span === 'string') {
    context.err(span);
    return context.exit(1);
  }
  if (options.json || options.csv) {
    const { body } = makeExport(deps, { what: 'scorecard', format: options.json ? 'json' : 'csv', span });
    // Every line ends with a break of its own already.
    for await (const text of body) if (text) context.out(text.replace(/\r?\n$/, ''));
    return;
  }
  for (const line of linesOf(await scorecardOf(deps, span), span)) context.out(line);
}

function spanOf({ days, from, to }: ScorecardOptions, zone: string, now: string): DaySpan | string {
  if (from !== undefined || to !== undefined) {
    if (from === undefined) return '--to needs --from: the day that the scorecard begins with.';
    return readSpan(zone, from, to ?? dayOf(zone, now));
  }
  const count = /^\d+$/.test(days) ? Number(days) : 0;
  if (count < 1 || count > mostDays) return `--days takes a number from 1 to ${mostDays}.`;
  return lastDays(zone, now, count);
}

function linesOf(card: Scorecard, span: DaySpan): string[] {
  const days = span.days === 1 ? span.firstDay : `${span.firstDay} to ${span.lastDay}`;
  if (card.lines.length === 0) return [`${days}: no call was registered, or the calls are not counted yet.`];
  const head = [
    ...['campaign', 'agent', 'version', 'calls', 'contact', 'qualified', 'of contacts', 'transfers', 'opt-outs'],
    ...['minutes', ...(card.hasCosts ? [`${card.currency}/qualified`] : []), 'first word'],
  ];
  const rows = card.lines.map((line) => [
    `${line.campaign || '–'} (${line.dialer})`,
    line.agent || '–',
    line.agentVersion || '–',
    ...cellsOf(line, card),
  ]);
  return [
    `Scorecard of ${days}`,
    ...tableLines({ head, rows: [...rows, ['all', '', '', ...cellsOf(card.total, card)]] }),
    `Shares of fewer than ${leastSample} calls are not given: "3 of 7" stands there instead.`,
  ];
}

function cellsOf(score: Score, { hasCosts }: Scorecard): Cell[] {
  const { median } = score.firstWord;
  return [
    score.calls,
    shareWords(score.contactShare),
    score.qualified,
    shareWords(score.qualifiedShare),
    score.transfers,
    score.optOuts,
    Math.round(score.aiMinutes),
    ...(hasCosts ? [score.costPerQualified === null ? '–' : score.costPerQualified.toFixed(2)] : []),
    median ? stepWords(median) : '–',
  ];
}
