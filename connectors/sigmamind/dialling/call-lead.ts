import { instantOf } from '../../../src/domain/clock.ts';
import type { DialClaim, DialRequest } from '../../../src/domain/dialling.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Lead } from '../../../src/domain/lead.ts';
import type { Dialler } from './dialler.ts';
import { findCall } from './find-call.ts';
import { callVariables, type DialWish } from './wish.ts';

export interface CallOutcome {
  /** `before`: it was called under this name already. `unsure`: the platform may be calling, or not. */
  kind: 'called' | 'trial' | 'before' | 'refused' | 'unsure';
  correlationId: string;
  /** The platform's own id, where it told one. */
  callId?: string;
  why?: string;
}

/** What tells a single call from the rows of a campaign: no campaign can have this name. */
export const singleCall = '(call)';
/** A call may be made, and not be in the list yet. The request itself may take as long as `timeoutMs`. */
const listLagMs = 60_000;

/**
 * Calls one lead, once for one name. A request of which nobody knows whether it took effect is looked for in the
 * platform's list by its correlation ID, and done again only where the list shows for certain that it is not there.
 */
export async function callLead(dialler: Dialler, wish: DialWish, lead: Lead, isTrial: boolean): Promise<CallOutcome> {
  const { dialling, clock } = dialler.deps;
  const { name: purpose, campaign, from: callerId, agentId: agent } = wish;
  const at = instantOf(clock);
  const request: DialRequest = { lead, purpose, campaign, batch: singleCall, at, callerId, agent };
  const [claim] = isTrial ? await dialling.judge([request]) : await dialling.claim([request]);
  if (claim?.kind !== 'in-doubt' || isTrial) return await act(dialler, wish, lead, claim, isTrial);
  // The campaign that has the lead may not have come to it yet: no list of calls can tell.
  if (claim.batch !== singleCall) return { kind: 'unsure', correlationId: claim.correlationId, why: 'in a campaign' };

  const found = await look(dialler, claim);
  if (found.kind !== 'absent') return found.outcome;
  const { correlationId, attempt } = claim;
  await dialling.settle([{ correlationId, attempt, isPlaced: false, why: 'the platform has no such call' }]);
  const [again] = await dialling.claim([request]);
  return await act(dialler, wish, lead, again, false);
}

async function act(
  dialler: Dialler,
  wish: DialWish,
  lead: Lead,
  claim: DialClaim | undefined,
  isTrial: boolean,
): Promise<CallOutcome> {
  if (!claim) return { kind: 'unsure', correlationId: '' };
  if (claim.kind === 'refused') return { kind: 'refused', correlationId: '', why: claim.reason };
  if (claim.kind === 'dialled') return { kind: 'before', correlationId: claim.correlationId };
  if (claim.kind === 'in-doubt') return { kind: 'unsure', correlationId: claim.correlationId };
  return isTrial ? { kind: 'trial', correlationId: claim.correlationId } : await place(dialler, wish, lead, claim);
}

async function place(
  dialler: Dialler,
  wish: DialWish,
  lead: Lead,
  claim: Extract<DialClaim, { kind: 'ready' }>,
): Promise<CallOutcome> {
  const { api, deps } = dialler;
  const { correlationId, attempt } = claim;
  let callId: string;
  try {
    ({ callId } = await api.createCall({
      fromPhoneNumber: wish.from,
      toPhoneNumber: claim.phone,
      agentId: wish.agentId,
      dynamicVariables: callVariables(dialler, lead, claim.variables),
    }));
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (!error.inDoubt) {
      await deps.dialling.settle([{ correlationId, attempt, isPlaced: false, why: error.message }]);
      throw error;
    }
    // A look-up that fails as well leaves the doubt as it is.
    const found = await look(dialler, { correlationId, attempt, since: instantOf(deps.clock) }).catch(() => null);
    return found?.kind === 'settled' ? { ...found.outcome, kind: 'called' } : { kind: 'unsure', correlationId };
  }
  await deps.dialling.settle([{ correlationId, attempt, isPlaced: true, callKey: callId }]);
  return { kind: 'called', correlationId, callId };
}

type Found = { kind: 'settled' | 'unsure'; outcome: CallOutcome } | { kind: 'absent' };

/** Looks in the platform's list for a call that may have been placed. */
async function look(
  dialler: Dialler,
  { correlationId, attempt, since }: { correlationId: string; attempt: number; since: string },
): Promise<Found> {
  const { config, deps } = dialler;
  const search = await findCall(dialler, correlationId, since);
  if (search.kind === 'found') {
    const { callId } = search.call;
    await deps.dialling.settle([{ correlationId, attempt, isPlaced: true, callKey: callId }]);
    return { kind: 'settled', outcome: { kind: 'before', correlationId, callId } };
  }
  const isListed = deps.clock.now() - Date.parse(since) > listLagMs + config.timeoutMs;
  if (search.kind === 'absent' && isListed) return { kind: 'absent' };
  return { kind: 'unsure', outcome: { kind: 'unsure', correlationId } };
}
