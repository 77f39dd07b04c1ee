import type { XmlChildren } from './xml.ts';

/** What an operation throws to be answered with a fault; `name` is the detail element, such as ListNotFoundFault. */
export interface SoapFault extends Error {
  fault: { name: string; members: XmlChildren };
}

/** A fault of the service. `members` are the detail's further children. */
export function soapFault(name: string, message: string, members: XmlChildren = {}): SoapFault {
  return Object.assign(new Error(message), { fault: { name, members } });
}

export function isSoapFault(thrown: unknown): thrown is SoapFault {
  return thrown instanceof Error && 'fault' in thrown;
}
