import type { Instant } from '../../../src/domain/call.ts';
import type { SigmamindConfig } from '../config.ts';
import type { CallRecord, CallsApi } from './calls.ts';
import type { Page } from './page.ts';

/** Where a read stands, and which way it goes. */
export interface Place {
  page: number;
  step: 1 | -1;
  /** How many pages were read. */
  read: number;
  /** False when the pages are not in the order that the way needs: then none of them ends the read. */
  isOrdered: boolean;
}

export interface CallPage extends Page<CallRecord> {
  /** Null when all that was asked for is read, or `isCut`. */
  next: Place | null;
  /** True when `callList.maxPages` ended the read. */
  isCut: boolean;
  /** False when the order of the list could not end the read. */
  isOrdered: boolean;
}

/** Fewer may be in an order by chance. */
const fewest = 8;

/** Clocks differ a little, and a call is made some time before it shows. */
export const marginMs = 600_000;

/**
 * The calls since an instant, page by page, and some older ones. The API can't search by time, and its order is not
 * documented: where the first page shows the oldest first, the read goes on from the last page back. A page that is too
 * old as a whole ends it; where the order is neither way nothing does but `callList.maxPages`.
 */
export async function* callPages(
  api: Pick<CallsApi, 'listCalls'>,
  limits: SigmamindConfig['callList'],
  since: Instant,
): AsyncGenerator<CallPage> {
  let place: Place | null = null;
  do {
    const page: CallPage = await readCallPage(api, limits, since, place);
    yield page;
    place = page.next;
  } while (place);
}

/** One of these pages: the first, or the one at a place. */
export async function readCallPage(
  api: Pick<CallsApi, 'listCalls'>,
  { pageSize: size, maxPages }: SigmamindConfig['callList'],
  since: Instant,
  place: Place | null,
  signal?: AbortSignal,
): Promise<CallPage> {
  const page = await api.listCalls({ page: place?.page ?? 0, size }, signal);
  const next = nextPlace(place, page, Date.parse(since) - marginMs);
  const isCut = next !== null && next.read >= maxPages;
  return { ...page, next: isCut ? null : next, isCut, isOrdered: next?.isOrdered ?? true };
}

function nextPlace(place: Place | null, page: Page<CallRecord>, oldestMs: number): Place | null {
  const times = page.rows.map(({ createdAt }) => Date.parse(createdAt)).filter(Number.isFinite);
  const isTooOld = times.length > 0 && Math.max(...times) < oldestMs;
  const read = (place?.read ?? 0) + 1;
  if (place === null) {
    if (!page.hasNext) return null;
    const order = times.length < fewest ? 'neither' : orderOf(times);
    // The platform may give fewer rows than it was asked for.
    const size = page.rows.length + page.rejects;
    if (order === 'oldest-first' && page.total !== undefined) {
      return { page: Math.ceil(page.total / size) - 1, step: -1, read, isOrdered: true };
    }
    if (order === 'newest-first' && isTooOld) return null;
    return { page: 1, step: 1, read, isOrdered: order === 'newest-first' };
  }
  const { step } = place;
  const order = orderOf(times);
  const isOrdered = place.isOrdered && (order === 'any' || order === (step > 0 ? 'newest-first' : 'oldest-first'));
  // The first page was read before all others.
  const isLast = step > 0 ? !page.hasNext : place.page <= 1;
  return isLast || (isTooOld && isOrdered) ? null : { page: place.page + step, step, read, isOrdered };
}

/** `any`: all of one time, or one alone. */
function orderOf(times: readonly number[]): 'newest-first' | 'oldest-first' | 'any' | 'neither' {
  const isRising = times.every((time, index) => index === 0 || time >= (times[index - 1] ?? time));
  const isFalling = times.every((time, index) => index === 0 || time <= (times[index - 1] ?? time));
  if (isRising && isFalling) return 'any';
  if (isRising) return 'oldest-first';
  return isFalling ? 'newest-first' : 'neither';
}
