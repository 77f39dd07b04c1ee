import type { IncomingMessage } from 'node:http';

/** The parameters of one API call, as PHP sees them: bytes (one character each), the last of a name counts. */
export interface Parameters {
  get(name: string): string;
  has(name: string): boolean;
  /** The name of the first parameter: VICIdial misses a custom field there. */
  first: string;
}

/** Reads query and form body together; the query wins where both have a name. */
export function readParameters(query: string, body: string): Parameters {
  const pairs = [...split(body), ...split(query)];
  const values = new Map(pairs);
  return {
    get: (name) => values.get(name) ?? '',
    has: (name) => values.has(name),
    first: (query ? split(query) : pairs)[0]?.[0] ?? '',
  };
}

function split(encoded: string): [string, string][] {
  return encoded
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
    });
}

function decode(encoded: string): string {
  return encoded
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The whole body as bytes, one character each. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}
