import { z } from 'zod';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Five9 } from '../five9.ts';
import { faultOf } from '../soap/errors.ts';
import { isReportRunning, type ReportName, reportCsv, runReport, type TimeSpan } from './report-operations.ts';
import { type ReportTable, readTable } from './report-table.ts';

const ms = z.int().min(0);

/**
 * Where the reading of a report stands: what a restart needs to go on. `todo`: the spans that are still to be read;
 * `id` and `startedAt`: the report that runs for the first of them, empty and 0 before it was started.
 */
export const ReportPlace = z.object({
  todo: z.array(z.object({ start: ms, end: ms })),
  id: z.string(),
  startedAt: ms,
});
export type ReportPlace = z.infer<typeof ReportPlace>;

/** What one step came to. Every step but `table` gives the place to go on from; it is to be kept before the next step. */
export type ReportStep =
  | { kind: 'moved'; place: ReportPlace }
  /** Five9 lost the report, or took too long over it: it is to be asked for anew, where possible in halves. */
  | { kind: 'again'; place: ReportPlace }
  /** The rows of the first span. `isCut`: Five9 gave as many as it gives, in the shortest span. */
  | { kind: 'table'; table: ReportTable; isCut: boolean };

const shortestSpanMs = 120_000;
/** Spans overlap by so much: whether Five9 counts their bounds in is not documented. */
const seamMs = 1000;
const mostAgain = 3;
const longestWaitMs = 90_000;

/** Begins to read a report over a span. */
export function placeAtStart(span: TimeSpan): ReportPlace {
  return { todo: [span], id: '', startedAt: 0 };
}

/** The place after the first span was read. */
export function placeAfter({ todo }: ReportPlace): ReportPlace {
  return { todo: todo.slice(1), id: '', startedAt: 0 };
}

/**
 * Takes one step: starts the report of the first span, waits for it for a while, or gets its rows. A report at the row cap
 * is split by time. May reject with a ConnectorError: then the place holds.
 */
export async function stepReport(
  five9: Five9,
  report: ReportName,
  place: ReportPlace,
  signal: AbortSignal,
): Promise<ReportStep> {
  const { config, deps } = five9;
  const [span] = place.todo;
  if (!span) return { kind: 'table', table: { headers: [], rows: [], broken: 0 }, isCut: false };
  if (!place.id) {
    const id = await patiently(five9, signal, () => runReport(five9, report, span, signal));
    return { kind: 'moved', place: { ...place, id, startedAt: deps.clock.now() } };
  }
  try {
    if (await isRunningStill(five9, place.id, signal)) {
      if (deps.clock.now() - place.startedAt < config.reports.maxMinutes * 60_000) return { kind: 'moved', place };
      deps.log.warn({ dialer: five9.id, report: report.name }, 'a Five9 report takes too long: it is asked for anew');
      return { kind: 'again', place: startAnew(halved(place) ?? place) };
    }
    const table = await readTable(await patiently(five9, signal, () => reportCsv(five9, place.id, signal)));
    const isFull = table.rows.length + table.broken >= config.reports.rowCap;
    const halves = isFull ? halved(place) : null;
    if (!halves) return { kind: 'table', table, isCut: isFull };
    deps.log.info({ dialer: five9.id, report: report.name }, 'a Five9 report is at the row cap: it is split by time');
    return { kind: 'moved', place: startAnew(halves) };
  } catch (error) {
    const fault = faultOf(error)?.fault;
    if (fault === 'UnknownIdentifier') return { kind: 'again', place: startAnew(place) };
    if (fault === 'ResultIsNotReady') return { kind: 'moved', place };
    throw error;
  }
}

/** Throws when a report was asked for anew so often in one run that it will not do. */
export function assertNotTooOften(times: number, { name }: ReportName): void {
  if (times < mostAgain) return;
  throw new ConnectorError('dialer_away', `Five9 did not finish the report ${name}, asked for ${mostAgain} times`, {
    retryable: true,
    hint: 'Run the report in Five9 by hand; make it smaller (fewer columns, a filter), or raise `reports.maxMinutes`.',
  });
}

/** Waits for the end of a limit that is near: a first read in many parts may spend the reports of a minute. */
async function patiently<T>({ deps }: Five9, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const until = deps.clock.now() + longestWaitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const afterMs = error instanceof ConnectorError && error.code === 'dialer_limit' ? error.afterMs : undefined;
      if (afterMs === undefined || signal.aborted || deps.clock.now() + afterMs > until) throw error;
      await deps.clock.sleep(afterMs, signal);
    }
  }
}

/** Five9's own waiting takes an API user away from everything else, so a pool of one waits here. */
async function isRunningStill({ api, config, deps }: Five9, id: string, signal: AbortSignal): Promise<boolean> {
  const { pollSec } = config.reports;
  const { users, timeoutMs } = config.soap;
  const isAlone = users.length === 1;
  const longestSec = Math.max(1, Math.floor(timeoutMs / 1000) - 1);
  const isRunning = await isReportRunning(api, id, isAlone ? 1 : Math.min(pollSec, longestSec), signal);
  if (isRunning && isAlone) await deps.clock.sleep(pollSec * 1000, signal);
  return isRunning;
}

function startAnew({ todo }: ReportPlace): ReportPlace {
  return { todo, id: '', startedAt: 0 };
}

/** The first span in two; null when it is the shortest already. */
function halved(place: ReportPlace): ReportPlace | null {
  const [span, ...others] = place.todo;
  if (!span || span.end - span.start < shortestSpanMs) return null;
  const middle = Math.floor((span.start + span.end) / 2);
  const halves = [
    { start: span.start, end: middle },
    { start: middle - seamMs, end: span.end },
  ];
  return { ...place, todo: [...halves, ...others] };
}
