import { connect as connectPlain, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Sent } from './channel.ts';

const mostAnswerBytes = 16_384;

export interface JsonPost {
  url: string;
  body: string;
  headers?: Readonly<Record<string, string>>;
  timeoutMs: number;
  now(): number;
}

/**
 * Posts JSON. Anything but 2xx is a failure; no redirect is followed, since what is sent is meant for one place alone. What
 * comes back is thrown away: nobody can fill our memory or our log with it.
 */
export async function postJson({ url, body, headers, timeoutMs, now }: JsonPost): Promise<Sent> {
  const { host } = new URL(url);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: { 'content-type': 'application/json', 'user-agent': 'patchbay', ...headers },
      body,
    });
    await drain(response);
    if (response.ok) return { kind: 'sent' };
    const afterMs = readRetryAfter(response.headers.get('retry-after'), now());
    return {
      kind: 'failed',
      why: `${host} answered HTTP ${response.status}`,
      hint: hintOf(response.status),
      ...(afterMs !== undefined && { afterMs }),
      ...(response.status === 410 && { isFinal: true }),
    };
  } catch (error) {
    return { kind: 'failed', ...wordsOf(error, host, timeoutMs) };
  }
}

/** Shakes hands with the server of an address, and sends nothing. */
export function reachUrl(address: string, timeoutMs: number): Promise<Sent> {
  const { hostname, protocol, port, host } = new URL(address);
  const name = hostname.replace(/^\[|\]$/g, '');
  const isSecure = protocol === 'https:';
  return new Promise((resolve) => {
    const at = { host: name, port: Number(port || (isSecure ? 443 : 80)) };
    const socket = isSecure ? connectTls({ ...at, ...(isIP(name) === 0 && { servername: name }) }) : connectPlain(at);
    const done = (sent: Sent) => {
      socket.destroy();
      resolve(sent);
    };
    socket.setTimeout(timeoutMs, () => done({ kind: 'failed', ...wordsOf(new TimeoutError(), host, timeoutMs) }));
    socket.once('error', (error) => done({ kind: 'failed', ...wordsOf(error, host, timeoutMs) }));
    socket.once(isSecure ? 'secureConnect' : 'connect', () => done({ kind: 'sent' }));
  });
}

/** Seconds, or a date; undefined when it is neither, and at most a day. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, 86_400_000) : undefined;
}

class TimeoutError extends Error {
  override name = 'TimeoutError';
}

async function drain(response: Response): Promise<void> {
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > mostAnswerBytes) break;
  }
}

function wordsOf(error: unknown, host: string, timeoutMs: number): { why: string; hint: string } {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  if (error instanceof Error && error.name === 'TimeoutError') {
    return { why: `${host} did not answer within ${timeoutMs / 1000} s`, hint: 'See whether it is up.' };
  }
  if (code === 'ERR_IP_BLOCKED') {
    return { why: `${host} leads to an address that is out of bounds`, hint: 'Name the system itself.' };
  }
  if (code === 'ENOTFOUND') return { why: `${host} is not in the DNS`, hint: 'Correct the address of the channel.' };
  if (/CERT|SELF_SIGNED|UNABLE_TO|TLS|SSL/.test(code)) {
    return { why: `TLS with ${host} failed (${code})`, hint: 'Have its certificate mended.' };
  }
  return {
    why: `${host} can not be reached (${code || 'no connection'})`,
    hint: 'See whether it is up, and the firewall.',
  };
}

function hintOf(status: number): string {
  if (status === 401 || status === 403) return 'It does not accept us: see the secret of the channel, and its side.';
  if (status === 404 || status === 410) return 'The address is gone: make a new one there, and configure it.';
  if (status === 429) return 'It asks for fewer messages: raise alerts.groupSec.';
  if (status >= 300 && status < 400) return 'It leads elsewhere: configure the address that it leads to.';
  return status >= 500 ? 'It has trouble of its own; it is tried again.' : 'See what it expects.';
}
