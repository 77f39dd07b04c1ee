import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { ApiParameters } from '../api/api.ts';
import type { Vicidial } from '../vicidial.ts';
import { correctLog, mendOtherLog } from './correct-log.ts';
import { type Disposition, holdsStatus, isFinal, leadStatusOf } from './lead-status.ts';
import { answerWithoutWriting, readSituation, type Situation } from './situation.ts';
import { findTargetLead } from './target-lead.ts';
import { lookOnceMore, writeStatus } from './write-status.ts';
import { yieldToHuman } from './yield-to-human.ts';

const redialled: DeliveryAnswer = { kind: 'done', note: 'redialled' };

/**
 * Writes a disposition: the lead's status, then the call's own log row. Each is read back at once, and once more some
 * seconds later, so it ends as submitted (see settle-disposition.ts).
 */
export async function deliverDisposition(
  vicidial: Vicidial,
  row: WriteBack,
  desired: Disposition,
): Promise<DeliveryAnswer> {
  const { target } = row;
  const found = await findTargetLead(vicidial, target);
  if ('kind' in found) return found;
  const status = leadStatusOf(desired);
  const before = await readSituation(vicidial, target, found.leadId, status, desired.overrules);
  if (before.kind === 'redialled') {
    if (row.inDoubt) await vicidial.inTurn(() => mendOtherLog(vicidial, before, target.callKey, desired.disposition));
    return redialled;
  }
  const early = await yieldOrWait(vicidial, before);
  if (early) return early;
  if (before.kind !== 'ready') return { kind: 'retry', why: 'the state of the call is not clear' };

  if (vicidial.deps.ignoresIdempotency || !holdsStatus(before.lead.status, status)) {
    const more: ApiParameters = isFinal(desired.outcome) ? { remove_from_hopper: 'Y' } : {};
    const failure = await vicidial.inTurn(
      async () =>
        (await lookOnceMore(vicidial, target, before.lead)) ?? (await writeStatus(vicidial, before.lead, status, more)),
    );
    if (failure) return failure;
    vicidial.deps.failAt('status.written');
  }

  const after = await readSituation(vicidial, target, found.leadId, status, desired.overrules);
  if (after.kind === 'redialled') return redialled;
  const taken = await afterWriting(vicidial, after, status);
  if (taken) return taken;
  const ours = after.kind === 'ready' ? after.log : null;
  const log = ours
    ? await vicidial.inTurn(() => correctLog(vicidial, target, found.leadId, ours, desired.disposition))
    : 'none';
  if (log === 'redialled') return redialled;
  vicidial.deps.failAt('log.written');
  const at = new Date(vicidial.deps.clock.now() + vicidial.config.settle.recheckSec * 1000).toISOString();
  return { kind: 'submitted', receipt: `recheck:${status}${log === 'right' ? ':log' : ''}`, at };
}

async function yieldOrWait(vicidial: Vicidial, situation: Situation): Promise<DeliveryAnswer | null> {
  return situation.kind === 'human'
    ? await vicidial.inTurn(() => yieldToHuman(vicidial, situation))
    : answerWithoutWriting(vicidial, situation);
}

/** What was read back at once; null when it stands. */
async function afterWriting(vicidial: Vicidial, after: Situation, status: string): Promise<DeliveryAnswer | null> {
  if (after.kind === 'missing') return { kind: 'done', note: 'written; the lead is gone since' };
  if (after.kind === 'human' && !after.isOverwritten && holdsStatus(after.disposition, status)) {
    // Their name came in the moment of our write, and nothing tells what they said.
    if ((await vicidial.reads.lastWord(after.lead.lead_id)) === null) return unclearHuman(status);
  }
  if (after.kind !== 'ready') return await yieldOrWait(vicidial, after);
  if (holdsStatus(after.lead.status, status)) return null;
  return {
    kind: 'retry',
    why: `the lead says ${after.lead.status || 'nothing'} after ${status} was written`,
    afterMs: 1000,
    inDoubt: true,
  };
}

function unclearHuman(status: string): DeliveryAnswer {
  return {
    kind: 'refused',
    why: `an agent had the lead in the moment in which ${status} was written, which may stand over the agent's own disposition`,
    hint: "Look the lead up in VICIdial, and set the agent's disposition if it is another.",
  };
}
