import { instantOf } from '../domain/clock.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';
import { mostPreviewed, previewReplay, type ReplayPreview } from './preview-replay.ts';
import { releaseShadow } from './release-shadow.ts';

/** Rows of one press: a request must not last for minutes. */
const mostAtOnce = 2000;
/** More that failed are not counted. */
const mostCounted = 100_000;
/** Of the ids, so many are written down. */
const mostNamed = 100;

export type ReplayAnswer =
  /** What was previewed is not so any more: nothing was done. */
  | { kind: 'changed'; preview: ReplayPreview }
  /** `due` go out again; the facts of the others want something else by now. */
  | { kind: 'done'; chosen: number; due: number };

/** Who replays, and why, where they were asked. */
interface Replayer {
  by: string;
  why?: string;
}

/** Makes the chosen write-backs due again, provided that what would change is still what was previewed. Audited. */
export async function replayChosen(
  deps: Deps,
  { ids, mark, ...who }: { ids: readonly string[]; mark: string } & Replayer,
): Promise<ReplayAnswer> {
  const preview = await previewReplay(deps, ids);
  if (preview.mark !== mark) return { kind: 'changed', preview };
  const chosen = preview.rows.filter(({ canReplay }) => canReplay).map(({ row }) => row.id);
  return { kind: 'done', ...(await replay(deps, { ids: chosen, ...who, subject: subjectOf(preview.rows) })) };
}

/** What one dialer did not take, as far as one press reaches. */
export interface FailedOfDialer {
  /** The first of them. */
  rows: readonly WriteBack[];
  count: number;
  /** Those that one press replays. */
  ids: readonly string[];
}

export async function failedOf({ store }: Pick<Deps, 'store'>, dialer: string): Promise<FailedOfDialer> {
  const rows: WriteBack[] = [];
  for (const state of ['dead', 'refused'] as const) {
    const limit = mostAtOnce - rows.length;
    if (limit > 0) rows.push(...(await store.writeBackPage({ state, dialer, order: 'oldest', limit })).rows);
  }
  const failed = await store.countWriteBacksUpTo({ states: ['dead', 'refused'], dialer, most: mostCounted });
  const count = failed.reduce((sum, each) => sum + each.count, 0);
  return { rows: rows.slice(0, mostPreviewed), count, ids: rows.map(({ id }) => id) };
}

/** Makes what a dialer did not take due again, so many at once, but for those of the preview that must not be. Audited. */
export async function replayFailed(
  deps: Deps,
  { dialer, mark, ...who }: { dialer: string; mark: string } & Replayer,
): Promise<ReplayAnswer & { left?: number }> {
  const failed = await failedOf(deps, dialer);
  const preview = await previewReplay(
    deps,
    failed.rows.map(({ id }) => id),
  );
  if (preview.mark !== mark) return { kind: 'changed', preview };
  const kept = new Set(preview.rows.filter(({ canReplay }) => !canReplay).map(({ row }) => row.id));
  const ids = failed.ids.filter((id) => !kept.has(id));
  const done = await replay(deps, { ids, ...who, subject: dialer });
  return { kind: 'done', ...done, left: Math.max(0, failed.count - failed.ids.length) };
}

/** Without a look before: for those who name what they want on a terminal. What was only shown is written. Audited. */
export async function replay(
  deps: Deps,
  { by, why, subject, ...what }: { subject: string } & Replayer & ({ ids: readonly string[] } | { dialer: string }),
): Promise<{ chosen: number; due: number }> {
  const ids = 'ids' in what ? what.ids : [];
  if ('ids' in what && ids.length === 0) return { chosen: 0, due: 0 };
  const { store, clock, nudge } = deps;
  const now = instantOf(clock);
  const shown = (await store.writeBacksById(ids)).filter(({ state }) => state === 'shadow');
  const released = await releaseShadow(deps, shown, by);
  const due = released + (await store.replayWriteBacks({ ...what, now }));
  const chosen = 'ids' in what ? String(ids.length) : 'all dead and refused';
  const named = ids.length > 0 && { ids: ids.slice(0, mostNamed).join(' ') };
  await store.appendAudit({
    at: now,
    by,
    act: 'write-backs-replay',
    subject,
    details: { chosen, due: String(due), ...named, ...(why && { why }) },
  });
  if (due > 0) nudge();
  return { chosen: ids.length, due };
}

function subjectOf(rows: ReplayPreview['rows']): string {
  const calls = new Set(rows.map(({ row }) => row.correlationId));
  const [only] = calls;
  if (calls.size === 1 && only) return only;
  return [...new Set(rows.map(({ row }) => row.dialer))].join(' ');
}
