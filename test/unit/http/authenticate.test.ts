import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../../src/http/authenticate.ts';

const key = 'pb_test-key-of-five9';
const authenticate = createAuthenticator({
  five9: { keys: [createHash('sha256').update(key).digest('hex')], may: ['dialer'] },
});

function requestWith(headers: Record<string, string>) {
  return { headers } as never;
}

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

describe('authenticate', () => {
  it.each([
    ['Basic with the client as user', { authorization: basic('five9', key) }],
    ['Bearer', { authorization: `Bearer ${key}` }],
    ['X-API-Key', { 'x-api-key': key }],
  ])('takes the key as %s', (_form, headers) => {
    expect(authenticate(requestWith(headers), 'dialer')).toEqual({ kind: 'client', name: 'five9' });
  });

  it.each([
    ['no key', {}],
    ['a wrong key', { 'x-api-key': `${key}x` }],
    ["another client's name", { authorization: basic('vicidial', key) }],
    ['an odd header', { authorization: 'Basic !!!' }],
    ['an unknown scheme', { authorization: `Digest ${key}` }],
  ])('denies %s', (_form, headers) => {
    expect(authenticate(requestWith(headers), 'dialer').kind).toBe('denied');
  });

  it('denies what the client may not do', () => {
    expect(authenticate(requestWith({ 'x-api-key': key }), 'tools').kind).toBe('denied');
  });
});
