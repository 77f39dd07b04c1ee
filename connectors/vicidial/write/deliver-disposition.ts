import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { findLine, updatedRows, wordsOf } from '../api/api-answer.ts';
import type { Vicidial } from '../vicidial.ts';
import { correctLog } from './correct-log.ts';
import { answerWithoutWriting, readSituation } from './situation.ts';
import { findTargetLead } from './target-lead.ts';

export type Disposition = Extract<Desired, { aspect: 'disposition' }>;

/**
 * Writes a disposition: the lead's status, then the call's own log row. It is not done before the lead was read once
 * more some seconds later, so it ends as submitted (see settle-disposition.ts).
 */
export async function deliverDisposition(
  vicidial: Vicidial,
  { target }: WriteBack,
  desired: Disposition,
): Promise<DeliveryAnswer> {
  const found = await findTargetLead(vicidial, target);
  if ('kind' in found) return found;
  const status = leadStatusOf(desired);
  const situation = await readSituation(vicidial, target, found.leadId, status);
  const early = answerWithoutWriting(vicidial, situation);
  if (early) return early;
  if (situation.kind === 'redialled') return { kind: 'done', note: 'redialled' };
  if (situation.kind !== 'ready') return { kind: 'retry', why: 'the state of the call is not clear' };

  if (vicidial.deps.ignoresIdempotency || !holdsStatus(situation.lead.status, status)) {
    const failure = await writeStatus(vicidial, found.leadId, status);
    if (failure) return failure;
  }
  const log = situation.log ? await correctLog(vicidial, target.callKey, situation.log, desired.disposition) : 'none';
  if (log === 'redialled') return { kind: 'done', note: 'redialled' };
  const at = new Date(vicidial.deps.clock.now() + vicidial.config.settle.recheckSec * 1000).toISOString();
  return { kind: 'submitted', receipt: `recheck:${status}${log === 'right' ? ':log' : ''}`, at };
}

/** A lead with a callback is held out of the hopper by CBHOLD until then; its log gets the mapped code. */
export function leadStatusOf({ outcome, callbackAt, disposition }: Disposition): string {
  return outcome === 'callback' && callbackAt ? 'CBHOLD' : disposition;
}

/** When a callback falls due, the hopper itself turns CBHOLD into CALLBK. */
export function holdsStatus(held: string, wanted: string): boolean {
  return held === wanted || (wanted === 'CBHOLD' && held === 'CALLBK');
}

/** Sets a lead's status. Gives the answer when it did not work. */
export async function writeStatus(
  { api }: Pick<Vicidial, 'api'>,
  leadId: string,
  status: string,
): Promise<DeliveryAnswer | null> {
  const answer = await api.call('update_lead', { search_method: 'LEAD_ID', lead_id: leadId, status });
  const rows = updatedRows(answer);
  if (rows === 1 || rows === 0) return null;
  return updateFailure(answer);
}

/** What an update_lead without a usable row count means. */
export function updateFailure(answer: Parameters<typeof wordsOf>[0]): DeliveryAnswer {
  if (answer.kind === 'noFunction') {
    return {
      kind: 'refused',
      why: "VICIdial's API does not know update_lead",
      hint: 'The release is too old. Upgrade VICIdial.',
    };
  }
  if (findLine(answer, 'error', 'NO MATCHES FOUND')) {
    return {
      kind: 'refused',
      why: 'VICIdial has no such lead',
      hint: 'The lead was deleted or archived, or the API user may not touch its list.',
    };
  }
  if (findLine(answer, 'error', 'NOT AN ALLOWED LIST ID')) {
    return {
      kind: 'refused',
      why: "the API user may not touch the lead's list",
      hint: "Add the campaign to the allowed campaigns of the API user's user group, then replay.",
    };
  }
  const why = updatedRows(answer) === -1 ? "VICIdial's own SQL failed" : `VICIdial answered: ${wordsOf(answer)}`;
  return { kind: 'retry', why, hint: "See VICIdial's API log (Admin, Reports)." };
}
