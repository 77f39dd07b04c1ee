export const secretMark = '[secret]';

/** Takes every secret out of a text, however it was written into it. */
export type Hide = (text: string) => string;

/** Shorter ones would tear words apart: they are hidden where they stand by themselves. */
const shortest = 4;
const logInName = '(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key)';
const hiddenAnyway: readonly (readonly [pattern: RegExp, put: string])[] = [
  [/\b(authorization["']?\s*[:=]\s*["']?)(?:[a-z]+\s+)?[^\s"',;]+/gi, `$1${secretMark}`],
  [/\b((?:basic|bearer)\s+)[A-Za-z0-9+/_=.-]{12,}/gi, `$1${secretMark}`],
  // `https://name:word@host`, `https://token@host`, `sip:name:word@host`; a slash in the word is not escaped everywhere.
  [/(:\/\/)(?:[^\s/:@"'<>]*:[^\s@"'<>]*|[^\s/@"'<>]+)(@)/g, `$1${secretMark}$2`],
  [/(\bsips?:[^\s:@"'<>;]*:)[^\s@"'<>;]+(@)/gi, `$1${secretMark}$2`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, secretMark],
  [/\bpb_[A-Za-z0-9_-]{8,}/g, secretMark],
  // `pass=…`, `"api_key": "…"`, `X-API-Key: …`, `<password>…`.
  [new RegExp(`(${logInName}["']?\\s*(?:[:=]\\s*["']?|>))(?!\\[)[^\\s&"'<>,;]+`, 'gi'), `$1${secretMark}`],
  [/\b((?:set-)?cookie["']?\s*[:=]\s*["']?)[^\s"']+/gi, `$1${secretMark}`],
];

/**
 * Hides these values: as they are, inside other words, and as URLs, JSON, XML, hex and base64 write them, also where they
 * are a part of what was encoded. What looks like a log-in is hidden too, whether the configuration knows it or not.
 */
export function secretHider(secrets: readonly string[]): Hide {
  const known = [...new Set(secrets.flatMap(partsOf))];
  const forms = new Set(known.flatMap(formsOf));
  // The longest first: one may be the beginning of another.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  const long = ordered.filter((form) => form.length >= shortest).map(escaped);
  const short = ordered.filter((form) => form.length < shortest).map(escaped);
  const patterns = [
    ...(long.length > 0 ? [new RegExp(long.join('|'), 'gi')] : []),
    ...(short.length > 0 ? [new RegExp(`(?<![\\p{L}\\p{N}])(?:${short.join('|')})(?![\\p{L}\\p{N}])`, 'gu')] : []),
  ];
  return (text) => {
    let clean = text;
    for (const pattern of patterns) clean = clean.replace(pattern, secretMark);
    for (const [pattern, put] of hiddenAnyway) clean = clean.replace(pattern, put);
    return clean;
  };
}

/** True when a text holds one of these secrets as it is. */
export function holdsSecret(secrets: readonly string[], text: string): boolean {
  return secrets.some((secret) => secret.length >= shortest && text.includes(secret));
}

/** Of `Bearer abc…` the long word by itself is the secret too. */
export function partsOf(secret: string): string[] {
  const whole = secret.trim();
  const words = whole.split(/\s+/).filter((word) => word !== whole && word.length >= 8);
  return whole ? [whole, ...words] : [];
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const forms = [
    secret,
    json,
    json.replaceAll('/', '\\/'),
    url,
    url.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`),
    url.replaceAll('%20', '+'),
    encodeURIComponent(url),
    xmlOf(secret),
    secret.length >= shortest ? bytes.toString('hex') : secret,
    secret.length >= shortest ? bytes.toString('base64').replace(/=+$/, '') : secret,
    secret.length >= shortest ? bytes.toString('base64url') : secret,
  ];
  return [...forms, ...(secret.length > shortest ? innerBase64(bytes) : [])];
}

/** What is surely there when a longer text with the secret in it was encoded: it may begin at each of three places. */
function innerBase64(bytes: Buffer): string[] {
  const forms: string[] = [];
  for (const shift of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const first = Math.ceil((shift * 8) / 6);
    const last = Math.floor(((shift + bytes.length) * 8) / 6);
    const inner = encoded.slice(first, last);
    if (inner.length >= 6) forms.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}

function xmlOf(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
