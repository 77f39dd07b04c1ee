import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../../src/domain/errors.ts';

/** A check, written down: `run` may reject, and becomes a result all the same. */
export interface CheckPlan {
  id: string;
  title: string;
  looksAt: string;
  /** (Default: that the API user may ask) */
  needs?: readonly string[];
  run(): Promise<CheckResult>;
}

/** What nearly every check needs: an API user that Five9 serves, with the rights to read. */
export const rightsCheck = 'users.rights';

/** A check that never rejects: what Five9 refuses becomes its result. */
export function checkOf({ needs = [rightsCheck], run, ...rest }: CheckPlan): Check {
  return { ...rest, needs, run: () => guarded(run) };
}

/** A refusal is what was found; without an answer, nobody knows. */
async function guarded(run: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await run();
  } catch (error) {
    const isKnown = error instanceof ConnectorError;
    const isRefused = isKnown && (error.code === 'dialer_refused' || error.code === 'dialer_denied');
    const why = 'Five9 did not answer this question.';
    const fix = (isKnown && error.hint) || 'Run the doctor again; see the log of Patchbay for what was answered.';
    return { status: isRefused ? 'fail' : 'unknown', found: messageOf(error), why, fix };
  }
}

export function ok(found: string): CheckResult {
  return { status: 'ok', found };
}

/** @param what of the configuration, as in `no list for callbacks` */
export function notUsed(what: string): CheckResult {
  return ok(`not used: ${what}`);
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

/** `one, two, and 3 more`: as many as somebody reads. */
export function some(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown}, and ${names.length - most} more` : shown;
}
