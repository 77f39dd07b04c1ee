import type { CheckResult } from '../../../domain/connector.ts';

export function ok(found: string): CheckResult {
  return { status: 'ok', found };
}

export function fail(found: string, why: string, fix: string): CheckResult {
  return { status: 'fail', found, why, fix };
}

export function warn(found: string, why: string, fix: string): CheckResult {
  return { status: 'warn', found, why, fix };
}

export function unknown(found: string, why: string, fix: string): CheckResult {
  return { status: 'unknown', found, why, fix };
}

/** One thing that is wrong at one place, and how it is put right there. */
export interface Fault {
  found: string;
  fix: string;
}

/** All faults of one kind in one result, each remedy once. */
export function faulty(status: 'fail' | 'warn', faults: readonly Fault[], why: string): CheckResult {
  const found = faults.map((fault) => fault.found).join('\n');
  return { status, found, why, fix: [...new Set(faults.map((fault) => fault.fix))].join('\n') };
}
