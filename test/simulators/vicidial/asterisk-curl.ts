import { splitArguments } from './dialplan/split-arguments.ts';
import { type LegHeaders, linesOfInvite, sipAddHeader } from './sip-add-header.ts';

export type { LegHeaders } from './sip-add-header.ts';

const connectMs = 300;
const answerMs = 800;
const longestAnswer = 4095;

/**
 * Asks for headers as the carrier's dialplan does by CURL() into ARRAY(): within 0.8 s of real time, 4095 bytes at most,
 * and any refusal gives no headers at all.
 */
export async function askForHeaders(headersUrl: string, query: Readonly<Record<string, string>>): Promise<LegHeaders> {
  const url = new URL(headersUrl);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  try {
    const response = await fetch(url, {
      headers: username ? { authorization: `Basic ${login}` } : {},
      // One limit stands for both: on this machine a connection is made at once or not at all.
      signal: AbortSignal.timeout(Math.max(connectMs, answerMs)),
    });
    const body = Buffer.from(await response.arrayBuffer());
    if (!response.ok) return [];
    return headersOf(body.subarray(0, longestAnswer).toString('utf8'));
  } catch {
    return [];
  }
}

/** What `Set(ARRAY(__SIPADDHEADER01,…)=text)` puts into the INVITE. A line break in a value begins a new header line. */
export function headersOf(text: string): LegHeaders {
  return splitArguments(text).flatMap(linesOfInvite);
}

/**
 * What `Set(HASH(SM)=${CURL(…)})` with hashcompat and one `SIPAddHeader(X-name: ${HASH(SM,name)})` a name put there. CURL
 * decodes the values and keeps their commas, HASH splits them again: an unpaired bracket or quote shifts all that follows.
 * A key that is missing gives an empty header.
 */
export function headersOfHash(text: string, names: readonly string[]): LegHeaders {
  const pairs = text.split('&').map((pair) => {
    const at = pair.indexOf('=');
    const [key, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    return { key: decodeQuery(key), value: decodeQuery(value).replaceAll(',', '\\,') };
  });
  const values = splitArguments(pairs.map(({ value }) => value).join(','));
  const hash = new Map(pairs.map(({ key }, index) => [key, values[index] ?? '']));
  return names.flatMap((name) => sipAddHeader(`X-${name}: ${hash.get(name) ?? ''}`));
}

/** What one `SIPAddHeader(X-name: ${JSON_DECODE(J,name)})` a name puts there. */
export function headersOfJson(text: string, names: readonly string[]): LegHeaders {
  const object = JSON.parse(text) as Record<string, unknown>;
  return names.flatMap((name) => sipAddHeader(`X-${name}: ${String(object[name] ?? '')}`));
}

function decodeQuery(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
