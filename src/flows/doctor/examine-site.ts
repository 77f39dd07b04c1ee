import type { CheckResult } from '../../domain/connector.ts';
import { type Checked, type RunOptions, runChecks } from './run-checks.ts';
import { allChecks, type DoctorSite } from './site.ts';
import { judgeTroubles, type TroubleVerdict } from './trouble.ts';

/** Everything that one run of the doctor found. */
export interface Examination {
  checked: readonly Checked[];
  troubles: readonly TroubleVerdict[];
  counts: Readonly<Record<CheckResult['status'], number>>;
}

/** Runs all checks of a site, or some, and judges the guides' troubleshooting by them. */
export async function examineSite(site: DoctorSite, options: RunOptions = {}): Promise<Examination> {
  const checks = allChecks(site);
  const checked = await runChecks(checks, options);
  const counts = { ok: 0, warn: 0, fail: 0, unknown: 0 };
  for (const { status } of checked) counts[status] += 1;
  return { checked, troubles: judgeTroubles(site, checks, checked), counts };
}

/** 0 when all is well, 1 when something warns or can't be told, 2 when something fails. */
export function exitCodeOf({ counts }: Pick<Examination, 'counts'>): number {
  if (counts.fail > 0) return 2;
  return counts.warn + counts.unknown > 0 ? 1 : 0;
}
