import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type Permission = 'dialer' | 'tools' | 'operator';

export interface ClientSettings {
  /** SHA-256 of each key, hex. */
  keys: readonly string[];
  may: readonly Permission[];
}

export type Authentication = { kind: 'client'; name: string } | { kind: 'denied' };

/** A key can be written in many ways, and a caller may try them all. */
const mostGood = 500;

/** Finds the client whose key the request brings: as Basic (user: the client's name), Bearer, or `X-API-Key`. */
export function createAuthenticator(clients: Readonly<Record<string, ClientSettings>>) {
  const known = Object.entries(clients).flatMap(([name, client]) =>
    client.keys.map((key) => ({ name, may: client.may, hash: Buffer.from(key, 'hex') })),
  );

  /** What was found good, by the hash of all that was offered: no key lies here either. */
  const good = new Map<string, Authentication>();

  return function authenticate({ headers }: Pick<IncomingMessage, 'headers'>, permission: Permission): Authentication {
    const offered = `${permission}\n${headers['x-api-key'] ?? ''}\n${headers.authorization ?? ''}`;
    const offeredHash = hash('sha256', offered);
    const before = good.get(offeredHash);
    if (before) return before;
    const found = look({ headers }, permission);
    if (found.kind === 'client') {
      if (good.size >= mostGood) good.clear();
      good.set(offeredHash, found);
    }
    return found;
  };

  function look(request: Pick<IncomingMessage, 'headers'>, permission: Permission): Authentication {
    // A dialer's own authorization profile may send one of its keys beside ours: each form is looked at.
    for (const read of [readHeader, readAuthorization]) {
      const offered = read(request);
      const name = offered && clientOf(offered, permission);
      if (name) return { kind: 'client', name };
    }
    return { kind: 'denied' };
  }

  function clientOf(offered: Offered, permission: Permission): string | undefined {
    const offeredHash = hash('sha256', offered.key, 'buffer');
    for (const client of known) {
      if (client.hash.length !== offeredHash.length || !timingSafeEqual(client.hash, offeredHash)) continue;
      if (offered.user !== undefined && offered.user !== client.name) continue;
      if (client.may.includes(permission)) return client.name;
    }
    return undefined;
  }
}

interface Offered {
  key: string;
  user?: string;
}

function readHeader(request: Pick<IncomingMessage, 'headers'>): Offered | null {
  const key = request.headers['x-api-key'];
  return typeof key === 'string' && key !== '' ? { key } : null;
}

function readAuthorization(request: Pick<IncomingMessage, 'headers'>): Offered | null {
  const [scheme, value] = (request.headers.authorization ?? '').split(/ +/, 2);
  if (!scheme || !value) return null;
  if (/^bearer$/i.test(scheme)) return { key: value };
  if (!/^basic$/i.test(scheme)) return null;
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { user: text.slice(0, colon), key: text.slice(colon + 1) };
}
