import { sql } from 'kysely';
import type { Instant } from '../../domain/call.ts';
import type { MarkedCall } from '../../domain/call-marks.ts';
import type { CallPlace, CallSearch, CallsFound } from '../../domain/call-search.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import { markedCallOf } from '../rows.ts';
import type { Session } from '../session.ts';
import type { CallRow } from '../tables.ts';
import { dialersOfCalls } from './calls.ts';
import { type Lane, matchingSpans, rowSpans, type Span } from './search-spans.ts';

type Conditions = Lane & Partial<Record<'campaign' | 'outcome_code' | 'agent', string>>;

/** Earlier than every call, and later. */
const ever: Span = { from: '', before: '9999' };

/**
 * Registered calls that fit, newest first. One index is gone along, span by span of time, until the page is full; where
 * calls that fit are rare, the counts tell which hours have any, and a look that gets too long ends early.
 */
export async function searchCalls(session: Session, search: CallSearch): Promise<CallsFound> {
  const wanted = conditionsOf(search);
  const lanes = await lanesOf(session, wanted);
  const range = rangeOf(search);
  const found: CallRow[] = [];
  let lookedTo: Instant = range.from;
  let isCut = false;
  for await (const part of spansOf(session, { wanted, lanes, range, limit: search.limit })) {
    if (part === 'cut') {
      isCut = true;
      break;
    }
    lookedTo = part.from;
    const limit = search.limit + 1 - found.length;
    for (const lane of lanes) {
      found.push(...(await callsWithin(session, { lane, wanted, span: part, after: search.after, limit })));
    }
    if (found.length > search.limit) break;
  }
  found.sort(newestFirst);
  const page = found.slice(0, search.limit);
  const last = page.at(-1);
  if (found.length > page.length && last) return { calls: page.map(markedCallOf), next: placeOf(last), isCut: false };
  const next = isCut ? { registeredAt: lookedTo, correlationId: '' } : null;
  return { calls: page.map(markedCallOf), next, isCut };
}

/** Calls with their marks, in the order of the ids; those that are gone are left out. */
export async function markedCalls(session: Session, correlationIds: readonly string[]): Promise<MarkedCall[]> {
  if (correlationIds.length === 0) return [];
  const rows = await session.db
    .selectFrom('calls')
    .selectAll()
    .where('correlation_id', 'in', [...correlationIds])
    .execute();
  const byId = new Map(rows.map((row) => [row.correlation_id, markedCallOf(row)]));
  return correlationIds.flatMap((id) => byId.get(id) ?? []);
}

function conditionsOf(search: CallSearch): Conditions {
  const { phone, lead, dialer, campaign, outcome, agent, person } = search;
  return {
    ...(phone !== undefined && { phone: fitKey(phone, keyLengths.phone) }),
    ...(lead !== undefined && { lead_key: fitKey(lead) }),
    ...(dialer !== undefined && { dialer: fitKey(dialer, keyLengths.name) }),
    ...(campaign !== undefined && { campaign: fitKey(campaign) }),
    ...(outcome !== undefined && { outcome_code: fitKey(outcome, keyLengths.name) }),
    ...(agent !== undefined && { agent: fitKey(agent, keyLengths.name) }),
    ...(person !== undefined && { person: fitKey(person, keyLengths.name) }),
  };
}

function rangeOf({ from = ever.from, before = ever.before, after }: CallSearch): Span {
  if (!after) return { from, before };
  // Of the calls of that very instant there may be more.
  const end = after.correlationId === '' ? after.registeredAt : justAfter(after.registeredAt);
  return { from, before: end < before ? end : before };
}

/** One index that holds few calls, else a lane for each dialer. */
async function lanesOf(session: Session, { phone, lead_key, person, dialer }: Conditions): Promise<Lane[]> {
  if (phone !== undefined) return [{ phone }];
  if (lead_key !== undefined) return [{ lead_key }];
  if (person !== undefined) return [{ person }];
  const dialers = dialer === undefined ? await dialersOfCalls(session) : [dialer];
  return dialers.map((each) => ({ dialer: each }));
}

function spansOf(
  session: Session,
  { wanted, lanes, range, limit }: { wanted: Conditions; lanes: readonly Lane[]; range: Span; limit: number },
): AsyncIterable<Span | 'cut'> {
  const [lane] = lanes;
  const rest = Object.keys(wanted).filter((column) => lane && !(column in lane));
  // Without a bound MariaDB would sort all calls of the lane for one page of them.
  if (rest.length === 0) return rowSpans(session, lanes, range, { rows: limit + 1, most: Number.POSITIVE_INFINITY });
  // The counts know nothing of people and leads.
  if (!lane || !('dialer' in lane)) return rowSpans(session, lanes, range);
  const { dialer, campaign, agent, outcome_code } = wanted;
  const counted = Object.entries({ dialer, campaign, agent, outcome_code }).filter(([, value]) => value !== undefined);
  return matchingSpans(session, { lanes, range, wanted: Object.fromEntries(counted) as Record<string, string> });
}

async function callsWithin(
  session: Session,
  input: {
    lane: Lane;
    wanted: Conditions;
    span: Span;
    after: CallPlace | undefined;
    limit: number;
  },
): Promise<CallRow[]> {
  const { lane, wanted, span, after, limit } = input;
  let query = session.db.selectFrom('calls').selectAll();
  for (const [column, value] of Object.entries(lane)) query = query.where(column as keyof Lane, '=', value);
  for (const [column, value] of Object.entries(wanted)) {
    if (column in lane) continue;
    // As an expression it does not tempt the database to leave the lane's index.
    const isOfOtherLane = column === 'dialer' || column === 'person' || column === 'lead_key';
    const term = isOfOtherLane ? sql`coalesce(${sql.ref(column)}, '')` : (column as 'campaign');
    query = query.where(term, '=', value);
  }
  query = query.where('registered_at', '>=', span.from).where('registered_at', '<', span.before);
  if (after?.correlationId) {
    query = query.where((expression) =>
      expression.or([
        expression('registered_at', '<', after.registeredAt),
        expression.and([
          expression('registered_at', '=', after.registeredAt),
          expression('correlation_id', '<', after.correlationId),
        ]),
      ]),
    );
  }
  return query
    .where('is_registered', '=', 1)
    .orderBy('registered_at', 'desc')
    .orderBy('correlation_id', 'desc')
    .limit(limit)
    .execute();
}

/** The bound that takes calls of that very instant in. */
export function justAfter(at: Instant): Instant {
  return new Date(Date.parse(at) + 1).toISOString();
}

function placeOf(row: CallRow): CallPlace {
  return { registeredAt: row.registered_at, correlationId: row.correlation_id };
}

function newestFirst(one: CallRow, other: CallRow): number {
  if (one.registered_at !== other.registered_at) return one.registered_at < other.registered_at ? 1 : -1;
  return one.correlation_id < other.correlation_id ? 1 : -1;
}
