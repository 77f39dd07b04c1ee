import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deriveCorrelationId,
  isCorrelationId,
  mintCorrelationId,
  readCorrelationId,
} from '../../../src/domain/correlation-id.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const minted = fc.uint8Array({ minLength: 13, maxLength: 13 }).map((bytes) => mintCorrelationId(() => bytes));

it('is 14 characters of Crockford base32, lower case, and knows itself', () => {
  fc.assert(
    fc.property(minted, (id) => {
      expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{14}$/);
      expect(isCorrelationId(id)).toBe(true);
    }),
  );
});

it('finds every single wrong character', () => {
  fc.assert(
    fc.property(minted, (id) => {
      for (let place = 0; place < id.length; place += 1) {
        for (const wrong of alphabet) {
          if (wrong === id[place]) continue;
          const garbled = id.slice(0, place) + wrong + id.slice(place + 1);
          if (isCorrelationId(garbled)) throw new Error(`${garbled} passes for ${id}`);
        }
      }
    }),
  );
});

it('finds every swap of two neighbours', () => {
  fc.assert(
    fc.property(minted, (id) => {
      for (let place = 0; place < id.length - 1; place += 1) {
        const [one, two] = [id[place], id[place + 1]];
        if (one === two) continue;
        const garbled = `${id.slice(0, place)}${two}${one}${id.slice(place + 2)}`;
        if (isCorrelationId(garbled)) throw new Error(`${garbled} passes for ${id}`);
      }
    }),
  );
});

it('is another one each time', () => {
  const ids = Array.from({ length: 10_000 }, () => mintCorrelationId((count) => randomBytes(count)));

  expect(new Set(ids).size).toBe(10_000);
});

it.each(['', '0', '00000000000000', 'zzzzzzzzzzzzz', 'hello world 12', 'ilouilouilouil'])('%j is none', (text) => {
  expect(isCorrelationId(text)).toBe(false);
});

describe('an ID that follows from a name', () => {
  const hashWith = (key: string) => (text: string) => createHmac('sha256', key).update(text).digest();
  const name = fc.record({ instance: fc.string(), kind: fc.string(), key: fc.string() });

  it('is one, and always the same', () => {
    fc.assert(
      fc.property(name, (ref) => {
        const id = deriveCorrelationId(hashWith('a secret'), ref);

        expect(isCorrelationId(id)).toBe(true);
        expect(deriveCorrelationId(hashWith('a secret'), { ...ref })).toBe(id);
      }),
    );
  });

  it('differs for every other name, however its parts are cut, and under another secret', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));

        expect(deriveCorrelationId(hashWith('a secret'), one)).not.toBe(
          deriveCorrelationId(hashWith('a secret'), other),
        );
        expect(deriveCorrelationId(hashWith('a secret'), one)).not.toBe(deriveCorrelationId(hashWith('another'), one));
      }),
    );
    const [one, other] = [
      { instance: 'a', kind: 'b c', key: 'd' },
      { instance: 'a b', kind: 'c', key: 'd' },
    ];
    expect(deriveCorrelationId(hashWith('s'), one)).not.toBe(deriveCorrelationId(hashWith('s'), other));
  });
});

describe('an ID that somebody has written down', () => {
  it.each([
    ['as it is', (id: string) => id],
    ['in upper case', (id: string) => id.toUpperCase()],
    ['in groups', (id: string) => `${id.slice(0, 5)}-${id.slice(5, 9)} ${id.slice(9)}.`],
    ['with letters for digits', (id: string) => id.replaceAll('0', 'O').replaceAll('1', 'l')],
  ])('is read %s', (_name, write) => {
    for (let count = 0; count < 200; count += 1) {
      const id = mintCorrelationId((size) => crypto.getRandomValues(new Uint8Array(size)));

      expect(readCorrelationId(write(id))).toBe(id);
    }
  });

  it.each(['', 'correlation_id', '7777777777777', '{{correlation_id}}'])('is none: %j', (text) => {
    expect(readCorrelationId(text)).toBe('');
  });
});
