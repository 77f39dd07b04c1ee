import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import { findLine } from '../api/api-answer.ts';
import type { Vicidial } from '../vicidial.ts';
import { holdsStatus, leadStatusOf } from './lead-status.ts';
import { readSituation } from './situation.ts';
import { lookOnceMore, updateFailure } from './write-status.ts';

const waiting: readonly string[] = ['ACTIVE', 'LIVE'];

/**
 * Takes a callback back, and the lead out of the hopper if it fell due already. A lead that is held for it gets its new
 * status in the same request when that is known (`group`: the rows of this lead that are delivered together); else it
 * stays held, which nobody dials, until its disposition comes.
 */
export async function removeCallback(
  vicidial: Vicidial,
  { target }: WriteBack,
  leadId: string,
  group: readonly WriteBack[],
): Promise<DeliveryAnswer> {
  const { reads, deps, config, api } = vicidial;
  const known = await reads.callbacks(leadId);
  if (known === null) return unknownCallbacks;
  const callbacks = known.filter(({ status }) => waiting.includes(status));
  if (callbacks.length === 0 && !deps.ignoresIdempotency) return { kind: 'done', note: 'no callback is there' };
  for (const { user } of callbacks) {
    const isHuman = user !== config.api.user && (await vicidial.lines.isHuman(user, target.agent));
    if (isHuman) return { kind: 'done', note: 'the callback is a human agent’s by now, and stays' };
  }
  const answer = await api.call('update_lead', {
    search_method: 'LEAD_ID',
    lead_id: leadId,
    callback: 'REMOVE',
    remove_from_hopper: 'Y',
    ...(await release(vicidial, target, leadId, group)),
  });
  const left = ((await reads.callbacks(leadId)) ?? []).some(({ status }) => waiting.includes(status));
  if (!left) return { kind: 'done', note: 'taken back' };
  return findLine(answer, 'notice', 'SCHEDULED CALLBACK')
    ? { kind: 'retry', why: 'the callback is still there', inDoubt: true }
    : updateFailure(answer);
}

/** The status that ends the hold, where it is ours to write. */
async function release(
  vicidial: Vicidial,
  target: WriteBack['target'],
  leadId: string,
  group: readonly WriteBack[],
): Promise<{ status?: string }> {
  const wished = group.findLast(({ desired }) => desired.aspect === 'disposition')?.desired;
  if (wished?.aspect !== 'disposition') return {};
  const situation = await readSituation(vicidial, target, leadId);
  if (situation.kind !== 'ready' || !holdsStatus(situation.lead.status, 'CBHOLD')) return {};
  if (await lookOnceMore(vicidial, target, situation.lead)) return {};
  return { status: leadStatusOf(wished) };
}

/** It may be a person's by now. */
const unknownCallbacks: DeliveryAnswer = {
  kind: 'refused',
  why: "this release of VICIdial can't show a lead's callbacks over its API, so none is taken back",
  hint: 'Look the lead up in VICIdial and take the callback off there, or give the connector access to the database.',
};
