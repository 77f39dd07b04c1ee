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
  if (faults.take('sessionClosed', operation)) {
    // The one operation whose fault has another name.
    const name = operation === 'getCallCountersState' ? 'SessionClosedFault' : 'AdminSessionClosedFault';
    return soapFault(name, 'Session was closed');
  }
  if (faults.take('serverFault', operation)) return soapFault('ServerFault', 'Internal server error');
  const named = faults.take('soapFault', operation);
  return named ? soapFault(named.fault, `${named.fault} by request of the test`) : null;
}

/** What `failNext` takes besides the kind. */
export type FaultOptions = Omit<FaultInput, 'kind'>;
