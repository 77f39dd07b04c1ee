/**
 * Reads `key=value&…`. What is not encoded, or badly, stays as it is.
 *
 * @param text one character per byte
 * @param charset as the Content-Type names it (Default: found out)
 */
export function pairsOfForm(text: string, charset = ''): [string, string][] {
  const decode = decoderOfParts(charset);
  const pairs: [string, string][] = [];
  for (const part of text.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    if (equals < 0) pairs.push([decode(part), '']);
    else pairs.push([decode(part.slice(0, equals)), decode(part.slice(equals + 1))]);
  }
  return pairs;
}

/** Most parts are plain ASCII, which is the same text in every charset that forms come in: only the others are decoded. */
function decoderOfParts(charset: string): (part: string) => string {
  const isUsual = charset === '' || /^utf-?8$/i.test(charset);
  return (part) => {
    const words = part.includes('+') ? part.replaceAll('+', ' ') : part;
    const bytes = words.includes('%') ? percentDecoded(words) : words;
    return isUsual && plainAscii.test(bytes) ? bytes : decodeText(Buffer.from(bytes, 'latin1'), charset);
  };
}

const plainAscii = /^[ -~]*$/;

/** One character per byte. */
function percentDecoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Reads the fields of a multipart body; files count as texts. */
export function pairsOfMultipart(body: Buffer, boundary: string, charset: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (const part of body.toString('latin1').split(`--${boundary}`).slice(1)) {
    const gap = /\r?\n\r?\n/.exec(part);
    const name = gap && /\bname="([^"]*)"/i.exec(part.slice(0, gap.index))?.[1];
    if (!gap || !name) continue;
    const value = part.slice(gap.index + gap[0].length).replace(/\r?\n$/, '');
    const decode = (text: string) => decodeText(Buffer.from(text, 'latin1'), charset);
    pairs.push([decode(name), decode(value)]);
  }
  return pairs;
}

/** Bytes as text: by the named charset, else as UTF-8, and what is none as Windows-1252, which covers ISO-8859-1. */
export function decodeText(bytes: Buffer, charset: string): string {
  if (charset && !/^utf-?8$/i.test(charset)) {
    const decoder = decoderFor(charset);
    if (decoder) return decoder.decode(bytes);
  }
  try {
    return strictUtf8.decode(bytes);
  } catch {
    // Not UTF-8, then: every byte means something in the older charset.
    return windows1252.decode(bytes);
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const windows1252 = new TextDecoder('windows-1252');

function decoderFor(charset: string): typeof strictUtf8 | undefined {
  try {
    return new TextDecoder(charset);
  } catch {
    // A name that nobody knows: the bytes tell enough.
    return undefined;
  }
}
