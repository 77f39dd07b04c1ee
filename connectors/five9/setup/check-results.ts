import type { Check, CheckResult } from '../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../src/domain/errors.ts';

/** A check that never rejects: what Five9 refuses becomes its result. All but the log-in itself need the log-in. */
export function checkOf(id: string, title: string, work: () => Promise<CheckResult>): Check {
  const needs = id === loginCheck ? [] : [loginCheck];
  return { id, title, needs, run: () => guarded(work) };
}

export const loginCheck = 'soap.login';

async function guarded(work: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await work();
  } catch (error) {
    const isKnown = error instanceof ConnectorError;
    const status = isKnown && error.code === 'dialer_limit' ? 'unknown' : 'fail';
    const why = 'Five9 did not answer this question.';
    return { status, found: messageOf(error), why, fix: isKnown && error.hint ? error.hint : 'See the log.' };
  }
}

export function ok(found: string): CheckResult {
  return { status: 'ok', found };
}

export function warn(found: string, why: string, fix: string): CheckResult {
  return { status: 'warn', found, why, fix };
}

export function fail(found: string, why: string, fix: string): CheckResult {
  return { status: 'fail', found, why, fix };
}

export function unknown(found: string, fix: string): CheckResult {
  return { status: 'unknown', found, fix };
}
