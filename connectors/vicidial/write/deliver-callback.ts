import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { findLine, wordsOf } from '../api/api-answer.ts';
import { toServerText } from '../server-time.ts';
import type { Vicidial } from '../vicidial.ts';
import { holdsStatus, updateFailure, writeStatus } from './deliver-disposition.ts';
import { freeText } from './safe-text.ts';
import { answerWithoutWriting, readSituation } from './situation.ts';
import { findTargetLead } from './target-lead.ts';

export type CallbackWish = Extract<Desired, { aspect: 'callback' }>;

const waiting: readonly string[] = ['ACTIVE', 'LIVE'];

/** Makes, moves or takes back the one callback that VICIdial holds for a lead. */
export async function deliverCallback(
  vicidial: Vicidial,
  row: WriteBack,
  desired: CallbackWish,
): Promise<DeliveryAnswer> {
  const found = await findTargetLead(vicidial, row.target);
  if ('kind' in found) return found;
  return desired.at === null
    ? await removeCallback(vicidial, row, found.leadId)
    : await makeCallback(vicidial, row, found.leadId, desired.at, desired.note);
}

async function makeCallback(
  vicidial: Vicidial,
  { target }: WriteBack,
  leadId: string,
  at: string,
  note: string,
): Promise<DeliveryAnswer> {
  const situation = await readSituation(vicidial, target, leadId);
  const early = answerWithoutWriting(vicidial, situation);
  if (early) return early;
  if (situation.kind !== 'ready' && situation.kind !== 'redialled') {
    return { kind: 'retry', why: 'the state of the call is not clear' };
  }

  const time = toServerText(Date.parse(at), vicidial.config.timeZone);
  // The status of a redialled lead belongs to the newer call.
  const mayHold = situation.kind === 'ready';
  const isHeldAlready = holdsStatus(situation.lead.status, 'CBHOLD') && !vicidial.deps.ignoresIdempotency;
  if (!vicidial.deps.ignoresIdempotency) {
    const there = (await vicidial.reads.callbacks(leadId)).find((callback) => callback.callback_time === time);
    const isHeld = !mayHold || there?.status !== 'ACTIVE' || holdsStatus(situation.lead.status, 'CBHOLD');
    if (there && isHeld) return { kind: 'done', note: 'the callback is there' };
    if (there) return (await writeStatus(vicidial, leadId, 'CBHOLD')) ?? { kind: 'done', note: 'the lead is held' };
  }

  const answer = await vicidial.api.call('update_lead', {
    search_method: 'LEAD_ID',
    lead_id: leadId,
    ...(mayHold && !isHeldAlready && { status: 'CBHOLD' }),
    callback: 'Y',
    callback_datetime: time,
    campaign_id: target.campaign || situation.lead.campaign_id,
    callback_type: 'ANYONE',
    callback_status: 'CALLBK',
    callback_comments: freeText(note, 255),
  });
  if (findLine(answer, 'notice', 'CAMPAIGN NOT VALID')) {
    return {
      kind: 'refused',
      why: `VICIdial has no campaign ${target.campaign || situation.lead.campaign_id} for the callback`,
      hint: "Give the lead's list a campaign that exists, then replay.",
    };
  }
  const written = await vicidial.reads.callbacks(leadId);
  if (written.some((callback) => callback.callback_time === time)) return { kind: 'done', note: 'read back' };
  if (findLine(answer, 'notice', 'SCHEDULED CALLBACK')) {
    return { kind: 'retry', why: `the callback is not there after: ${wordsOf(answer)}`, inDoubt: true };
  }
  return updateFailure(answer);
}

async function removeCallback(vicidial: Vicidial, { target }: WriteBack, leadId: string): Promise<DeliveryAnswer> {
  const callbacks = (await vicidial.reads.callbacks(leadId)).filter(({ status }) => waiting.includes(status));
  if (callbacks.length === 0 && !vicidial.deps.ignoresIdempotency)
    return { kind: 'done', note: 'no callback is there' };
  for (const { user } of callbacks) {
    const isHuman = user !== vicidial.config.api.user && (await vicidial.lines.isHuman(user, target.agent));
    if (isHuman) return { kind: 'done', note: 'the callback is a human agent’s by now, and stays' };
  }
  const answer = await vicidial.api.call('update_lead', {
    search_method: 'LEAD_ID',
    lead_id: leadId,
    callback: 'REMOVE',
  });
  const left = (await vicidial.reads.callbacks(leadId)).some(({ status }) => waiting.includes(status));
  if (!left) return { kind: 'done', note: 'taken back' };
  return findLine(answer, 'notice', 'SCHEDULED CALLBACK')
    ? { kind: 'retry', why: 'the callback is still there', inDoubt: true }
    : updateFailure(answer);
}
