import type { CallRef, CallSighting } from '../../src/domain/call.ts';
import { instantOf } from '../../src/domain/clock.ts';
import type { ConnectorDeps, Variables } from '../../src/domain/connector.ts';
import { toE164 } from '../shared/phone.ts';
import type { Five9Config } from './config.ts';
import { leadFieldOf } from './read/contact-to-lead.ts';
import { customerNumber, filled, isInbound, plainName, readValues } from './read-request.ts';

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
  const values = readValues(variables);
  const callId = values.get('call_id') ?? values.get('callid') ?? '';
  if (!callIdPattern.test(callId)) return null;
  const dialer = values.get('dialer') ?? '';
  if (dialer && dialer !== id) return null;

  const sessionId = values.get('session_id') ?? values.get('callsessionid') ?? '';
  const refs: CallRef[] = [{ instance: id, kind: 'call-id', key: callId }];
  if (sessionId) refs.push({ instance: id, kind: 'session-id', key: sessionId });
  const number = customerNumber(values);
  return {
    refs,
    leg: {
      dialer: id,
      callKey: callId,
      campaign: values.get('campaign') ?? '',
      list: values.get('list') ?? '',
      leadKey: values.get(config.keyField.toLowerCase()) ?? values.get('lead_id') ?? '',
      number,
      phone: toE164(number, config.country),
      agent: values.get('agent') ?? '',
      calledAt: instantOf(clock),
    },
    fields: readFields(variables, config),
    ...(isInbound(values) && { isInbound: true }),
  };
}

function readFields(variables: Variables, config: Five9Config): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    const field = plainName(name);
    const text = filled(name, value);
    if (text && !ownKeys.has(field.toLowerCase())) fields[leadFieldOf(field, config.sync.leadFields)] = text;
  }
  return fields;
}
