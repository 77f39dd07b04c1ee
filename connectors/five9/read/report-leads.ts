import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { LeadPage } from '../../../src/domain/lead.ts';
import type { Five9 } from '../five9.ts';
import { dataCentreTimeZone, startOfDay } from '../times.ts';
import type { LeadReportConfig } from './config.ts';
import { contactsToLeads } from './contact-to-lead.ts';
import { phoneFields } from './find-contact.ts';
import { fieldsOfColumns, rowsToContacts } from './report-contacts.ts';
import type { ReportTable } from './report-table.ts';
import { assertNotTooOften, placeAfter, placeAtStart, ReportPlace, stepReport } from './run-report.ts';
import { readTimes } from './time-patterns.ts';

/** `mark`: a short hash of the report's configuration; with another one, everything is read anew. */
const Reading = ReportPlace.extend({
  kind: z.literal('reading'),
  mark: z.string(),
  /** When the reading began: what the next one reaches back from. */
  began: z.int(),
  /** How many rows of the first span are given. */
  row: z.int().min(0),
});
const Idle = z.object({ kind: z.literal('idle'), mark: z.string(), began: z.int() });
type Reading = z.infer<typeof Reading>;

const Cursor = z.discriminatedUnion('kind', [Reading, Idle]);

const rowsPerPage = 500;

/**
 * Reads leads by a saved report, step by step: each step is a page, most of them empty, so that its place (with the
 * identifier of the running report) is in the store before anything waits. After a restart the same report is asked for
 * its rows again; one that Five9 lost is run again.
 */
export function createReportReader(five9: Five9, report: LeadReportConfig) {
  const mark = markOf(five9, report);
  /** The rows between two pages; they are fetched again where they are lost. */
  let held: { id: string; table: ReportTable; isCut: boolean } | undefined;
  let expected: string | undefined;
  let again = 0;

  return async function readPage(text: string, signal: AbortSignal): Promise<LeadPage> {
    if (text !== expected) again = 0;
    const page = await readNext(beginOrGoOn(text), signal);
    expected = page.cursor;
    return page;
  };

  async function readNext(reading: Reading, signal: AbortSignal): Promise<LeadPage> {
    if (!reading.id || held?.id !== reading.id) {
      held = undefined;
      const step = await stepReport(five9, report, reading, signal);
      if (step.kind === 'table') held = { id: reading.id, table: step.table, isCut: step.isCut };
      else {
        again = step.kind === 'again' ? again + 1 : again;
        assertNotTooOften(again, report);
        const isSame = step.place.id === reading.id;
        return emptyPage({ ...reading, ...step.place, row: isSame ? reading.row : 0 });
      }
    }
    again = 0;
    return givePage(reading, held);
  }

  function givePage(reading: Reading, { table, isCut }: NonNullable<typeof held>): LeadPage {
    const columns = fieldsOfColumns(table.headers, five9.config);
    if (table.rows.length > 0) assertUsable(five9, report, table, columns);
    const end = reading.row + rowsPerPage;
    const zone = report.timeZone ?? dataCentreTimeZone(five9.config.soap);
    const { leads, rejects } = contactsToLeads(
      five9,
      rowsToContacts(table.rows.slice(reading.row, end), columns),
      (time) => readTimes(time, report.timePatterns, zone, five9.deps.clock.now()).at(-1) ?? null,
    );
    if (end < table.rows.length) return { leads, rejects, cursor: write({ ...reading, row: end }) };

    held = undefined;
    if (table.broken > 0) rejects['not a row of the report'] = table.broken;
    if (isCut) {
      rejects['report at the cap'] = 1;
      five9.deps.log.warn(
        { dialer: five9.id, report: report.name, hint: 'Split the report in Five9, for example by state.' },
        'a Five9 report is at the row cap within two minutes: there may be more rows that are not read',
      );
    }
    const next = { ...reading, ...placeAfter(reading), row: 0 };
    if (next.todo.length > 0) return { leads, rejects, cursor: write(next) };
    const since = report.byLastModified ? write({ kind: 'idle', mark, began: reading.began }) : '';
    return { leads, rejects, cursor: '', since };
  }

  function beginOrGoOn(text: string): Reading {
    const cursor = readCursor(text);
    const isOurs = cursor?.mark === mark;
    if (isOurs && cursor.kind === 'reading' && cursor.todo.length > 0) return cursor;
    const began = five9.deps.clock.now();
    const isChanges = isOurs && cursor.kind === 'idle' && report.byLastModified;
    const start = isChanges
      ? cursor.began - report.overlapMinutes * 60_000
      : startOfDay(report.firstDay, dataCentreTimeZone(five9.config.soap));
    return { kind: 'reading', mark, began, row: 0, ...placeAtStart({ start, end: began }) };
  }
}

/** Null for anything else: then the reading begins anew, as after a change from partitions to a report. */
function readCursor(text: string): z.infer<typeof Cursor> | null {
  try {
    return Cursor.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function emptyPage(reading: Reading): LeadPage {
  return { leads: [], rejects: {}, cursor: write(reading) };
}

function write(cursor: Reading | z.infer<typeof Idle>): string {
  return JSON.stringify(cursor);
}

function markOf({ config }: Five9, report: LeadReportConfig): string {
  const { keyField, fields, sync, domainTimeZone } = config;
  const { overlapMinutes: _, ...what } = report;
  const all = JSON.stringify([what, keyField, fields, sync.leadFields, domainTimeZone]);
  return createHash('sha256').update(all).digest('hex').slice(0, 12);
}

/** Without key or number no row can become a lead: that is the report's fault, not the rows'. */
function assertUsable(
  { config }: Five9,
  report: LeadReportConfig,
  table: ReportTable,
  columns: readonly string[],
): void {
  const hasNumber = phoneFields.some((field) => columns.includes(field));
  if (columns.includes(config.keyField) && hasNumber) return;
  const missing = hasNumber ? `the key field ${config.keyField}` : 'a number (number1, number2 or number3)';
  throw new ConnectorError(
    'dialer_refused',
    `the report ${report.name} has no column for ${missing}; it has ${table.headers.join(', ')}`,
    { hint: 'Add the column to the report in Five9, or name its header under `sync.report.columns`.' },
  );
}
