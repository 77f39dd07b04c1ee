import { z } from 'zod';
import type { Five9 } from '../five9.ts';
import { Answer } from '../soap/schema.ts';
import { dataCentreTimeZone, toCriteriaTime } from '../times.ts';

/** A saved report of the domain. */
export interface ReportName {
  folder: string;
  name: string;
}

/** Epoch milliseconds. Whether Five9 counts the bounds in is not documented. */
export interface TimeSpan {
  start: number;
  end: number;
}

/** Live calls and write-backs go first. */
const purpose = 'background';

const Identifier = z.string().trim().min(1);
/** A report without any row may come as nothing at all. */
const Csv = z.preprocess((value) => (typeof value === 'string' ? value : ''), z.string());

/** Starts a report over a span of time, and gives its identifier. */
export function runReport(five9: Five9, { folder, name }: ReportName, span: TimeSpan, signal: AbortSignal) {
  const zone = dataCentreTimeZone(five9.config.soap);
  const time = { end: toCriteriaTime(span.end, zone), start: toCriteriaTime(span.start, zone) };
  const args = { folderName: folder, reportName: name, criteria: { time } };
  return five9.api.call('runReport', args, Identifier, { signal, purpose });
}

/** @param waitSec how long Five9 may hold its answer back; the API user is taken meanwhile */
export function isReportRunning(api: Five9['api'], identifier: string, waitSec: number, signal: AbortSignal) {
  return api.call('isReportRunning', { identifier, timeout: waitSec }, Answer, { signal, purpose });
}

/** The finished report as CSV. SOAP has trimmed it: its last line break is gone. */
export function reportCsv(five9: Five9, identifier: string, signal: AbortSignal) {
  return five9.api.call('getReportResultCsv', { identifier }, Csv, { signal, purpose });
}
