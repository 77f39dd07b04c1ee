import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Vicidial } from '../vicidial.ts';
import { type Disposition, holdsStatus, leadStatusOf } from './lead-status.ts';
import { readSituation } from './situation.ts';
import { findTargetLead } from './target-lead.ts';
import { yieldToHuman } from './yield-to-human.ts';

/**
 * Reads a written disposition back once more: the remote-agent daemon or a hang-up that was noticed late may have put
 * XFER or DROP over it. Receipt: `recheck:<lead status>`, with `:log` when the log row was set too.
 */
export async function settleDisposition(
  vicidial: Vicidial,
  receipt: string,
  { target }: WriteBack,
  desired: Disposition,
): Promise<DeliveryAnswer> {
  const found = await findTargetLead(vicidial, target);
  if ('kind' in found) return found;
  const wanted = leadStatusOf(desired);
  const situation = await readSituation(vicidial, target, found.leadId, wanted, desired.overrules);
  if (situation.kind === 'missing') return { kind: 'done', note: 'written; the lead is gone since' };
  if (situation.kind === 'human') return await vicidial.inTurn(() => yieldToHuman(vicidial, situation));
  const holds = holdsStatus(situation.lead.status, wanted);
  if (situation.kind !== 'ready') return { kind: 'done', note: holds ? 'read back' : 'written; redialled since' };

  const log = receipt.endsWith(':log') ? situation.log : null;
  const isLogLost = log !== null && log.status !== desired.disposition;
  if (holds && !isLogLost) return { kind: 'done', note: 'read back' };
  // In doubt, so that the row is delivered anew instead of being asked about again.
  return {
    kind: 'retry',
    why: `the dialer put ${holds ? log?.status : situation.lead.status} over it`,
    afterMs: 1000,
    inDoubt: true,
  };
}
