import { z } from 'zod';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { readAs } from '../../shared/read-as.ts';
import { faultPolicy, tellSupport } from './fault-policies.ts';

/**
 * What Five9 said, kept as the `cause` of a ConnectorError. The SOAP library's own error holds the request with names,
 * numbers and the password, so it goes no further than this file.
 */
export interface Five9Fault {
  fault: string;
  /** Members that name things of the domain, never people: campaignName, listName, fieldName, operationType … */
  members: Readonly<Record<string, string>>;
}

const safeMembers = new Set([
  'actualType',
  'campaignName',
  'dispositionName',
  'fieldName',
  'folder',
  'limit',
  'listName',
  'objectName',
  'objectType',
  'operationType',
  'recordsCount',
  'reportName',
]);

const Failure = z.object({
  code: z.string().optional().catch(undefined),
  response: z.object({ status: z.number() }).optional().catch(undefined),
  root: z
    .object({ Envelope: z.object({ Body: z.object({ Fault: z.object({ detail: z.unknown() }) }) }) })
    .optional()
    .catch(undefined),
});

const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * Tells what happens next after a SOAP call failed.
 *
 * @param isWrite the call changes something, so a lost answer leaves it in doubt
 */
export function translateError(thrown: unknown, operation: string, isWrite: boolean): ConnectorError {
  if (thrown instanceof ConnectorError) return thrown;
  const parsed = readAs(Failure, thrown);
  if (!parsed.success) return oddAnswer(operation, isWrite);
  const { code, response, root } = parsed.data;
  // Not a refused password: asking again locks no account, so the user is not given up.
  if (response?.status === 403) {
    return fromFault({ fault: 'AccessDisallowed', members: {} }, operation, isWrite);
  }
  if (response?.status === 401) {
    return new ConnectorError('dialer_denied', `Five9 did not accept the API user for ${operation}`, {
      hint: 'Check user and password under `soap.users`, then `npx patchbay reload`. Patchbay does not try again: Five9 locks accounts.',
    });
  }
  const fault = root ? readFault(root.Envelope.Body.Fault.detail) : null;
  if (fault) return fromFault(fault, operation, isWrite);
  if (response && response.status >= 500) {
    return new ConnectorError('dialer_away', `Five9 answered ${operation} with status ${response.status}`, {
      retryable: true,
      inDoubt: isWrite,
      hint: tellSupport,
    });
  }
  if (response) return oddAnswer(operation, isWrite, response.status);
  return new ConnectorError('dialer_away', `Five9 did not answer ${operation} (${code ?? 'no connection'})`, {
    retryable: true,
    inDoubt: isWrite && !neverSent.has(code ?? ''),
    hint: 'Check the network and `soap.host`.',
  });
}

/** What Five9 said, when the error comes from a fault of its. */
export function faultOf(error: unknown): Five9Fault | null {
  const cause = error instanceof ConnectorError ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'fault' in cause ? (cause as Five9Fault) : null;
}

function fromFault(fault: Five9Fault, operation: string, isWrite: boolean): ConnectorError {
  const { code, inDoubt = false, ...details } = faultPolicy(fault.fault);
  const named = Object.entries(fault.members).map(([name, value]) => `${name} ${value}`);
  const on = named.length > 0 ? ` (${named.join(', ')})` : '';
  return new ConnectorError(code, `Five9 answered ${operation} with ${fault.fault}${on}`, {
    ...details,
    inDoubt: inDoubt && isWrite,
    cause: fault,
  });
}

/** Faults are not always valid by the schema, so nothing but the element's name is relied on. */
function readFault(detail: unknown): Five9Fault | null {
  if (typeof detail !== 'object' || detail === null) return { fault: 'Server', members: {} };
  const [entry] = Object.entries(detail).filter(([name]) => name !== 'attributes');
  if (!entry) return { fault: 'Server', members: {} };
  const [name, body] = entry;
  const members: Record<string, string> = {};
  for (const [key, value] of Object.entries(typeof body === 'object' && body !== null ? body : {})) {
    if (safeMembers.has(key) && typeof value === 'string' && value !== '') members[key] = value;
  }
  return { fault: name.replace(/Fault$/, ''), members };
}

function oddAnswer(operation: string, isWrite: boolean, status?: number): ConnectorError {
  const what = status === undefined ? 'something that is not SOAP' : `status ${status}`;
  return new ConnectorError('dialer_odd', `Five9 answered ${operation} with ${what}`, {
    retryable: true,
    inDoubt: isWrite,
    isGarbled: true,
    hint: 'Check `soap.host` and `soap.version`, and that no proxy answers in the place of Five9.',
  });
}
