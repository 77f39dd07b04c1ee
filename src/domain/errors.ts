/** Every code that the product fails with. What happens next is in `retryable`. */
export const errorCodes = {
  bad_request: 'the request can not be used as it is',
  unauthorised: 'the caller did not prove who it is',
  not_found: 'what was asked for does not exist',
  config_invalid: 'the configuration has faults',
  store_away: 'our own store did not answer in time',
  store_conflict: 'another process changed the same thing first',
  lease_lost: 'another process does this work now',
  held_back: 'people in charge hold it back for now',
  dialer_away: 'the dialer did not answer',
  dialer_refused: 'the dialer will not do it',
  dialer_denied: 'the dialer did not accept our login or rights',
  dialer_limit: 'the dialer asks us to wait',
  dialer_odd: 'the dialer answered something that we do not understand',
  platform_away: 'the AI platform did not answer',
  platform_limit: 'the AI platform asks us to wait',
  platform_refused: 'the AI platform will not do it',
  export_failed: 'a file could not be written',
} as const;
export type ErrorCode = keyof typeof errorCodes;

export interface ErrorDetails {
  /** True when the same request may succeed later. */
  retryable?: boolean;
  /** What the operator can do. */
  hint?: string;
  /** The dialer's own wait, when it named one. */
  afterMs?: number;
  /** True when the request may have taken effect all the same. */
  inDoubt?: boolean;
  /** True when what came is no word of the dialer's at all: half an answer, or somebody else's. */
  isGarbled?: boolean;
  cause?: unknown;
}

/** The one error class: what was attempted and on what, and what happens next. Never holds personal data. */
export class ConnectorError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly hint: string;
  readonly afterMs: number | undefined;
  readonly inDoubt: boolean;
  readonly isGarbled: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ConnectorError';
    this.code = code;
    this.retryable = details.retryable ?? false;
    this.hint = details.hint ?? '';
    this.afterMs = details.afterMs;
    this.inDoubt = details.inDoubt ?? false;
    this.isGarbled = details.isGarbled ?? false;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
