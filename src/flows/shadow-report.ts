import type { Instant } from '../domain/call.ts';
import type { HeldState } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { WriteBackPlace } from '../store/reads/write-back-pages.ts';
import type { Deps } from './deps.ts';
import { heldNow } from './held-now.ts';
import { lookWithinLimits } from './look-within-limits.ts';

export interface ShadowQuery {
  dialer?: string | undefined;
  campaign?: string | undefined;
  /** Planned from then on, and before. */
  since?: Instant | undefined;
  until?: Instant | undefined;
}

/**
 * Of what would have been written. `would-change`: the dialer lacks it. `holds-it`: it holds that already. `set-since`: a
 * person set the record after the call, which nothing overwrites. `unknown`: that can't be told now.
 */
export const shadowVerdicts = ['would-change', 'holds-it', 'set-since', 'unknown'] as const;
export type ShadowVerdict = (typeof shadowVerdicts)[number];

export interface ShadowRow {
  row: WriteBack;
  verdict: ShadowVerdict;
  /** What the dialer holds, in its words. */
  held: string;
  why: string;
}

type ReportDeps = Pick<Deps, 'store' | 'dialers' | 'clock' | 'log'>;

const rowsAtOnce = 100;
/** A person waits for the report: a limit that opens later leaves its rows unknown. */
const patienceMs = 60_000;
const budgetMs = 4000;

/** Every write-back that was only shown, the oldest first, beside what its dialer holds now. Reads, and writes nothing. */
export async function* shadowReport(
  deps: ReportDeps,
  query: ShadowQuery,
  signal: AbortSignal,
): AsyncGenerator<ShadowRow> {
  let after = beginOf(query);
  while (!signal.aborted) {
    const page = await pageOf(deps, query, { order: 'oldest', limit: rowsAtOnce, ...(after && { after }) });
    const rows = page.rows.filter((row) => fits(row, query));
    const held = new Map<string, HeldState>();
    for (const [id, own] of Map.groupBy(rows, ({ dialer }) => dialer)) {
      for (const [row, state] of await lookAt(deps, id, own, signal)) held.set(row, state);
    }
    for (const row of rows) yield { row, ...judge(held.get(row.id)) };
    const isPast = query.until !== undefined && (page.rows.at(-1)?.createdAt ?? '') >= query.until;
    if (!page.next || isPast) return;
    after = page.next;
  }
}

/** One page of it for a screen, the newest first, with what could be seen in a few seconds. */
export async function shadowPage(
  deps: ReportDeps,
  query: ShadowQuery,
  { after, limit }: { after?: WriteBackPlace; limit: number },
): Promise<{ rows: ShadowRow[]; next: WriteBackPlace | null; isCutShort: boolean }> {
  const page = await pageOf(deps, query, { order: 'newest', limit, ...(after && { after }) });
  const rows = page.rows.filter((row) => fits(row, query));
  const held = await heldNow(deps, rows, budgetMs);
  return {
    rows: rows.map((row) => ({ row, ...judge(held.get(row.id)) })),
    next: page.next,
    isCutShort: page.isCutShort,
  };
}

function pageOf(
  { store }: ReportDeps,
  { dialer, campaign }: ShadowQuery,
  page: { order: 'oldest' | 'newest'; limit: number; after?: WriteBackPlace },
) {
  return store.writeBackPage({ state: 'shadow', ...(dialer && { dialer }), ...(campaign && { campaign }), ...page });
}

/** Rows lie in the order of when they were planned: what came before needs no look. */
function beginOf({ since }: ShadowQuery): WriteBackPlace | undefined {
  return since === undefined ? undefined : { dueAt: since, row: '' };
}

function fits({ createdAt }: WriteBack, { since = '', until }: ShadowQuery): boolean {
  return createdAt >= since && (until === undefined || createdAt < until);
}

async function lookAt(
  deps: ReportDeps,
  id: string,
  rows: readonly WriteBack[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, HeldState>> {
  const dialer = deps.dialers.get(id);
  const unknown = (why: string) => new Map(rows.map((row) => [row.id, { kind: 'unknown', why } as const]));
  if (!dialer?.look) return unknown(dialer ? 'what this dialer holds is not shown by it' : 'it is not configured');
  try {
    return await lookWithinLimits(deps, dialer, rows, { patientUntil: deps.clock.now() + patienceMs, signal });
  } catch (error) {
    return unknown(messageOf(error));
  }
}

function judge(state: HeldState | undefined): Omit<ShadowRow, 'row'> {
  switch (state?.kind) {
    case 'as-wanted':
      return { verdict: 'holds-it', held: state.held, why: '' };
    case 'lost':
      return { verdict: 'would-change', held: state.held, why: '' };
    case 'moved-on':
      return { verdict: 'set-since', held: state.held, why: `${state.by || 'somebody'} set it` };
    default:
      return { verdict: 'unknown', held: state?.held ?? '', why: state?.why ?? 'it was not asked' };
  }
}
