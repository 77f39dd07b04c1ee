import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKeyedHash } from '../../src/keyed-hash.ts';

describe('keyed hash', () => {
  it.each([
    ['a short key', 'secret'],
    ['a key of one block', 'k'.repeat(64)],
    ['a key longer than a block', 'ä'.repeat(90)],
    ['no key', ''],
  ])('is the HMAC of Node with %s', (_which, secret) => {
    const keyedHash = createKeyedHash(secret);

    for (const text of ['', '["correlation-id","five9","call-id","30000000001"]', 'ü€😀\ud800', 'x'.repeat(5000)]) {
      expect(keyedHash(text).toString('hex')).toBe(createHmac('sha256', secret).update(text).digest('hex'));
    }
  });

  it('leaves what it gave before as it was', () => {
    const keyedHash = createKeyedHash('secret');
    const first = keyedHash('one');
    const before = first.toString('hex');

    keyedHash('another');

    expect(first.toString('hex')).toBe(before);
  });
});
