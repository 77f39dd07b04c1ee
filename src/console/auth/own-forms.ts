import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { ConsoleDeps } from '../console-deps.ts';

type FormDeps = Pick<ConsoleDeps, 'console' | 'keyedHash'>;

/** What a form of ours carries: nobody can make it up who does not see our pages. */
export function tokenFor(deps: FormDeps, purpose: 'session' | 'door', id: string): string {
  return Buffer.from(deps.keyedHash(`console ${purpose} form ${id}`)).toString('base64url');
}

/** Whether a form was sent by one of our own pages, with this token in it. */
export function isOwn(deps: FormDeps, request: Request, token: string): boolean {
  if (!request.is('application/x-www-form-urlencoded')) return false;
  if (!comesFromUs(deps, request)) return false;
  return isSame(fieldOf(request, 'form_token'), token);
}

/** The first value of a form's field; empty when it is not there. */
export function fieldOf({ body }: Request, name: string): string {
  const value: unknown = Object.hasOwn(Object(body), name) ? (body as Record<string, unknown>)[name] : '';
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : '';
}

/** Compares in constant time, whatever the lengths. */
function isSame(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}

/** By what the browser itself says of the page that sent it. Browsers that say nothing are judged by the token alone. */
function comesFromUs(deps: FormDeps, request: Request): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = request.get('origin');
  if (origin === undefined) return true;
  // Behind a proxy the host may be another than the public one.
  return (
    URL.canParse(origin) && [request.get('host'), new URL(deps.console.publicUrl).host].includes(new URL(origin).host)
  );
}
