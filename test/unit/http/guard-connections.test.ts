import dns from 'node:dns';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import axios from 'axios';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { neverReached } from '../../../src/domain/out-of-bounds.ts';
import { blockListOf, guardConnections } from '../../../src/http/guard-connections.ts';

const metadata = '169.254.169.254';
let server: Server;
let port = 0;
let reached = 0;

beforeAll(async () => {
  guardConnections();
  server = createServer((request, response) => {
    reached += 1;
    if (request.url === '/elsewhere') response.writeHead(302, { location: `http://${metadata}/latest/meta-data/` });
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => server.close());

/** The code with which a connection failed; empty when it came about. */
async function codeOf(connecting: Promise<unknown>): Promise<string> {
  try {
    await connecting;
    return '';
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: { code?: string } };
    return code ?? cause?.code ?? String(error);
  }
}

/** From now on this name leads to these addresses, one look-up after the other. */
function resolveTo(name: string, ...addresses: string[]): void {
  const real = dns.lookup;
  let asked = 0;
  const fake = (
    host: string,
    options: dns.LookupAllOptions,
    done: (error: null, found: unknown, family?: number) => void,
  ) => {
    if (host !== name) return real(host, options, done as never);
    const address = addresses[Math.min(asked, addresses.length - 1)] ?? '';
    asked += 1;
    const family = address.includes(':') ? 6 : 4;
    return options.all ? done(null, [{ address, family }]) : done(null, address, family);
  };
  vi.spyOn(dns, 'lookup').mockImplementation(fake as never);
}

describe('no client of ours connects to an address that is out of bounds', () => {
  it.each([
    ['as it is', `http://${metadata}/`],
    ['as one decimal number', 'http://2852039166/'],
    ['in hexadecimal', 'http://0xa9fea9fe/'],
    ['in octal', 'http://0251.0376.0251.0376/'],
    ['short', 'http://169.254.43518/'],
    ['as IPv6', `http://[::ffff:${metadata}]/`],
    ['as IPv6 in hexadecimal', 'http://[::ffff:a9fe:a9fe]/'],
    ['by NAT64', `http://[64:ff9b::${metadata}]/`],
    ['by the metadata of another cloud', 'http://100.100.100.200/'],
    ['by IPv6 of the link', 'http://[fe80::1]/'],
    ['over TLS', `https://${metadata}/`],
  ])('%s', async (_name, url) => {
    expect(await codeOf(fetch(url))).toBe('ERR_IP_BLOCKED');
    expect(await codeOf(axios.get(url, { proxy: false }))).toBe('ERR_IP_BLOCKED');
  });

  it('by bare sockets, which databases use', async () => {
    const plain = Promise.withResolvers<void>();
    connect(3306, metadata, plain.resolve).on('error', plain.reject);
    const secure = Promise.withResolvers<void>();
    tlsConnect({ port: 443, host: metadata }, secure.resolve).on('error', secure.reject);

    expect(await codeOf(plain.promise)).toBe('ERR_IP_BLOCKED');
    expect(await codeOf(secure.promise)).toBe('ERR_IP_BLOCKED');
  });

  it('by a name that leads there', async () => {
    resolveTo('dialer.example.test', metadata);

    expect(await codeOf(axios.get('http://dialer.example.test/', { proxy: false }))).toBe('ERR_IP_BLOCKED');
  });

  it('by a name that leads there from the second look-up on', async () => {
    resolveTo('rebound.example.test', '127.0.0.1', metadata);
    const url = `http://rebound.example.test:${port}/`;

    expect(await codeOf(axios.get(url, { proxy: false, headers: { connection: 'close' } }))).toBe('');
    expect(await codeOf(axios.get(url, { proxy: false, headers: { connection: 'close' } }))).toBe('ERR_IP_BLOCKED');
  });

  it('by a redirect, even of a client that follows', async () => {
    const before = reached;

    expect(await codeOf(axios.get(`http://127.0.0.1:${port}/elsewhere`, { proxy: false }))).toBe('ERR_IP_BLOCKED');
    expect(await codeOf(fetch(`http://127.0.0.1:${port}/elsewhere`))).toBe('ERR_IP_BLOCKED');
    expect(reached).toBe(before + 2);
  });
});

it('lets everything else through: a dialer lives in a private network', async () => {
  expect(await codeOf(fetch(`http://127.0.0.1:${port}/`))).toBe('');
  const list = blockListOf(neverReached);
  for (const address of ['10.1.2.3', '192.168.0.7', '172.16.0.1', '127.0.0.1', '8.8.8.8']) {
    expect([address, list.check(address)]).toEqual([address, false]);
  }
  expect([list.check('fd12:3456::1', 'ipv6'), list.check('::1', 'ipv6')]).toEqual([false, false]);
});
