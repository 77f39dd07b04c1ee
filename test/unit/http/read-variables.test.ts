import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFlatJson } from '../../../src/http/read-variables.ts';

const read = (text: string) => Object.fromEntries(readFlatJson(text).reverse());

describe('readFlatJson', () => {
  it('reads a good body as JSON does', () => {
    const body = { call_id: '3001', first_name: 'Ada "the" \\ first', note: 'a\nb', count: 3, none: null };

    const variables = read(JSON.stringify(body));

    expect(variables).toEqual({
      call_id: '3001',
      first_name: 'Ada "the" \\ first',
      note: 'a\nb',
      count: '3',
      none: '',
    });
  });

  it.each([
    ['a quote', '{"call_id":"3001","first_name":"Bob "The Man" Hill","city":"Golden"}', 'Bob "The Man" Hill'],
    ['a line break', '{"call_id":"3001","first_name":"Bob\nHill","city":"Golden"}', 'Bob Hill'],
    ['a lone quote at the end', '{"call_id":"3001","first_name":"Bob"","city":"Golden"}', 'Bob"'],
    ['a backslash', '{"call_id":"3001","first_name":"Bob\\","city":"Golden"}', 'Bob\\'],
    ['a brace', '{"call_id":"3001","first_name":"B}o{b","city":"Golden"}', 'B}o{b'],
  ])('keeps the call when a spliced name holds %s', (_what, body, name) => {
    const variables = read(body);

    expect(variables).toMatchObject({ call_id: '3001', first_name: name, city: 'Golden' });
  });

  it('counts the first of two equal keys, so that a spliced value cannot overwrite one that came before', () => {
    const variables = read('{"call_id":"3001","campaign":"Spring","first_name":"x","campaign":"Evil","city":"Golden"}');

    expect(variables.campaign).toBe('Spring');
    expect(variables.city).toBe('Golden');
  });

  it('never loses the call id, whatever is spliced in after it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(read(`{"call_id":"3001","first_name":"${name}","city":"Golden"}`).call_id).toBe('3001');
      }),
    );
  });

  it('reads every flat object of texts exactly', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), fc.string({ unit: 'grapheme' })), (body) => {
        expect(read(JSON.stringify(body))).toEqual({ ...body });
      }),
    );
  });
});
