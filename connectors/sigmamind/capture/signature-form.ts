/** Headers that every request has: none of them is a signature. */
const ordinary =
  /^(host|connection|content-(length|type|encoding)|accept(-.*)?|user-agent|date|via|forwarded|x-forwarded-.*|x-real-ip|cookie|transfer-encoding|traceparent|tracestate|x-request-id|cf-.*)$/;

const prefixes = [
  'sha256=',
  'sha1=',
  'sha512=',
  'v1,',
  'v1=',
  'hmac ',
  'HMAC ',
  'hmac-sha256 ',
  'HMAC-SHA256 ',
  'Signature ',
  'Bearer ',
];
const bytesOf: Readonly<Record<number, string>> = { 20: 'SHA-1', 32: 'SHA-256', 64: 'SHA-512' };

export interface SignatureText {
  /** A known text before the signature; empty when there is none. */
  prefix: string;
  encoding: 'hex' | 'base64';
  /** How many bytes the signature has. */
  bytes: number;
}

/** True when a header may carry a signature: by what it holds, or by its name. */
export function isSuspect(name: string, value: string): boolean {
  if (ordinary.test(name)) return false;
  return readSignature(value) !== null || /sign|hmac|digest|hash/.test(name);
}

/** How a signature is written, in words. Of the text itself only a known prefix shows. */
export function describeForm(value: string): string {
  const parts = value.split(' ').filter(Boolean);
  const signature = readSignature(value);
  if (signature) {
    const { prefix, encoding, bytes } = signature;
    const length = value.length - prefix.length;
    const hash = bytesOf[bytes] ?? '';
    return `${prefix ? `"${prefix}" and ` : ''}${length} characters of ${encoding}${hash && `, as long as ${hash}`}`;
  }
  if (parts.length > 1 && parts.every((part) => readSignature(part))) {
    return `${parts.length} signatures by blanks, the first: ${describeForm(parts[0] ?? '')}`;
  }
  if (/^t=\d+,v\d=[0-9a-f]+(,v\d=[0-9a-f]+)*$/i.test(value))
    return 't=<time>,v1=<hex>: time and signature in one header';
  return `${value.length} characters, neither hex nor base64`;
}

/** Null when the text is no hash in hex or base64. */
export function readSignature(value: string): SignatureText | null {
  const prefix = prefixes.find((known) => value.startsWith(known)) ?? '';
  const text = value.slice(prefix.length);
  if (/^([0-9a-f]{2})+$/i.test(text) && bytesOf[text.length / 2])
    return { prefix, encoding: 'hex', bytes: text.length / 2 };
  const decoded = Buffer.from(text, 'base64');
  if (decoded.toString('base64') !== text || !bytesOf[decoded.length]) return null;
  return { prefix, encoding: 'base64', bytes: decoded.length };
}
