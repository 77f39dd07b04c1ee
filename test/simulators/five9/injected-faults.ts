import type { ImportFate } from './import-queue.ts';
import type { FaultInput, FaultRequest } from './options.ts';
import { type SoapFault, soapFault } from './soap-fault.ts';

type Kind = FaultRequest['kind'];

/** Faults that wait for requests to strike. */
export interface InjectedFaults {
  add(fault: FaultRequest): void;
  /** Takes one of this kind for the operation, if any waits. */
  take(kind: Kind, operation: string): FaultRequest | undefined;
  clear(): void;
}

export function createInjectedFaults(): InjectedFaults {
  let waiting: { fault: FaultRequest; left: number }[] = [];

  return {
    add(fault) {
      if (fault.times !== 0) waiting.push({ fault, left: fault.times });
    },
    take(kind, operation) {
      const found = waiting.find(
        ({ fault }) => fault.kind === kind && (!fault.operation || fault.operation === operation),
      );
      if (!found) return undefined;
      if (found.left > 0) found.left -= 1;
      if (found.left === 0) waiting = waiting.filter((one) => one !== found);
      return found.fault;
    },
    clear() {
      waiting = [];
    },
  };
}

/** The SOAP fault that waits for an operation. */
export function takeSoapFault(faults: InjectedFaults, operation: string): SoapFault | null {
  if (faults.take('sessionClosed', operation)) return sessionClosed(operation);
  if (faults.take('serverFault', operation)) return soapFault('ServerFault', 'Internal server error');
  const named = faults.take('soapFault', operation);
  return named ? soapFault(named.fault, `${named.fault} by request of the test`) : null;
}

/** One operation has a fault of another name. */
export function sessionClosed(operation: string): SoapFault {
  const name = operation === 'getCallCountersState' ? 'SessionClosedFault' : 'AdminSessionClosedFault';
  return soapFault(name, 'Session was closed');
}

/** What waits for an import. */
export function takeFate(faults: InjectedFaults, operation: string): ImportFate {
  const longer = faults.take('importRunningFor', operation);
  const isLost = faults.take('callbackLost', operation);
  const isTwice = faults.take('callbackTwice', operation);
  return {
    ...(longer && { runsMs: longer.ms }),
    ...(isLost && { callbacks: 0 }),
    ...(isTwice && { callbacks: 2 }),
    isCancelled: faults.take('importCancelled', operation) !== undefined,
    isForgotten: faults.take('importForgotten', operation) !== undefined,
    isMiscounted: faults.take('miscount', operation) !== undefined,
  };
}

/** What `failNext` takes besides the kind. */
export type FaultOptions = Omit<FaultInput, 'kind'>;
