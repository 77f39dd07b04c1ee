import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { type Five9Domain, isInCampaign } from './five9-domain.ts';
import type { CallLog } from './ivr/call-log.ts';
import type { SavedReport } from './options.ts';
import type { Args } from './shapes.ts';
import { soapFault } from './soap-fault.ts';
import type { XmlContent } from './xml.ts';

/** A report that runs, or is through: its lines are those of the moment when it was asked for. */
export interface RunningReport {
  readyAt: number;
  rows: string[][];
}

/** Half-open. Whether Five9 counts the bounds in is not documented. */
interface Span {
  start: number;
  end: number;
}

export function runReport(domain: Five9Domain, args: Args): XmlContent {
  const folder = args.text('folderName');
  const reportName = args.text('reportName');
  const report = domain.savedReports.find((one) => one.folder === folder && one.name === reportName);
  if (!report) throw soapFault('ReportNotFoundFault', `Report "${reportName}" not found`, { folder, reportName });
  const time = args.node('criteria').node('time');
  const span = { start: Date.parse(time.text('start')) || 0, end: Date.parse(time.text('end')) || Infinity };
  const campaigns = args
    .node('criteria')
    .nodes('reportObjects')
    .filter((one) => one.text('objectType') === 'Campaign')
    .flatMap((one) => one.texts('objectNames'));
  const isAsked = (campaign: string) => campaigns.length === 0 || campaigns.includes(campaign);
  const table =
    report.kind === 'calls' ? callRows(domain, report, span, isAsked) : contactRows(domain, report, span, isAsked);
  const identifier = randomUUID();
  domain.reports.set(identifier, { readyAt: domain.clock.now() + domain.reportDelayMs, rows: table });
  return identifier;
}

/** `timeout` (seconds): how long the answer may be held back while the report runs. */
export async function isReportRunning(domain: Five9Domain, args: Args): Promise<XmlContent> {
  const { readyAt } = reportOf(domain, args);
  const waitMs = Math.min(readyAt - domain.clock.now(), (args.number('timeout') ?? 0) * 1000);
  if (waitMs > 0) await domain.clock.sleep(waitMs);
  return readyAt > domain.clock.now();
}

/** A header row of the original English names, and at most 50,000 rows. */
export function getReportResultCsv(domain: Five9Domain, args: Args): XmlContent {
  const { readyAt, rows } = reportOf(domain, args);
  if (readyAt > domain.clock.now()) {
    throw soapFault('ResultIsNotReadyFault', 'Result is not ready due to process is not complete');
  }
  const lines = rows.slice(0, domain.reportRowCap + 1).map((cells) => cells.map(quoted).join(','));
  return `${lines.join('\n')}\n`;
}

function reportOf(domain: Five9Domain, args: Args): RunningReport {
  const report = domain.reports.get(args.text('identifier'));
  if (report) return report;
  throw soapFault('UnknownIdentifierFault', 'Unknown identifier');
}

function callRows(domain: Five9Domain, { columns }: SavedReport, span: Span, isAsked: (campaign: string) => boolean) {
  const names = columns.length > 0 ? columns : callLogColumns;
  const rows = [...domain.calls.values()]
    .filter((call) => isAsked(call.campaign) && isWithin(span, Date.parse(call.startedAt)))
    .map((call) => names.map((name) => callCell(call, name)));
  return [names, ...rows];
}

/** Contacts that changed within the time: a filter that a saved report may have on its last-modified field. */
function contactRows(domain: Five9Domain, report: SavedReport, span: Span, isAsked: (campaign: string) => boolean) {
  const campaigns = [...domain.campaigns.values()].filter(({ name }) => isAsked(name));
  const rows = domain.contacts
    .find([])
    .filter((contact) =>
      isWithin(span, instantOfText(contact.mapped.get('LastModifiedDateTime') ?? '', domain.timeZone)),
    )
    .filter((contact) => isAsked('') || campaigns.some((campaign) => isInCampaign(domain, campaign, contact)))
    .map((contact) => report.columns.map((name) => domain.contacts.read(contact, name)));
  return [[...report.columns], ...rows];
}

function isWithin({ start, end }: Span, at: number): boolean {
  return at >= start && at < end;
}

function instantOfText(text: string, timeZone: string): number {
  return text ? Temporal.PlainDateTime.from(text.replace(' ', 'T')).toZonedDateTime(timeZone).epochMilliseconds : 0;
}

const typeNames = { 1: 'Outbound', 2: 'Inbound', 4: 'Manual', 5: 'Autodial' } as const;

function callCell(call: CallLog, column: string): string {
  const seconds = call.endedAt ? Math.round((Date.parse(call.endedAt) - Date.parse(call.startedAt)) / 1000) : 0;
  const isInbound = call.call_type === 2;
  const own = call.variables['Call.ANI'] ?? '';
  const dialled = call.variables['Call.DNIS'] ?? '';
  const cells: Readonly<Record<string, string>> = {
    'CALL ID': call.call_id,
    'SESSION ID': call.session_id,
    TIMESTAMP: timestampText(call.startedAt),
    CAMPAIGN: call.campaign,
    'CALL TYPE': typeNames[call.call_type],
    AGENT: call.humanDisposition ? 'agent@example.com' : '[None]',
    'AGENT NAME': call.humanDisposition ? 'Avery Agent' : '',
    DISPOSITION: call.humanDisposition || call.disposition,
    ANI: isInbound ? call.number1 : own,
    DNIS: isInbound ? dialled : call.number1,
    COST: '0',
    ABANDONED: '0',
    RECORDINGS: '',
  };
  if (durations.includes(column)) return durationText(column === 'CALL TIME' || column === 'IVR TIME' ? seconds : 0);
  return cells[column] ?? call.variables[column] ?? (counts.includes(column) ? '0' : '');
}

const durations =
  `CALL TIME,BILL TIME (ROUNDED),IVR TIME,QUEUE WAIT TIME,RING TIME,TALK TIME,HOLD TIME,PARK TIME,AFTER CALL WORK TIME`.split(
    ',',
  );
const counts = 'TRANSFERS,CONFERENCES,HOLDS'.split(',');
/** The standard call log's, in its order. */
export const callLogColumns =
  'CALL ID,TIMESTAMP,CAMPAIGN,CALL TYPE,AGENT,AGENT NAME,DISPOSITION,ANI,CUSTOMER NAME,DNIS,CALL TIME,BILL TIME (ROUNDED),COST,IVR TIME,QUEUE WAIT TIME,RING TIME,TALK TIME,HOLD TIME,PARK TIME,AFTER CALL WORK TIME,TRANSFERS,CONFERENCES,HOLDS,ABANDONED,RECORDINGS'.split(
    ',',
  );

/** ASSUMPTION: `Thu, 05 Dec 2024 10:11:12`, by the clock of the data centre. */
function timestampText(instant: string): string {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO('America/Los_Angeles');
  const day = local.toLocaleString('en-US', { weekday: 'short' });
  const month = local.toLocaleString('en-US', { month: 'short' });
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day}, ${two(local.day)} ${month} ${local.year} ${two(local.hour)}:${two(local.minute)}:${two(local.second)}`;
}

function durationText(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${two(seconds / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
