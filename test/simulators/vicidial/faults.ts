/** What can be wrong with the web server, by tests. */
export const faultKinds = [
  'none',
  'down',
  'slow',
  'http500',
  'timeoutAfterEffect',
  'half',
  'loginLocked',
  'ipRefused',
  'oldRelease',
  'strictPhp',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  /** `none` takes all faults away. */
  kind: FaultKind;
  /** For how many API requests. (Default: 1; without end for `oldRelease`, `strictPhp` and `ipRefused`) */
  times?: number | undefined;
  /** `slow`: milliseconds of the machine. (Default: 1500) */
  ms?: number | undefined;
  /** `oldRelease`: YYMMDD of the build. (Default: 140101) */
  build?: number | undefined;
}

/** What one API request meets. Several faults of different kinds may meet in one. */
export interface RequestFaults {
  down: boolean;
  slowMs: number;
  http500: boolean;
  /** The connection ends in the middle of the answer. */
  half: boolean;
  loginLocked: boolean;
  /** The address that asks is not on the list of the user's group. */
  ipRefused: boolean;
  strictPhp: boolean;
  build: number;
}

export const newestBuild = 250720;

export interface Faults {
  add(fault: Fault): void;
  /** Counts one request and tells what goes wrong with it. */
  next(): RequestFaults;
  /** Asked after a request that had an effect: true when its answer gets lost. */
  losesAnswer(): boolean;
}

export function createFaults(): Faults {
  let active: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      if (fault.kind === 'none') {
        active = [];
        return;
      }
      const isLasting = ['oldRelease', 'strictPhp', 'ipRefused'].includes(fault.kind);
      const times = fault.times ?? (isLasting ? Number.POSITIVE_INFINITY : 1);
      if (times > 0) active.push({ fault, left: times });
      else active = active.filter((entry) => entry.fault.kind !== fault.kind);
    },
    next() {
      // The oldest fault of each kind meets this request.
      const met = new Map<FaultKind, Fault>();
      for (const entry of active) {
        if (met.has(entry.fault.kind) || entry.fault.kind === 'timeoutAfterEffect') continue;
        met.set(entry.fault.kind, entry.fault);
        entry.left -= 1;
      }
      active = active.filter((entry) => entry.left > 0);
      return {
        down: met.has('down'),
        slowMs: met.has('slow') ? (met.get('slow')?.ms ?? 1500) : 0,
        http500: met.has('http500'),
        half: met.has('half'),
        loginLocked: met.has('loginLocked'),
        ipRefused: met.has('ipRefused'),
        strictPhp: met.has('strictPhp'),
        build: met.has('oldRelease') ? (met.get('oldRelease')?.build ?? 140101) : newestBuild,
      };
    },
    losesAnswer() {
      const entry = active.find(({ fault }) => fault.kind === 'timeoutAfterEffect');
      if (!entry) return false;
      entry.left -= 1;
      active = active.filter(({ left }) => left > 0);
      return true;
    },
  };
}
