import { instantOf } from '../../../src/domain/clock.ts';
import type { CallDescription } from '../../../src/domain/connector.ts';
import type { Five9Config } from '../config.ts';
import type { Five9 } from '../five9.ts';
import { fitLogRow, type LogRow, readLogRows } from './call-log-rows.ts';
import { type Finding, type FindingKind, findingKinds, isAgentsWord, judgeLogRow } from './judge-log-row.ts';
import { legRecordOf } from './leg-record.ts';
import type { TimeSpan } from './report-operations.ts';
import { assertNotTooOften, placeAfter, type ReportPlace, stepReport } from './run-report.ts';

export interface Reconciliation {
  from: string;
  to: string;
  /** Calls of the log by what was found. */
  counts: Record<FindingKind, number>;
  /** Human results that were new to us. */
  newHuman: number;
  /** Rows that could not be used, by reason. */
  rejects: Record<string, number>;
}

export interface ReconcileOptions {
  /** Keeps how far the reading is, before anything waits on it. */
  keep?(place: ReportPlace): Promise<void>;
  /** Hears of every call. */
  tell?(finding: Finding): void;
}

const callsAtOnce = 200;
const sliceMs = 3_600_000;
/** A call comes into the log when it is over, and is registered some time after it began there. */
const underWayMs = 1_800_000;
const beforeRegisterMs = 600_000;

/** Compares the call log of a span with our calls, and records what agents made of them. A restart goes on by `place`. */
export async function reconcileCalls(
  five9: Five9,
  span: TimeSpan,
  start: ReportPlace,
  signal: AbortSignal,
  { keep = async () => undefined, tell = () => undefined }: ReconcileOptions = {},
): Promise<Reconciliation> {
  const { folder, report: name } = five9.config.callLog;
  const counts = Object.fromEntries(findingKinds.map((kind) => [kind, 0])) as Record<FindingKind, number>;
  const [from, to] = [new Date(span.start).toISOString(), new Date(span.end).toISOString()];
  const result: Reconciliation = { from, to, counts, newHuman: 0, rejects: {} };
  const hear = (finding: Finding) => {
    counts[finding.kind] += 1;
    tell(finding);
  };

  const seen = new Set<string>();
  let place = start;
  let again = 0;
  while (place.todo.length > 0) {
    signal.throwIfAborted();
    const step = await stepReport(five9, { folder, name }, place, signal);
    if (step.kind === 'table') {
      const { rows, rejects } = readLogRows(step.table, five9.config, five9.deps.clock.now());
      if (step.isCut) rejects['report at the cap'] = 1;
      for (const [reason, count] of Object.entries(rejects)) {
        result.rejects[reason] = (result.rejects[reason] ?? 0) + count;
      }
      const newRows = rows.filter((row) => isNew(seen, row));
      result.newHuman += await judgeRows(five9, lastWords(newRows, five9.config), hear);
      place = placeAfter(place);
    } else {
      again = step.kind === 'again' ? again + 1 : again;
      assertNotTooOften(again, { folder, name });
      place = step.place;
    }
    await keep(place);
  }
  // After a restart nobody knows any more which calls the part before it had.
  if (start.todo[0]?.start === span.start) await findMissing(five9, span, seen, hear);
  return result;
}

/** Spans of a report overlap a little. */
function isNew(seen: Set<string>, { callId, at, disposition }: LogRow): boolean {
  const word = `${callId} ${at} ${disposition}`;
  if (seen.has(word)) return false;
  seen.add(callId).add(word);
  return true;
}

/** A call that went from one agent to another may have a row for each: only the last one's word counts. */
function lastWords(rows: readonly LogRow[], config: Five9Config): LogRow[] {
  const last = new Map<string, LogRow>();
  const saidAt = ({ at, endedAt }: LogRow) => endedAt || at;
  for (const row of rows) {
    const other = last.get(row.callId);
    if (isAgentsWord(row, config) && (!other || saidAt(row) >= saidAt(other))) last.set(row.callId, row);
  }
  return rows.filter((row) => !isAgentsWord(row, config) || last.get(row.callId) === row);
}

async function judgeRows(five9: Five9, rows: readonly LogRow[], hear: (finding: Finding) => void): Promise<number> {
  const { id, config, deps } = five9;
  let newHuman = 0;
  for (let start = 0; start < rows.length; start += callsAtOnce) {
    const read = rows.slice(start, start + callsAtOnce);
    const refs = read.map(({ callId }) => ({ instance: id, kind: 'call-id', key: callId }));
    const known = new Map<string, CallDescription>();
    for (const call of await deps.describeCalls({ refs })) {
      for (const callId of callIdsOf(five9, call)) known.set(callId, call);
    }
    const now = instantOf(deps.clock);
    const part = read.map((row) => fitLogRow(row, known.get(row.callId)?.call.registeredAt));
    const judged = part.map((row) => judgeLogRow(id, config, row, known.get(row.callId), now));
    const words = judged.flatMap(({ fact }) => fact ?? []);
    const ends = part.flatMap((row) => legRecordOf(id, row, known.get(row.callId)) ?? []);
    if (words.length + ends.length > 0) await deps.recordFacts([...words, ...ends]);
    newHuman += words.length;
    for (const { finding } of judged) if (finding.kind !== 'unknown' || isOurs(five9, finding)) hear(finding);
  }
  return newHuman;
}

/** The domain has campaigns that no AI is in: their calls need not reach us. */
function isOurs({ config }: Five9, { campaign }: Finding): boolean {
  return campaign in config.campaigns || '*' in config.campaigns;
}

/** Calls that reached us from Five9 and are over, and that its log does not have. */
async function findMissing(five9: Five9, span: TimeSpan, seen: ReadonlySet<string>, hear: (finding: Finding) => void) {
  const first = span.start + beforeRegisterMs;
  const last = span.end - underWayMs;
  for (let from = first; from < last; from += sliceMs) {
    const before = Math.min(from + sliceMs, last);
    const registered = { from: new Date(from).toISOString(), before: new Date(before).toISOString() };
    for (const described of await five9.deps.describeCalls({ registered })) {
      const callIds = callIdsOf(five9, described);
      const [callId] = callIds;
      if (!callId || callIds.some((each) => seen.has(each))) continue;
      const { correlationId, registeredAt: at, campaign } = described.call;
      const log = { wrote: '', state: '', shows: '', agent: '' };
      hear({ kind: 'missing', callId, correlationId, at, campaign, ...log });
    }
  }
}

function callIdsOf({ id }: Five9, { refs }: CallDescription): string[] {
  return refs.filter(({ instance, kind }) => instance === id && kind === 'call-id').map(({ key }) => key);
}
