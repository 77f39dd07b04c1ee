/**
 * The SOAP envelope in the text of an answer, without what stands around it. The SOAP library looks for it with an expression
 * whose time grows with the square of the length: minutes for a megabyte of a proxy's page, in which no live call is served.
 */
export function envelopeIn(body: unknown): string {
  if (typeof body !== 'string' || body === '') return '';
  const opened = /<(?:[\w.-]{1,64}:)?Envelope[\s>]/i.exec(body);
  const end = body.toLowerCase().lastIndexOf('envelope>');
  // An empty answer would count as one of an operation that gives nothing: this is no XML, and refused as such.
  if (!opened || end <= opened.index) return 'no envelope';
  return body.slice(opened.index, end + 'envelope>'.length);
}
