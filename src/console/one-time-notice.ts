import { timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Tone } from './components/badge.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { cookieOf, keepCookie } from './cookies.ts';
import type { ConsoleSession } from './guard.ts';

export interface OneTimeNotice {
  text: string;
  tone: Extract<Tone, 'good' | 'warn'>;
}

const cookieName = 'patchbay-notice';
const mostLetters = 600;

/** Keeps what the next page of this session says first, signed: nobody else can make a page say something. */
export function keepNotice(
  deps: Pick<ConsoleDeps, 'keyedHash' | 'console'>,
  response: Response,
  session: ConsoleSession,
  notice: OneTimeNotice,
): void {
  const text = notice.text.length > mostLetters ? `${notice.text.slice(0, mostLetters)} …` : notice.text;
  const value = Buffer.from(JSON.stringify([notice.tone, text])).toString('base64url');
  const signed = `${value}.${signatureOf(deps, session, value)}`;
  keepCookie(response, deps.console, { name: cookieName, value: signed, maxAgeSec: 60 });
}

/** Gives it once. */
export function takeNotice(
  deps: Pick<ConsoleDeps, 'keyedHash' | 'console'>,
  request: Request,
  response: Response,
  session: ConsoleSession,
): OneTimeNotice | null {
  const kept = cookieOf(request, cookieName);
  if (!kept || request.method === 'HEAD') return null;
  keepCookie(response, deps.console, { name: cookieName, value: '', maxAgeSec: 0 });
  const [value = '', signature = ''] = kept.split('.');
  const right = Buffer.from(signatureOf(deps, session, value));
  const given = Buffer.from(signature);
  if (right.length !== given.length || !timingSafeEqual(right, given)) return null;
  const [tone, text] = JSON.parse(Buffer.from(value, 'base64url').toString()) as [OneTimeNotice['tone'], string];
  return { text, tone };
}

function signatureOf({ keyedHash }: Pick<ConsoleDeps, 'keyedHash'>, { idHash }: ConsoleSession, value: string): string {
  return Buffer.from(keyedHash(`console notice ${idHash} ${value}`)).toString('base64url');
}
