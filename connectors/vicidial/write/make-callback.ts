import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { ApiParameters } from '../api/api.ts';
import { findLine, wordsOf } from '../api/api-answer.ts';
import type { Callback } from '../tables/schema.ts';
import type { Vicidial } from '../vicidial.ts';
import { callbackText } from './callback-time.ts';
import { holdsStatus } from './lead-status.ts';
import { freeText } from './safe-text.ts';
import { answerWithoutWriting, readSituation, type TargetLead } from './situation.ts';
import { lookOnceMore, updateFailure, writeStatus } from './write-status.ts';

/** Makes or moves the one callback that VICIdial holds for a lead, and holds the lead until then. */
export async function makeCallback(
  vicidial: Vicidial,
  { target }: WriteBack,
  leadId: string,
  wish: { at: string; note: string; overrules: string },
): Promise<DeliveryAnswer> {
  const { reads, config, deps } = vicidial;
  const situation = await readSituation(vicidial, target, leadId, wish.overrules && 'CBHOLD', wish.overrules);
  const early = answerWithoutWriting(vicidial, situation);
  if (early) return early;
  if (situation.kind !== 'ready' && situation.kind !== 'redialled') {
    return { kind: 'retry', why: 'the state of the call is not clear' };
  }
  const { lead } = situation;
  if (lead.isArchived) return archivedLead;

  const time = callbackText(wish.at, config.timeZone);
  const now = deps.clock.now();
  // The status of a redialled lead belongs to the newer call.
  const mayHold = situation.kind === 'ready';
  const isHeld = holdsStatus(lead.status, 'CBHOLD');
  if (!deps.ignoresIdempotency) {
    const there = (await reads.callbacks(leadId))?.find(
      (each) => each.callback_time === time && !isStuck(each, wish.at, now),
    );
    if (there && (!mayHold || there.status !== 'ACTIVE' || isHeld)) {
      return { kind: 'done', note: 'the callback is there' };
    }
    if (there) return (await hold(vicidial, target, lead)) ?? { kind: 'done', note: 'the lead is held' };
  }
  const campaign = await validCampaign(vicidial, [target.campaign, lead.campaign_id]);
  if (campaign === null) return unknownCampaign(target.campaign || lead.campaign_id);

  const changed = await lookOnceMore(vicidial, target, lead);
  if (changed) return changed;
  const holds = mayHold && (!isHeld || deps.ignoresIdempotency);
  const request = {
    search_method: 'LEAD_ID',
    lead_id: leadId,
    ...(holds && { status: 'CBHOLD' }),
    callback: 'Y',
    callback_datetime: time,
    campaign_id: campaign,
    callback_type: 'ANYONE',
    callback_status: 'CALLBK',
    callback_comments: freeText(wish.note, 255),
  };
  return await sendCallback(vicidial, request, lead, { at: wish.at, time, holds });
}

async function sendCallback(
  vicidial: Vicidial,
  request: ApiParameters,
  lead: TargetLead,
  wish: { at: string; time: string; holds: boolean },
): Promise<DeliveryAnswer> {
  const { api, reads } = vicidial;
  let answer = await api.call('update_lead', request);
  vicidial.deps.failAt('callback.written');
  if (findLine(answer, 'notice', 'CAMPAIGN NOT VALID')) {
    // The status was written all the same, and nothing would ever take it off again.
    const failure = wish.holds ? await writeStatus(vicidial, lead, lead.status) : null;
    return failure ?? unknownCampaign(request.campaign_id ?? '');
  }
  const isOurs = (callback: Callback) => callback.callback_time === wish.time;
  let written = await reads.callbacks(lead.lead_id);
  if (written?.some((callback) => isOurs(callback) && isStuck(callback, wish.at, vicidial.deps.clock.now()))) {
    await api.call('update_lead', { search_method: 'LEAD_ID', lead_id: lead.lead_id, callback: 'REMOVE' });
    answer = await api.call('update_lead', request);
    written = await reads.callbacks(lead.lead_id);
  }
  const isSaid = findLine(answer, 'notice', 'SCHEDULED CALLBACK') !== undefined;
  if (written === null && isSaid) return { kind: 'done', note: 'this release can not show it' };
  if (written?.some(isOurs)) return { kind: 'done', note: 'read back' };
  if (isSaid) {
    return { kind: 'retry', why: `the callback is not there after: ${wordsOf(answer)}`, inDoubt: true };
  }
  return updateFailure(answer);
}

/** One that fell due before (LIVE) and was moved: the hopper looks for ACTIVE ones only, so it would never come. */
function isStuck({ status }: Callback, at: string, now: number): boolean {
  return status === 'LIVE' && Date.parse(at) > now;
}

async function hold(vicidial: Vicidial, target: WriteBack['target'], lead: TargetLead): Promise<DeliveryAnswer | null> {
  return (await lookOnceMore(vicidial, target, lead)) ?? (await writeStatus(vicidial, lead, 'CBHOLD'));
}

/** The first that VICIdial has as a campaign; an inbound call names its in-group, which is none. Null when none is. */
async function validCampaign({ reads }: Vicidial, names: readonly string[]): Promise<string | null> {
  const wanted = names.filter(Boolean);
  const campaigns = await reads.campaigns();
  if (campaigns === null) return wanted[0] ?? null;
  const known = new Set(campaigns.map((row) => row.campaign_id));
  return wanted.find((name) => known.has(name)) ?? null;
}

function unknownCampaign(campaign: string): DeliveryAnswer {
  return {
    kind: 'refused',
    why: `VICIdial has no campaign ${campaign} for the callback`,
    hint: "Give the lead's list a campaign that exists, then replay.",
  };
}

const archivedLead: DeliveryAnswer = {
  kind: 'refused',
  why: 'the lead was archived: a callback of it would never be dialled',
  hint: 'Bring the lead back (lead_dearchive, or the admin pages), then replay.',
};
