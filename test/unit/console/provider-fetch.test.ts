import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProviderFetch } from '../../../src/console/auth/provider-fetch.ts';
import { insideOnly, neverReached } from '../../../src/domain/out-of-bounds.ts';
import { blockListOf } from '../../../src/http/guard-connections.ts';
import { makeCertificate } from '../../support/certificates.ts';

let provider: Server;
let issuer: string;
let asked: string[];
const options = { method: 'GET', headers: {}, body: null, redirect: 'manual' } as const;

beforeAll(async () => {
  asked = [];
  provider = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/moved') response.writeHead(302, { location: '/secret' });
    response.end('{"keys":[]}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => provider.once('listening', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});
afterAll(() => provider.close());

it('asks the host of the issuer, wherever it lives', async () => {
  const answer = await createProviderFetch(issuer)(`${issuer}/jwks`, options);

  expect([answer.status, await answer.json()]).toEqual([200, { keys: [] }]);
});

it('follows no redirect', async () => {
  const answer = await createProviderFetch(issuer)(`${issuer}/moved`, options);

  expect(answer.status).toBe(302);
  expect(asked).not.toContain('/secret');
});

describe('a place that the provider names by itself', () => {
  it.each([
    ['without TLS', 'http://login.example.com/token'],
    ['by an address of the house', 'https://10.0.0.5/token'],
    ['by an address of this machine', 'https://127.0.0.1/token'],
    ['by a name of this machine', 'https://localhost/token'],
    ['by IPv6 of the house', 'https://[fd12::1]/token'],
    ['by an address of the house, by NAT64', 'https://[64:ff9b::10.0.0.5]/token'],
    ['by an IPv4 address in IPv6', 'https://[::ffff:192.168.0.1]/token'],
    ['by the metadata of a cloud', 'https://169.254.169.254/token'],
  ])('is not asked %s', async (_name, url) => {
    const fetchIt = createProviderFetch('https://login.example.com');

    await expect(fetchIt(url, options)).rejects.toThrow(
      /the provider sends us on to .*, (without TLS|in a private network)/,
    );
  });
});

it('by NAT64 is a place outside, where a house has no IPv4', () => {
  const list = blockListOf([...neverReached, ...insideOnly]);

  expect(list.check('64:ff9b::203.0.113.7', 'ipv6')).toBe(false);
});

it('elsewhere is asked as it is meant to be, by TLS that is judged', async () => {
  const authority = makeCertificate({ name: 'Authority' });
  const { cert, key } = makeCertificate({ name: 'Tokens', hosts: ['localhost'], by: authority });
  const heard: unknown[] = [];
  const tokens = createTlsServer({ cert, key }, async (request, response) => {
    heard.push([request.method, request.url, request.headers['x-a'], await text(request)]);
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"access_token":"t"}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => tokens.once('listening', resolve));
  const url = `https://localhost:${(tokens.address() as AddressInfo).port}/token?x=1`;
  const sent = {
    method: 'POST',
    headers: { 'x-a': 'b' },
    body: new URLSearchParams({ code: 'c d' }),
    redirect: 'manual',
  } as const;
  try {
    const outside = { inside: [], trusted: authority.cert };
    const answer = await createProviderFetch('https://login.example.com', outside)(url, sent);

    expect([answer.status, answer.headers.get('content-type'), await answer.json()]).toEqual([
      201,
      'application/json',
      { access_token: 't' },
    ]);
    expect(heard).toEqual([['POST', '/token?x=1', 'b', 'code=c+d']]);
    await expect(createProviderFetch('https://login.example.com', { inside: [] })(url, sent)).rejects.toThrow(
      /certificate/,
    );
  } finally {
    tokens.close();
  }
});
