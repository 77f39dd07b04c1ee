/** The library takes an empty text for the answer of an operation that gives nothing: this is no XML, and refused as such. */
const noEnvelope = 'no envelope';
const bodyWithContent = /<(?:[\w.-]{1,64}:)?Body(?:\s[^<>]*)?>\s*<(?!\/)/i;

/**
 * The SOAP envelope in the text of an answer, without what stands around it. An operation that gives nothing answers with an
 * element of its own: an answer without one was cut off, and must not count as "there is no such contact". The SOAP library
 * looks for an envelope with an expression whose time grows with the square of the length: minutes for a megabyte of a
 * proxy's page, in which no live call is served.
 */
export function envelopeIn(body: unknown): string {
  if (typeof body !== 'string') return noEnvelope;
  const opened = /<(?:[\w.-]{1,64}:)?Envelope[\s>]/i.exec(body);
  const end = body.toLowerCase().lastIndexOf('envelope>');
  if (!opened || end <= opened.index) return noEnvelope;
  const envelope = body.slice(opened.index, end + 'envelope>'.length);
  return bodyWithContent.test(envelope) ? envelope : noEnvelope;
}
