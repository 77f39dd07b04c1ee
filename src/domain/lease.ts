/** What a write names to be refused once another process has taken the lease over. */
export interface Fence {
  /** The lease. */
  name: string;
  holder: string;
  /** Counts up whenever the lease goes to another holder. */
  fence: number;
  ttlMs: number;
}

/** A lease while this process holds it. */
export interface HeldLease extends Fence {
  /** False once it may have ended, by the machine's clock: a process that was frozen sees it before it does anything. */
  isOurs(): boolean;
}

/** The plain part of a held lease. */
export function fenceOf({ name, holder, fence, ttlMs }: Fence): Fence {
  return { name, holder, fence, ttlMs };
}

/** Where there is no store nobody is in the way: it does not end. */
export const nobodysLease: HeldLease = { name: '', holder: '', fence: 0, ttlMs: 0, isOurs: () => true };
