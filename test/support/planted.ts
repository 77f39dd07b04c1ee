import { unzipSync } from 'fflate';

/** What must not be found: a secret by its text, a number by its digits. */
export interface Canary {
  kind: 'secret' | 'number' | 'name';
  text: string;
}

/** Where a canary shows in an archive, as it is or once decoded: `log.txt: 3035550111`. */
export function sightings(archive: Uint8Array, canaries: readonly Canary[]): string[] {
  const found: string[] = [];
  for (const [name, bytes] of Object.entries(unzipSync(archive))) {
    const readings = readingsOf(Buffer.from(bytes).toString('utf8'));
    for (const { kind, text } of [...canaries]) {
      const isSeen = readings.some((reading) =>
        kind === 'number' ? digitsOf(reading).includes(text) : reading.toLowerCase().includes(text.toLowerCase()),
      );
      if (isSeen) found.push(`${name}: ${text}`);
    }
    for (const { kind, text } of canaries) if (kind !== 'number' && name.includes(text)) found.push(`name ${name}`);
  }
  return found;
}

/** Numbers in every form that people and programs write: each has the digits of the canary. */
export function formsOfNumber(national: string): string[] {
  const [area, exchange, line] = [national.slice(0, 3), national.slice(3, 6), national.slice(6)];
  return [
    `+1${national}`,
    `1${national}`,
    national,
    `(${area}) ${exchange}-${line}`,
    `+1 (${area}) ${exchange}-${line}`,
    `${area}-${exchange}-${line}`,
    `${area}.${exchange}.${line}`,
    `${area} ${exchange} ${line}`,
    `1-${area}-${exchange}-${line}`,
    `001 ${area} ${exchange} ${line}`,
    `${area}/${exchange}-${line}`,
    `%2B1${national}`,
    `${area}%20${exchange}%20${line}`,
    `sip:1${national}@sip.example`,
    `tel:+1-${area}-${exchange}-${line}`,
    `7700${national}`,
    Buffer.from(`+1${national}`).toString('base64'),
    Buffer.from(`to ${area}-${exchange}-${line}`).toString('base64url'),
  ];
}

export function formsOfSecret(secret: string): string[] {
  return [
    secret,
    `x${secret}x`,
    JSON.stringify(secret),
    encodeURIComponent(secret),
    new URLSearchParams({ secret }).toString(),
    Buffer.from(secret).toString('base64'),
    Buffer.from(`ada:${secret}`).toString('base64'),
    Buffer.from(secret).toString('hex'),
  ];
}

/** A text as it is, and everything that can be decoded of it: URLs, JSON, base64, hex. */
function readingsOf(text: string): string[] {
  const words = text.match(/[A-Za-z0-9+/_-]{8,}={0,2}/g) ?? [];
  const decoded = words.flatMap((word) => [
    ...[0, 1, 2, 3].map((from) => Buffer.from(word.slice(from), 'base64').toString('utf8')),
    Buffer.from(word, 'hex').toString('utf8'),
  ]);
  const urls = decodedUrl(text);
  return [
    text,
    urls,
    decodedUrl(urls),
    decodedUrl(text.replaceAll('+', ' ')),
    text.replace(/\\(["\\/])/g, '$1'),
    ...decoded,
  ];
}

function decodedUrl(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}
