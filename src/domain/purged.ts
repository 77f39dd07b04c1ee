import type { Instant } from './call.ts';

/** The cursor that says how far back calls are whole: of those registered before, some or all are purged. */
export const purgedCursor = 'purged-calls';

const prefix = 'purged:';

/** What stands in the place of a call's ID beside the names of a purged call: a late word about it makes no new one. */
export function purgedOwner(day: Instant): string {
  return `${prefix}${day.slice(0, 10)}`;
}

/** Whether a name is that of a purged call. */
export function isPurgedOwner(correlationId: string): boolean {
  return correlationId.startsWith(prefix);
}

/** The kinds of rows that have an age of their own. Calls go with all that belongs to them. */
export const agedKinds = ['transcripts', 'attention', 'audit_log', 'leads', 'call_refs'] as const;
export type AgedKind = (typeof agedKinds)[number];

/** Why a call is kept though its time is over. */
export type WhyKept = 'opt-out' | 'evidence' | 'open' | 'write-back' | 'attention';
