import type { SoapFault } from './soap-fault.ts';
import { parseXml, writeElement, type XmlContent, type XmlElement } from './xml.ts';

export const envelopeNamespace = 'http://schemas.xmlsoap.org/soap/envelope/';
export const serviceNamespace = 'http://service.admin.ws.five9.com/';
const arrayNamespace = 'http://jaxb.dev.java.net/array';

/** The operation element of a SOAP 1.1 request; throws an Error that says what is wrong with the envelope. */
export function readRequest(body: string): XmlElement {
  const envelope = parseXml(body);
  if (envelope.name !== 'Envelope' || envelope.namespace !== envelopeNamespace) throw new Error('no SOAP 1.1 envelope');
  const soapBody = envelope.children.find((child) => child.name === 'Body' && child.namespace === envelopeNamespace);
  const [operation, ...others] = soapBody?.children ?? [];
  if (!operation || others.length > 0) throw new Error('the body must have one child');
  if (operation.namespace !== serviceNamespace) throw new Error(`${operation.name} is not in the service's namespace`);
  return operation;
}

/** Undefined is a void operation: an empty response element. */
export function writeAnswer(operation: string, content: XmlContent): string {
  const name = `ns2:${operation}Response`;
  const returned = content === undefined ? '' : writeElement('return', content);
  const open = `${name} xmlns:ns2="${serviceNamespace}" xmlns:ns3="${arrayNamespace}"`;
  return envelope(returned ? `<${open}>${returned}</${name}>` : `<${open}/>`);
}

/** The detail's children go by the alphabet, as in the service's schema. */
export function writeFault({ message, fault }: SoapFault): string {
  const members = Object.entries<XmlContent>({ ...fault.members, message }).sort(([a], [b]) => (a < b ? -1 : 1));
  const inner = members.map(([name, value]) => writeElement(name, value)).join('');
  const detail = `<ns1:${fault.name} xmlns:ns1="${serviceNamespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${inner}</ns1:${fault.name}>`;
  return writeBareFault('env:Server', message, `<detail>${detail}</detail>`);
}

/** A fault of the SOAP layer itself: no detail. */
export function writeBareFault(code: string, message: string, detail = ''): string {
  const texts = writeElement('faultcode', code) + writeElement('faultstring', message);
  return envelope(`<env:Fault>${texts}${detail}</env:Fault>`);
}

function envelope(content: string): string {
  return `<env:Envelope xmlns:env="${envelopeNamespace}"><env:Header/><env:Body>${content}</env:Body></env:Envelope>`;
}
