import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitKey, fitRefs } from '../../../src/store/fit-key.ts';

it('leaves a key that fits as it is', () => {
  expect(fitKey('V1211403070000012345@2026-11-21')).toBe('V1211403070000012345@2026-11-21');
});

it('makes every text fit, the same way each time, and keeps long ones apart', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      const key = fitKey(text);

      expect(key.length).toBeLessThanOrEqual(191);
      expect(key).toBe(key.trimEnd());
      expect(key.isWellFormed()).toBe(true);
      expect(fitKey(key)).toBe(key);
    }),
  );
  expect(fitKey(`${'a'.repeat(300)}1`)).not.toBe(fitKey(`${'a'.repeat(300)}2`));
});

it('gives each name once, in order, without empty keys', () => {
  const code = { instance: 'vicidial', kind: 'caller-code', key: 'V1' };

  const refs = fitRefs([code, { ...code, key: '' }, { ...code, key: 'V1 ' }, { ...code, key: 'V2' }]);

  expect(refs).toEqual([code, { ...code, key: 'V2' }]);
});
