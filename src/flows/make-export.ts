import { callColumns, callRow } from '../domain/call-table.ts';
import { csvRow } from '../domain/csv.ts';
import type { DaySpan } from '../domain/day-span.ts';
import { scorecardColumns, scorecardRows } from '../domain/scorecard-table.ts';
import type { Deps } from './deps.ts';
import { scorecardOf } from './make-scorecard.ts';

export interface ExportWish {
  what: 'scorecard' | 'calls';
  format: 'csv' | 'json';
  span: DaySpan;
  /** True: calls with their whole numbers. (Default: the last four digits) */
  showsNumbers?: boolean;
}

/** A file in the making: its text comes page by page, since a day may have tens of thousands of calls. */
export interface ExportFile {
  fileName: string;
  contentType: string;
  body: AsyncIterable<string>;
}

type ExportDeps = Pick<Deps, 'store' | 'settings'>;

/** What spreadsheets know UTF-8 by: without it they garble every name with an accent. Programs have JSON. */
const byteOrderMark = '\uFEFF';
const pageSize = 500;

export function makeExport(deps: ExportDeps, wish: ExportWish): ExportFile {
  const { what, format, span } = wish;
  const days = span.days === 1 ? span.firstDay : `${span.firstDay}-to-${span.lastDay}`;
  return {
    fileName: `${what}-${days}.${format}`,
    contentType: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json',
    body: what === 'scorecard' ? scorecardText(deps, wish) : callsText(deps, wish),
  };
}

async function* scorecardText(deps: ExportDeps, { format, span }: ExportWish): AsyncGenerator<string> {
  const card = await scorecardOf(deps, span);
  if (format === 'json') {
    const { firstDay, lastDay } = span;
    const { timeZone } = deps.settings.console;
    yield `${JSON.stringify({ firstDay, lastDay, timeZone, ...card }, null, 2)}\n`;
    return;
  }
  yield byteOrderMark + csvRow(scorecardColumns);
  yield scorecardRows(card, span).map(csvRow).join('');
}

/** The newest first. JSON is one list with a call on each line. */
async function* callsText(deps: ExportDeps, wish: ExportWish): AsyncGenerator<string> {
  const isCsv = wish.format === 'csv';
  yield isCsv ? byteOrderMark + csvRow(callColumns) : '[';
  let isFirst = true;
  for await (const calls of callPages(deps, wish.span)) {
    const rows = calls.map((call) => callRow(call, { showsNumbers: wish.showsNumbers ?? false }));
    if (isCsv) yield rows.map((row) => csvRow(callColumns.map((column) => row[column]))).join('');
    else if (rows.length > 0) {
      yield `${isFirst ? '' : ','}\n${rows.map((row) => JSON.stringify(row)).join(',\n')}`;
      isFirst = false;
    }
  }
  if (!isCsv) yield '\n]\n';
}

async function* callPages({ store }: ExportDeps, { from, before }: DaySpan) {
  let after: Parameters<Deps['store']['searchCalls']>[0]['after'];
  for (;;) {
    const { calls, next } = await store.searchCalls({ from, before, limit: pageSize, ...(after && { after }) });
    yield calls;
    if (!next) return;
    after = next;
  }
}
