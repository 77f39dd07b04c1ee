import type { CheckResult } from '../../../domain/connector.ts';
import type { SeenCheck } from '../../../flows/doctor/doctor-desk.ts';

export type Status = CheckResult['status'];

export const statuses = ['fail', 'warn', 'unknown', 'ok'] as const satisfies readonly Status[];

/** Which checks somebody wants to see; empty: all. */
export interface Filter {
  status: Status | '';
  instance: string;
}

/** What the address asks for, as far as there is such a thing. */
export function filterOf(query: Readonly<Record<string, string>>, checks: readonly SeenCheck[]): Filter {
  const status = statuses.find((each) => each === query.status) ?? '';
  const instance = checks.find(({ owner }) => owner === query.instance)?.owner ?? '';
  return { status, instance };
}

/** Those that fit; of an instance that is not asked for, none. */
export function fitting(checks: readonly SeenCheck[], { status, instance }: Filter): SeenCheck[] {
  return checks.filter(
    ({ owner, last }) => (instance === '' || owner === instance) && (status === '' || last?.checked.status === status),
  );
}
