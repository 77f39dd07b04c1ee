import { createHash } from 'node:crypto';
import type { Call } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import type { HeldState } from '../domain/dialer.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { FactsPreview } from '../store/operations/preview-facts.ts';
import { type Correction, correctionFact } from './correct-outcome.ts';
import type { Deps } from './deps.ts';
import { heldNow } from './held-now.ts';

export interface CorrectionPreview {
  outcome: Outcome | null;
  /** What would be written, beside what the dialers hold now. */
  writes: readonly PreviewedWrite[];
  /** Rows that wait now and would not be sent any more. */
  dropped: readonly WriteBack[];
  /** Of the call as it is and what would follow: another one means that something has changed. */
  mark: string;
}

export interface PreviewedWrite {
  row: WriteBack;
  held: HeldState;
}

/**
 * What a correction would have the dialers hold, with nothing written; asks them what they hold now within a budget in
 * milliseconds of the machine's clock. Rejects (bad_request) as the correction would.
 */
export async function previewCorrection(
  deps: Deps,
  call: Call,
  correction: Correction,
  lookMs = 3000,
): Promise<CorrectionPreview> {
  const { planned, mark } = await plan(deps, call, correction);
  const waiting = new Set([...planned.supersede, ...planned.cancel]);
  const rows = await deps.store.writeBacksOf(call.correlationId);
  const held = await heldNow(deps, planned.writes, lookMs);
  return {
    outcome: planned.outcome,
    writes: planned.writes.map((row) => ({ row, held: held.get(row.id) ?? { kind: 'unknown', why: 'not asked' } })),
    dropped: rows.filter(({ id }) => waiting.has(id)),
    mark,
  };
}

/** The mark alone, for whoever confirms: no dialer is asked. */
export async function markOfCorrection(deps: Deps, call: Call, correction: Correction): Promise<string> {
  return (await plan(deps, call, correction)).mark;
}

async function plan(deps: Deps, call: Call, correction: Correction): Promise<{ planned: FactsPreview; mark: string }> {
  const { correlationId } = call;
  const { fact } = await correctionFact(deps, call, correction);
  const planned = await deps.store.previewFacts({ correlationId, facts: [fact], now: instantOf(deps.clock) });
  const wanted = planned.writes.map(({ dialer, desired, state, target }) => [dialer, desired, state, target.leadKey]);
  const { code, basis, at, callbackAt } = call.outcome ?? {};
  const words = JSON.stringify([[code, basis, at, callbackAt], wanted, planned.supersede, planned.cancel]);
  return { planned, mark: createHash('sha256').update(words).digest('base64url').slice(0, 22) };
}
