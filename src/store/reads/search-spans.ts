import type { Instant } from '../../domain/call.ts';
import { hourAfter } from '../../domain/call-hours.ts';
import { countCursor, countOverlapMs, readCountPlace } from '../../domain/call-search.ts';
import type { Session } from '../session.ts';
import { changedMinutes, lastCallBefore } from './call-counts.ts';
import { readCursor } from './cursors.ts';

export interface Span {
  from: Instant;
  before: Instant;
}

/** What is asked of an index before the time. */
export type Lane = Partial<Record<'dialer' | 'lead_key' | 'phone' | 'person', string>>;

const dayMs = 86_400_000;
/** So many rows of each lane are one span. */
const rowsAtOnce = 5000;
const mostRowSpans = 4;
/** So many hours with a call that fits are one batch. */
const hoursAtOnce = 60;
const mostHours = 120;
/** So far back the counts are gone through in one look. */
const mostDays = 100;

/** Spans of so many rows each, the newest first; `cut` when it gets too long. */
export async function* rowSpans(
  session: Session,
  lanes: readonly Lane[],
  range: Span,
  { rows = rowsAtOnce, most = mostRowSpans }: { rows?: number; most?: number } = {},
): AsyncGenerator<Span | 'cut'> {
  let before = range.before;
  for (let count = 0; count < most; count += 1) {
    let from = range.from;
    for (const lane of lanes) {
      const end = await boundary(session, lane, { from: range.from, before }, rows);
      if (end !== undefined && end > from) from = end;
    }
    yield { from, before };
    if (from === range.from) return;
    before = from;
  }
  yield 'cut';
}

/** When the call was registered that is so many rows further down; undefined when there are fewer. */
async function boundary(session: Session, lane: Lane, range: Span, rows: number): Promise<Instant | undefined> {
  let query = session.db.selectFrom('calls').select('registered_at');
  for (const [column, value] of Object.entries(lane)) query = query.where(column as keyof Lane, '=', value);
  const row = await query
    .where('registered_at', '>=', range.from)
    .where('registered_at', '<', range.before)
    .orderBy('registered_at', 'desc')
    .limit(1)
    .offset(rows - 1)
    .executeTakeFirst();
  return row?.registered_at;
}

/**
 * Spans that may hold a call that fits: the hours in which some were counted, what changed since then, and, where nothing
 * is counted yet, everything. Newest first; `cut` when it gets too long.
 */
export async function* matchingSpans(
  session: Session,
  input: { lanes: readonly Lane[]; range: Span; wanted: Readonly<Record<string, string>> },
): AsyncGenerator<Span | 'cut'> {
  const { lanes, range, wanted } = input;
  const place = readCountPlace(await readCursor(session, countCursor));
  if (!place) return yield* rowSpans(session, lanes, range);

  const freshFrom = new Date(Date.parse(place.seenTo) - countOverlapMs).toISOString();
  const changed = (await changedMinutes(session, freshFrom)).map(({ minute }) => spanOfMinute(minute));
  const fresh = [...changed, { from: freshFrom, before: '9999' }];
  const edge = range.before < place.seenTo ? range.before : place.seenTo;
  const oldest = new Date(Date.parse(edge) - mostDays * dayMs).toISOString();
  const countedFrom = [range.from, place.backTo, oldest].sort().at(-1) ?? oldest;

  let before = range.before;
  for (let hours = 0; ; hours += hoursAtOnce) {
    if (hours >= mostHours) return yield 'cut';
    const counted = await countedHours(session, wanted, { from: countedFrom, before });
    const isLast = counted.length < hoursAtOnce;
    const from = isLast ? countedFrom : (counted.at(-1)?.from ?? countedFrom);
    yield* mergedWithin([...counted, ...fresh], { from, before });
    before = from;
    if (isLast) break;
  }
  if (countedFrom <= range.from) return;
  const end = await lastCallBefore(session, { before: countedFrom, dialers: lanes.map(({ dialer = '' }) => dialer) });
  if (end === null || end < range.from) return;
  if (countedFrom === oldest) {
    // The place to go on from is where the look ended.
    yield { from: oldest, before: oldest };
    return yield 'cut';
  }
  yield* rowSpans(session, lanes, { from: range.from, before: countedFrom });
}

async function countedHours(
  session: Session,
  wanted: Readonly<Record<string, string>>,
  { from, before }: Span,
): Promise<Span[]> {
  let query = session.db.selectFrom('call_hours').select('hour').distinct();
  for (const [column, value] of Object.entries(wanted)) query = query.where(column as 'dialer', '=', value);
  const rows = await query
    // An hour that began earlier may reach into the span.
    .where('hour', '>', new Date(Date.parse(from) - 3_600_000).toISOString())
    .where('hour', '<', before)
    .orderBy('hour', 'desc')
    .limit(hoursAtOnce)
    .execute();
  return rows.map(({ hour }) => ({ from: hour, before: hourAfter(hour) }));
}

function spanOfMinute(minute: string): Span {
  const from = `${minute}:00.000Z`;
  return { from, before: new Date(Date.parse(from) + 60_000).toISOString() };
}

/** What lies within the range, newest first; those that meet are one. */
function mergedWithin(spans: readonly Span[], range: Span): Span[] {
  const merged: Span[] = [];
  const inside = spans
    .map(({ from, before }) => ({
      from: from > range.from ? from : range.from,
      before: before < range.before ? before : range.before,
    }))
    .filter(({ from, before }) => from < before)
    .sort((a, b) => (a.before < b.before ? 1 : -1));
  for (const span of inside) {
    const last = merged.at(-1);
    if (!last || span.before < last.from) merged.push({ ...span });
    else if (span.from < last.from) last.from = span.from;
  }
  return merged;
}
