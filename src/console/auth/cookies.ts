import cookieParser from 'cookie-parser';
import type { CookieOptions, Request, RequestHandler, Response } from 'express';
import type { ConsoleDeps } from '../console-deps.ts';

export type CookieName = 'session' | 'door' | 'known' | 'oidc';

/** The guard's cookies: signed, for our pages alone, out of reach of scripts. */
export interface Cookies {
  parse: RequestHandler;
  /** Empty when it is not there, or its signature is wrong. */
  read(request: Request, name: CookieName): string;
  /** @param maxAgeMs without it the browser forgets it when it closes */
  set(response: Response, name: CookieName, value: string, maxAgeMs?: number): void;
  clear(response: Response, name: CookieName): void;
}

const stems: Record<CookieName, string> = {
  session: 'patchbay',
  door: 'patchbay-door',
  known: 'patchbay-known',
  oidc: 'patchbay-oidc',
};

/**
 * Over https their names begin with `__Host-`: no other host, and no page without TLS, can plant them. Lax and not
 * Strict: who comes from a link in a mail, or back from the identity provider, is logged in; forms of other sites still
 * bring no cookie, and none of our pages changes anything by a link.
 */
export function createCookies(deps: Pick<ConsoleDeps, 'console' | 'keyedHash'>): Cookies {
  const isSecure = deps.console.publicUrl.startsWith('https://');
  const key = Buffer.from(deps.keyedHash('console cookies')).toString('base64url');
  const options: CookieOptions = { httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/' };
  const nameOf = (name: CookieName) => `${isSecure ? '__Host-' : ''}${stems[name]}`;

  return {
    parse: cookieParser(key),
    read(request, name) {
      const value: unknown = (request.signedCookies as Record<string, unknown> | undefined)?.[nameOf(name)];
      return typeof value === 'string' ? value : '';
    },
    set(response, name, value, maxAgeMs) {
      response.cookie(nameOf(name), value, {
        ...options,
        signed: true,
        ...(maxAgeMs !== undefined && { maxAge: maxAgeMs }),
      });
    },
    clear: (response, name) => void response.clearCookie(nameOf(name), options),
  };
}
