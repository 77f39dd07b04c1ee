import type { CallRef, CallSighting } from '../../src/domain/call.ts';
import { instantOf } from '../../src/domain/clock.ts';
import type { ConnectorDeps, Variables } from '../../src/domain/connector.ts';
import { toE164 } from '../shared/phone.ts';
import type { Five9Config } from './config.ts';
import { leadFieldOf } from './read/contact-to-lead.ts';
import { customerNumber, isInbound, readAll, type Told, textOf } from './read-request.ts';

/** Five9 call ids are digits or hex; a VICIdial caller code (V, M, Y or J and 19 digits) is neither. */
const callIdPattern = /^[0-9a-f]{4,64}$/i;

/** Keys that belong to the request, not to the contact. */
const ownKeys = new Set([
  ...['call_id', 'session_id', 'call_type', 'ani', 'dnis', 'number', 'campaign', 'list', 'agent'],
  ...['correlation_id', 'dialer', 'format', 'wait_ms', 'lead_id', 'phone', 'caller_code', 'returned_headers'],
]);

/**
 * Reads a Five9 call out of the variables of an IVR query, SIP headers that came back, or an agent's tool call. Null when
 * they name no call of this domain.
 */
export function recogniseCall(
  id: string,
  config: Five9Config,
  clock: ConnectorDeps['clock'],
  variables: Variables,
): CallSighting | null {
  const told = readAll(variables);
  const callId = textOf(told, 'call_id') || textOf(told, 'callid');
  if (!callIdPattern.test(callId)) return null;
  const dialer = textOf(told, 'dialer');
  if (dialer && dialer !== id) return null;

  const sessionId = textOf(told, 'session_id') || textOf(told, 'callsessionid');
  const refs: CallRef[] = [{ instance: id, kind: 'call-id', key: callId }];
  if (sessionId) refs.push({ instance: id, kind: 'session-id', key: sessionId });
  const number = customerNumber(told);
  return {
    refs,
    leg: {
      dialer: id,
      callKey: callId,
      campaign: textOf(told, 'campaign'),
      list: textOf(told, 'list'),
      leadKey: textOf(told, config.keyField.toLowerCase()) || textOf(told, 'lead_id'),
      number,
      phone: toE164(number, config.country),
      agent: textOf(told, 'agent'),
      calledAt: instantOf(clock),
    },
    fields: readFields(told, config),
    ...(isInbound(told) && { isInbound: true }),
  };
}

function readFields(told: readonly Told[], config: Five9Config): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { name, text } of told) {
    if (text && !ownKeys.has(name.small)) fields[leadFieldOf(name.plain, config.sync.leadFields)] = text;
  }
  return fields;
}
