import type { Command } from 'commander';
import type { App } from '../app.ts';
import { csvRow } from '../domain/csv.ts';
import { ConnectorError } from '../domain/errors.ts';
import { faultOfScope } from '../flows/judge-control.ts';
import { type ShadowQuery, type ShadowRow, type ShadowVerdict, shadowReport } from '../flows/shadow-report.ts';
import type { CliContext } from './context.ts';
import { readTime } from './read-time.ts';
import { type Cell, tableLines } from './terminal-table.ts';
import { wantedText } from './wanted-text.ts';
import { withApp } from './with-app.ts';

export function addShadowCommand(program: Command, context: CliContext): void {
  program
    .command('shadow')
    .description('what calls in shadow would have written')
    .command('report')
    .description('each write-back that was only shown, beside what its dialer holds now; reads, and writes nothing')
    .option('--dialer <id>', 'only this dialer')
    .option('--campaign <name>', 'only this campaign')
    .option('--since <time>', 'planned from then on: a day such as 2026-11-01 (UTC), or an instant')
    .option('--until <time>', 'planned before: a day, the whole of which counts, or an instant')
    .option('--json', 'one JSON line each, and one with the totals')
    .option('--csv', 'as a file for a spreadsheet')
    .action((options: ReportOptions) => withApp(context, (app) => report(context, app, options)));
}

interface ReportOptions {
  dialer?: string;
  campaign?: string;
  since?: string;
  until?: string;
  json?: boolean;
  csv?: boolean;
}

/** By verdict. */
export type ShadowTotals = Record<ShadowVerdict, number>;

const columns = ['id', 'call', 'dialer', 'campaign', 'lead', 'aspect', 'wanted', 'holds', 'verdict', 'why', 'at'];

async function report(context: CliContext, { deps }: App, options: ReportOptions): Promise<void> {
  const { dialer, campaign, since, until, json, csv } = options;
  const fault = faultOfScope(deps, { dialer: dialer ?? '', campaign: campaign ?? '', aspect: '' });
  if (fault) throw new ConnectorError('bad_request', fault.words, { hint: fault.hint });
  const query: ShadowQuery = {
    ...{ dialer, campaign },
    ...(since && { since: readTime(since, false) }),
    ...(until && { until: readTime(until, true) }),
  };
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const totals: ShadowTotals = { 'would-change': 0, 'holds-it': 0, 'set-since': 0, unknown: 0 };
  const cells: Cell[][] = [];
  if (csv) context.out(csvRow(columns).trimEnd());
  for await (const row of shadowReport(deps, query, stop.signal)) {
    totals[row.verdict] += 1;
    const values = valuesOf(row);
    if (json) context.out(JSON.stringify(Object.fromEntries(columns.map((name, index) => [name, values[index]]))));
    else if (csv) context.out(csvRow(values).trimEnd());
    else cells.push(cellsOf(row));
  }
  if (json) return context.out(JSON.stringify({ totals }));
  if (csv) return;
  const head = ['call', 'dialer', 'campaign', 'lead', 'would write', 'the dialer holds', 'so', 'why'];
  if (cells.length > 0) for (const line of tableLines({ head, rows: cells })) context.out(line);
  context.out(totalWords(totals, cells.length, campaign));
}

function valuesOf({ row, verdict, held, why }: ShadowRow): string[] {
  const { id, correlationId, dialer, target, aspect, desired, createdAt } = row;
  const [wanted, campaign, lead] = [wantedText(desired), target.campaign, target.leadKey];
  return [id, correlationId, dialer, campaign, lead, aspect, wanted, held, verdict, why, createdAt];
}

function cellsOf({ row, verdict, held, why }: ShadowRow): Cell[] {
  const [text, colour] = verdictWords[verdict];
  const wanted = `${row.aspect} ${wantedText(row.desired)}`;
  return [
    ...[row.correlationId, row.dialer, row.target.campaign, row.target.leadKey || 'by its number', wanted],
    ...[held || 'not known', { text, colour }, why],
  ];
}

const verdictWords: Readonly<Record<ShadowVerdict, [text: string, colour: 'cyan' | 'green' | 'yellow' | 'gray']>> = {
  'would-change': ['would change it', 'cyan'],
  'holds-it': ['holds it already', 'green'],
  'set-since': ['somebody set it since', 'yellow'],
  unknown: ["can't be told", 'gray'],
};

function totalWords(totals: ShadowTotals, count: number, campaign: string | undefined): string {
  if (count === 0) return `Nothing was only shown: no call ${campaign ? `of ${campaign} ` : ''}ran in shadow.`;
  const parts = Object.entries(totals).flatMap(([verdict, many]) =>
    many > 0 ? `${verdictWords[verdict as ShadowVerdict][0]} ${many}` : [],
  );
  return `${count} write-backs were only shown: ${parts.join(', ')}.`;
}
