import type { Request, Response } from 'express';
import type { ConsoleSettings } from './console-deps.ts';

/** A cookie of a request, as it was sent; empty when there is none. */
export function cookieOf(request: Pick<Request, 'headers'>, name: string): string {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.split('=', 2);
    if (key?.trim() === name) return value?.trim() ?? '';
  }
  return '';
}

/** Keeps a small thing with the browser. Its value is of letters, digits, `.`, `_` and `-`. */
export function keepCookie(
  response: Response,
  { publicUrl }: Pick<ConsoleSettings, 'publicUrl'>,
  { name, value, maxAgeSec }: { name: string; value: string; maxAgeSec: number },
): void {
  response.cookie(name, value, {
    httpOnly: true,
    sameSite: 'lax',
    secure: publicUrl.startsWith('https:'),
    path: '/console',
    maxAge: maxAgeSec * 1000,
  });
}
