import { describe, expect, it } from 'vitest';
import { readReceipt, writeReceipt } from '../../../connectors/five9/write/imports.ts';

describe('the receipt of an import', () => {
  it('is read as it was written', () => {
    const putBackAt = '2026-11-20T17:00:00.000Z';

    expect(readReceipt(writeReceipt('disp', 'a:b', 100, putBackAt))).toEqual({
      kind: 'disp',
      identifier: 'a:b',
      lines: 100,
      putBackAt,
    });
  });

  it.each(['', 'disp:', 'disp:a', 'disp:a:5@', 'mail:a:5', 'disp:a:5@9999999999999999999'])(
    'is none when it says %s',
    (receipt) => {
      expect(readReceipt(receipt)).toBeNull();
    },
  );
});
