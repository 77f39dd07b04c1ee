import type { CheckResult } from '../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../src/domain/errors.ts';

export function ok(found: string): CheckResult {
  return { status: 'ok', found };
}

export function warn(found: string, why: string, fix: string): CheckResult {
  return { status: 'warn', found, why, fix };
}

export function fail(found: string, why: string, fix: string): CheckResult {
  return { status: 'fail', found, why, fix };
}

export function unknown(found: string, why: string, fix: string): CheckResult {
  return { status: 'unknown', found, why, fix };
}

/** A look that broke off has seen nothing. */
export async function looked(look: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await look();
  } catch (error) {
    const hint = error instanceof ConnectorError ? error.hint : '';
    return unknown(
      messageOf(error),
      'Without an answer of SigmaMind it can not be seen.',
      hint || 'Run the doctor again.',
    );
  }
}

/** Names things as a sentence does: `a, b and c`. */
export function listed(names: readonly string[]): string {
  const [last = '', ...others] = [...names].reverse();
  return others.length > 0 ? `${others.reverse().join(', ')} and ${last}` : last;
}
