/** The headers of one leg, in the order in which they were added. */
export type LegHeaders = [name: string, value: string][];

/**
 * What chan_sip's application `SIPAddHeader(data)` puts into the INVITE. It decodes backslash escapes in its argument, and
 * filters neither CR nor LF: what follows one is a header line of its own. A NUL ends the text, a quote at its end is lost.
 */
export function sipAddHeader(data: string): LegHeaders {
  return linesOfInvite(decodeEscapes(data.replace(/"$/, '')));
}

/** What a `__SIPADDHEADERnn` that was set by hand puts there: the same without the decoding. */
export function linesOfInvite(text: string): LegHeaders {
  const headers: LegHeaders = [];
  for (const line of (text.split('\0', 1)[0] ?? '').split(/\r\n|\r|\n/)) {
    const at = line.indexOf(':');
    if (at > 0) headers.push([line.slice(0, at).trim(), line.slice(at + 1).trim()]);
  }
  return headers;
}

const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' };

function decodeEscapes(text: string): string {
  return text.replace(/\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|[\s\S])/g, (_whole, code: string) => {
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    return letters[code] ?? code;
  });
}
