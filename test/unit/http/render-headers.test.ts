import { describe, expect, it } from 'vitest';
import type { SipHeader } from '../../../src/domain/sip-headers.ts';
import { renderHeaders } from '../../../src/http/render-headers.ts';

const headers: SipHeader[] = [
  ['X-first_name', 'John'],
  ['X-city', 'Winston-Salem, NC (old)'],
];

describe('renderHeaders', () => {
  it('writes the list for ARRAY() with what would split it escaped', () => {
    expect(renderHeaders(headers, 'arr').body).toBe('X-first_name: John,X-city: Winston-Salem\\, NC \\(old\\)');
  });

  it('writes the query string for HASH(), names without X-, without brackets', () => {
    expect(renderHeaders(headers, 'hash').body).toBe('first_name=John&city=Winston-Salem%2C%20NC%20old');
  });

  it('drops the last headers of an answer that CURL() would cut in the middle', () => {
    const long: SipHeader[] = Array.from({ length: 9 }, (_, index) => [`X-field_${index}`, 'é'.repeat(120)]);

    const { body } = renderHeaders(long, 'hash');

    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4000);
    expect(body).toMatch(/^field_0=(%C3%A9){120}&/);
    expect(body).toMatch(/(%C3%A9)$/);
  });

  it('writes the object for JSON_DECODE()', () => {
    expect(JSON.parse(renderHeaders(headers, 'json').body)).toEqual({
      first_name: 'John',
      city: 'Winston-Salem, NC (old)',
    });
  });
});
