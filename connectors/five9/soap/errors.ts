import { z } from 'zod';
import { ConnectorError, type ErrorCode, type ErrorDetails } from '../../../src/domain/errors.ts';

/**
 * What Five9 said, kept as the `cause` of a ConnectorError. The SOAP library's own error holds the request with names,
 * numbers and the password, so it goes no further than this file.
 */
export interface Five9Fault {
  fault: string;
  /** Members that name things of the domain, never people: campaignName, listName, fieldName, operationType … */
  members: Readonly<Record<string, string>>;
}

interface Policy extends ErrorDetails {
  code: ErrorCode;
}

const shortWaitMs = 1000;
const hourMs = 3_600_000;
const tellSupport = 'Look at the Five9 status page; the row is tried again by itself.';

/** What each fault means for the row, by the name before `Fault`. */
const policies: Readonly<Record<string, Policy>> = {
  OperationsLimitExceeded: { code: 'dialer_limit', retryable: true, afterMs: 60_000 },
  UserAlreadyLoggedIn: busy(),
  AdminSessionClosed: { ...busy(), inDoubt: true },
  SessionClosed: { ...busy(), inDoubt: true },
  ConcurrentModification: { code: 'dialer_away', retryable: true },
  ServiceUnavailable: { code: 'dialer_away', retryable: true, hint: tellSupport },
  InternalImport: { code: 'dialer_away', retryable: true, inDoubt: true, hint: tellSupport },
  Server: { code: 'dialer_odd', retryable: true, inDoubt: true, hint: tellSupport },
  ResultIsNotReady: { code: 'dialer_limit', retryable: true, afterMs: 2000 },
  UnknownIdentifier: { code: 'dialer_odd', retryable: true, inDoubt: true },
  ExecutionRestriction: { code: 'dialer_limit', retryable: true, afterMs: hourMs },
  AccessDisallowed: denied('Give the API user the Administrator role with the right to use the web services.'),
  InvalidAccount: denied('The Five9 account of this user is not active: ask Five9 support.'),
  MissedArgument: refused('The request lacked something: check names in the configuration of this dialer.'),
  IncorrectArgument: refused('Five9 does not accept a value: check names in the configuration of this dialer.'),
  InvalidImportData: refused('Five9 can not use the values of this row: check types of the mapped contact fields.'),
  ImportCancelled: refused('Somebody cancelled the import in Five9. Replay the row.'),
  CrmFieldNotFound: refused('Create the contact field in Five9, or change `fields`, `keyField` or the mapping.'),
  ListNotFound: refused('Create the list in Five9, or change `callbackList`.'),
  CampaignNotFound: refused('The campaign is not in Five9 any more, or is named otherwise in the IVR script.'),
  DispositionNotFound: refused('Create the disposition in Five9, or change `campaigns.….dispositions`.'),
  ImportSizeLimitExceeded: refused('Lower `batch.rows`.'),
  TooManyItems: refused('Lower `batch.rows`.'),
  WrongCampaignType: refused('Dispositions can be written for outbound and autodial campaigns only.'),
  WrongCampaignState: refused('The campaign is in a state that does not allow this. Replay the row later.'),
  AuthProfileNotFound: refused('The authorization profile is not in Five9.'),
  InvalidRegexpPattern: refused('A name in the configuration can not be searched for.'),
};

const safeMembers = new Set([
  'actualType',
  'campaignName',
  'dispositionName',
  'fieldName',
  'limit',
  'listName',
  'objectName',
  'objectType',
  'operationType',
  'recordsCount',
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
  const parsed = Failure.safeParse(thrown);
  if (!parsed.success) return oddAnswer(operation, isWrite);
  const { code, response, root } = parsed.data;
  if (response?.status === 401 || response?.status === 403) {
    return new ConnectorError('dialer_denied', `Five9 did not accept the API user for ${operation}`, {
      hint: 'Check user and password under `soap.users`, then restart. Patchbay does not try again: Five9 locks accounts.',
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
  const policy = policies[fault.fault] ?? refused('Five9 gave a reason that Patchbay does not know.');
  const { code, inDoubt = false, ...details } = policy;
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
    hint: 'Check `soap.host` and `soap.version`, and that no proxy answers in the place of Five9.',
  });
}

function busy(): Policy {
  return {
    code: 'dialer_limit',
    retryable: true,
    afterMs: shortWaitMs,
    hint: 'Something else uses the same API user: give Patchbay users of its own.',
  };
}

function denied(hint: string): Policy {
  return { code: 'dialer_denied', retryable: false, hint };
}

function refused(hint: string): Policy {
  return { code: 'dialer_refused', retryable: false, hint };
}
