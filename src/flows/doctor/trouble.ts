import { type NamedCheck, rootsOf } from '../../domain/check-order.ts';
import type { CheckResult } from '../../domain/connector.ts';
import { namesOfRef } from '../../domain/named-refs.ts';
import type { Checked } from './run-checks.ts';
import type { DoctorSite } from './site.ts';

/** What the doctor says to one entry of a guide's troubleshooting. */
export interface TroubleVerdict {
  guide: string;
  title: string;
  /** The instance that the guide is about. */
  instance: string;
  /** The worst of its checks. */
  status: CheckResult['status'];
  /** Its checks that are not ok, worst first. */
  causes: readonly { id: string; status: CheckResult['status'] }[];
  /** The checks at the root of those that can't be told: themselves, or others. */
  roots: readonly string[];
  /** Where the guide is wrong, or leaves something open. */
  correction: string;
}

const worstFirst = ['fail', 'unknown', 'warn', 'ok'] as const;

/** What of a site the verdicts need: the names of its instances, and what the guides say of each. */
export type JudgedSite = Pick<DoctorSite, 'guides'> & Record<'dialers' | 'platforms', ReadonlyMap<string, unknown>>;

/** Judges the troubleshooting of the guides by what the checks saw. Entries whose checks were not all run are left out. */
export function judgeTroubles(
  site: JudgedSite,
  checks: readonly Pick<NamedCheck, 'id'>[],
  checked: readonly Checked[],
): TroubleVerdict[] {
  const results = new Map(checked.map((each) => [each.id, each]));
  const space = { dialers: [...site.dialers.keys()], platforms: [...site.platforms.keys()] };
  const known = new Set(checks.map(({ id }) => id));
  return [...site.guides].flatMap(([owner, entries]) =>
    entries.flatMap(({ kind, guide, title, checks: refs, correction = '' }) => {
      if (kind !== 'trouble') return [];
      const ids = [...new Set(refs.flatMap((ref) => namesOfRef(ref, { ...space, owner })))].filter((id) =>
        known.has(id),
      );
      const own = ids.flatMap((id) => results.get(id) ?? []);
      if (own.length < ids.length || (ids.length === 0 && checked.length < checks.length)) return [];
      const sorted = own.toSorted((a, b) => worstFirst.indexOf(a.status) - worstFirst.indexOf(b.status));
      const causes = sorted.flatMap(({ id, status }) => (status === 'ok' ? [] : { id, status }));
      const failed = new Set(own.flatMap(({ id, status }) => (status === 'fail' ? id : [])));
      const roots = rootsOf(own.filter((each) => each.status === 'unknown')).filter((id) => !failed.has(id));
      return { guide, title, instance: owner, status: sorted[0]?.status ?? 'unknown', causes, roots, correction };
    }),
  );
}
