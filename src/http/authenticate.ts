import { hash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';

export type Permission = 'dialer' | 'tools' | 'operator';

export interface ClientSettings {
  /** SHA-256 of each key, hex. */
  keys: readonly string[];
  may: readonly Permission[];
}

export type Authentication = { kind: 'client'; name: string } | { kind: 'denied' };

/** Finds the client whose key the request brings: as Basic (user: the client's name), Bearer, or `X-API-Key`. */
export function createAuthenticator(clients: Readonly<Record<string, ClientSettings>>) {
  const known = Object.entries(clients).flatMap(([name, client]) =>
    client.keys.map((key) => ({ name, may: client.may, hash: Buffer.from(key, 'hex') })),
  );

  return function authenticate(request: Pick<Request, 'get'>, permission: Permission): Authentication {
    // A dialer's own authorization profile may send one of its keys beside ours: each form is looked at.
    for (const read of [readHeader, readAuthorization]) {
      const offered = read(request);
      const name = offered && clientOf(offered, permission);
      if (name) return { kind: 'client', name };
    }
    return { kind: 'denied' };
  };

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

function readHeader(request: Pick<Request, 'get'>): Offered | null {
  const key = request.get('x-api-key');
  return key ? { key } : null;
}

function readAuthorization(request: Pick<Request, 'get'>): Offered | null {
  const [scheme, value] = (request.get('authorization') ?? '').split(/ +/, 2);
  if (!scheme || !value) return null;
  if (/^bearer$/i.test(scheme)) return { key: value };
  if (!/^basic$/i.test(scheme)) return null;
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { user: text.slice(0, colon), key: text.slice(colon + 1) };
}
