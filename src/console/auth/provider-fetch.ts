import { lookup } from 'node:dns';
import { request as httpsRequest } from 'node:https';
import { type BlockList, isIP, type LookupFunction } from 'node:net';
import type { CustomFetchOptions } from 'openid-client';
import { insideOnly, type Network, neverReached } from '../../domain/out-of-bounds.ts';
import { blockListOf } from '../../http/guard-connections.ts';

const mostAnswerBytes = 1_000_000;

/**
 * How the identity provider is asked. The configuration names its host, which may live in the house; other places are named
 * by the provider alone, and are asked by TLS, outside of the house, and nowhere else. No redirect is followed.
 *
 * @param issuer as configured
 * @param inside what is the house (Default: every private network), and more authorities to trust, as PEM
 */
export function createProviderFetch(
  issuer: string,
  { inside = insideOnly, trusted }: { inside?: readonly Network[]; trusted?: string } = {},
): (url: string, options: CustomFetchOptions) => Promise<Response> {
  const list = blockListOf([...neverReached, ...inside]);
  const own = new URL(issuer);
  return async (url, options) => {
    const { protocol, hostname } = new URL(url);
    if (hostname === own.hostname && (protocol === 'https:' || protocol === own.protocol)) {
      return fetch(url, { ...options, redirect: 'manual' });
    }
    if (protocol !== 'https:') throw refusal(hostname, 'without TLS');
    return askOutside(url, options, list, trusted);
  };
}

function askOutside(
  url: string,
  { method, headers, body, signal }: CustomFetchOptions,
  list: BlockList,
  trusted: string | undefined,
): Promise<Response> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (isListed(list, host)) throw refusal(host, 'in a private network');
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers,
      agent: false,
      lookup: lookupOutside(list),
      ...(signal && { signal }),
      ...(trusted && { ca: trusted }),
    } as const;
    const request = httpsRequest(url, options, (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('error', reject);
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size > mostAnswerBytes) response.destroy(new Error('the provider answers more than it has to'));
        else parts.push(part);
      });
      response.on('end', () => {
        const status = response.statusCode ?? 500;
        const told = new Headers();
        for (const [name, value] of Object.entries(response.headers)) if (value) told.set(name, String(value));
        resolve(
          new Response([204, 205, 304].includes(status) ? null : Buffer.concat(parts), { status, headers: told }),
        );
      });
    });
    request.on('error', reject);
    request.end(typeof body === 'string' || body instanceof URLSearchParams ? String(body) : undefined);
  });
}

/** The look-up of the connection itself: what it lets through is what is connected to. */
function lookupOutside(list: BlockList): LookupFunction {
  return (host, options, done) =>
    lookup(host, { ...options, all: true }, (error, found) => {
      const good = (found ?? []).filter(({ address }) => !isListed(list, address));
      const [first] = good;
      if (error) done(error, '', 0);
      else if (!first) done(refusal(host, 'in a private network'), '', 0);
      else if (options.all) done(null, good);
      else done(null, first.address, first.family);
    });
}

function isListed(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

function refusal(host: string, why: string): Error {
  return new Error(`the provider sends us on to ${host}, ${why}: only the host of the issuer may be there`);
}
