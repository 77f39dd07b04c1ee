/** How one share of calls is given out, so far. */
export interface Admission {
  percent: number;
  /** A call goes when it is at least 1. */
  credit: number;
  at: number;
}

/** Where a share is small and calls are rare, one a minute still shows how the AI is. */
const oneEveryMs = 60_000;

export function newAdmission(percent: number, at: number): Admission {
  return { percent, credit: 1, at };
}

/**
 * Whether the next call is within the share. Evenly: the first at once, then every so manieth, and at least one a minute.
 * Changes what it is given, for it is asked for each live call.
 */
export function admit(admission: Admission, now: number): boolean {
  const { percent } = admission;
  if (percent >= 100) return true;
  if (percent <= 0) return false;
  const waitedMs = Math.max(0, now - admission.at);
  admission.credit = Math.min(mostCredit, admission.credit + waitedMs / oneEveryMs);
  admission.at = now;
  const isAdmitted = admission.credit >= 1;
  admission.credit = Math.min(mostCredit, admission.credit - Number(isAdmitted) + percent / 100);
  return isAdmitted;
}

/** Calls that did not come are not made up for by many at once. */
const mostCredit = 1.99;
