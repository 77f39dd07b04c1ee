import type { CallRef, CallSighting } from '../../src/domain/call.ts';
import type { Variables } from '../../src/domain/connector.ts';
import { messageOf } from '../../src/domain/errors.ts';
import { parseCallerCode } from './caller-code.ts';
import { type FoundCall, type RecogniseContext, readClues, recogniseCall, sightingOfFound } from './recognise.ts';
import type { Vicidial } from './vicidial.ts';

type CallFinding = Pick<Vicidial, 'id' | 'config' | 'reads' | 'deps'>;

/**
 * The call that variables mean, asking the dialer where they alone don't tell: the caller code was overwritten on its way,
 * or it is that of a transfer or a three-way call, where the customer's call goes on under another code. Null when no call
 * or more than one can be meant: a result for the wrong customer is worse than none. Never rejects: while the dialer can't
 * be asked, it is what the variables say by themselves.
 */
export async function findCall(
  vicidial: CallFinding,
  variables: Variables,
  signal: AbortSignal,
): Promise<CallSighting | null> {
  const context: RecogniseContext = { id: vicidial.id, config: vicidial.config, clock: vicidial.deps.clock };
  const named = recogniseCall(context, variables);
  if (named && !named.isContinuation) return named;
  try {
    return named
      ? await linkToCustomersCall(vicidial, context, named, signal)
      : await findByClues(vicidial, context, variables, signal);
  } catch (error) {
    vicidial.deps.log.warn({ dialer: vicidial.id, reason: messageOf(error) }, 'a call could not be looked up');
    return named;
  }
}

async function findByClues(
  { reads }: CallFinding,
  context: RecogniseContext,
  variables: Variables,
  signal: AbortSignal,
): Promise<CallSighting | null> {
  const clues = readClues(context, variables);
  if (!clues) return null;
  const [only, second] = await reads.callsLike(clues, signal);
  return only && !second ? sightingOfFound(context, variables, only) : null;
}

/** Gives the call the name of the one live call of its lead, so that both are one call and get one result. */
async function linkToCustomersCall(
  { reads }: CallFinding,
  context: RecogniseContext,
  sighting: CallSighting,
  signal: AbortSignal,
): Promise<CallSighting> {
  const { leadKey, callKey } = sighting.leg;
  const calls = await reads.callsLike({ leadId: leadKey, uniqueid: '', number: '' }, signal);
  const [other, second] = calls.filter((call) => call.code !== callKey);
  const link = other && !second ? linkOf(context, other, leadKey) : null;
  return link ? { ...sighting, refs: [...sighting.refs, link] } : sighting;
}

function linkOf({ id, config, clock }: RecogniseContext, call: FoundCall, leadKey: string): CallRef | null {
  const code = parseCallerCode(call.code, clock.now(), config.timeZone);
  return code && code.leadId === leadKey ? { instance: id, kind: 'caller-code', key: code.key } : null;
}
