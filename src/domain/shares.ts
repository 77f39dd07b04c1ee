/** Below so many calls a share says nothing: one call more or less would move it by more than five points. */
export const leastSample = 20;

/** A part of a whole, with the size of the whole. */
export interface Share {
  part: number;
  of: number;
  /** Between 0 and 1. Null: the whole is too small to say. */
  share: number | null;
}

export function shareOf(part: number, of: number): Share {
  return { part, of, share: of >= leastSample ? part / of : null };
}

/** `12.5 %` (with a blank that does not break); for a small sample only the numbers: `3 of 7`. */
export function shareWords({ part, of, share }: Share): string {
  if (share === null) return of === 0 ? '–' : `${part} of ${of}`;
  return `${(100 * share).toFixed(1)}\u00A0%`;
}

/** By how many points of a hundred a share changed; null where one of the two says nothing. */
export function pointsChanged(now: Share, before: Share | undefined): number | null {
  if (now.share === null || before === undefined || before.share === null) return null;
  return 100 * (now.share - before.share);
}
