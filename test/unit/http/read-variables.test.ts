import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFlatJson } from '../../../src/http/read-flat-json.ts';
import { readVariables, withReturnedHeaders } from '../../../src/http/read-variables.ts';

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

/** A request as express hands it on: the URL one character per byte, the body as bytes. */
function requested(url: string, body: Buffer | string = '', contentType = '') {
  return { url, body: Buffer.from(body), get: (name: string) => (name === 'content-type' ? contentType : undefined) };
}
const readRequest = (...request: Parameters<typeof requested>) =>
  ({ ...readVariables(requested(...request) as never) }) as Record<string, string>;

describe('readVariables', () => {
  const form = 'application/x-www-form-urlencoded';
  const json = '{"call_id":"3001","first_name":"Zoë"}';
  const latin = Buffer.from('call_id=3001&first_name=Zo\xeb', 'latin1');
  const zoe = { call_id: '3001', first_name: 'Zoë' };

  it.each<[string, Parameters<typeof requested>]>([
    ['a query', ['/r?call_id=3001&first_name=Zo%C3%AB']],
    ['a query encoded as ISO-8859-1', ['/r?call_id=3001&first_name=Zo%EB']],
    ['a form', ['/r', 'call_id=3001&first_name=Zo%C3%AB', form]],
    ['a form in ISO-8859-1, told', ['/r', latin, `${form}; charset=ISO-8859-1`]],
    ['a form in ISO-8859-1, not told', ['/r', latin, form]],
    ['a form without a Content-Type', ['/r', 'call_id=3001&first_name=Zo%C3%AB']],
    ['a form that says it is JSON', ['/r', 'call_id=3001&first_name=Zo%C3%AB', 'application/json']],
    ['JSON', ['/r', json, 'application/json']],
    ['JSON that says it is a form', ['/r', json, form]],
    ['JSON behind a byte order mark', ['/r', `\ufeff${json}`, 'application/json']],
    ['JSON in ISO-8859-1', ['/r', Buffer.from(json, 'latin1'), 'application/json; charset="iso-8859-1"']],
    ['JSON in a charset that nobody knows', ['/r', json, 'application/json; charset=klingon']],
    ['XML elements', ['/r', '<q><call_id>3001</call_id><first_name>Zoë</first_name></q>', 'text/xml']],
    [
      'XML attributes',
      ['/r', '<vars><var name="call_id" expr="3001"/><var expr="Zo&#235;" name="first_name"/></vars>'],
    ],
    ['a query and a body', ['/r?call_id=3001', 'call_id=3002&first_name=Zo%C3%AB', form]],
    [
      'multipart',
      [
        '/r',
        ['--b', 'Content-Disposition: form-data; name="call_id"', '', '3001', '--b'].join('\r\n') +
          ['', 'Content-Disposition: form-data; name="first_name"', '', 'Zoë', '--b--', ''].join('\r\n'),
        'multipart/form-data; boundary=b',
      ],
    ],
  ])('reads %s', (_what, request) => {
    expect(readRequest(...request)).toEqual(zoe);
  });

  it('leaves what is badly encoded as it is', () => {
    expect(readRequest('/r?call_id=3001&note=100%&rate=5%zz&plus=a+b')).toEqual({
      call_id: '3001',
      note: '100%',
      rate: '5%zz',
      plus: 'a b',
    });
  });

  it('counts the first of two equal keys, in whichever part they come', () => {
    expect(readRequest('/r?a=1&a=2', 'a=3&b=4&b=5', form)).toEqual({ a: '1', b: '4' });
  });

  it('never loses the call id, whatever a name holds that was spliced into a template', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        const inJson = `{"first_name":"${name}","call_id":"3001","city":"Golden"}`;
        const inXml = `<q><call_id>3001</call_id><first_name>${name}</first_name></q>`;
        const isKeyItself = /call_id"\s*:/.test(name);

        if (!isKeyItself) expect(readRequest('/r', inJson, 'application/json').call_id).toBe('3001');
        expect(readRequest('/r', inXml, 'text/xml').call_id).toBe('3001');
      }),
    );
  });

  it('reads a large body of the worst kind in no time', () => {
    const bodies = ['{"a":{'.repeat(50_000), `{${'"a":"b",'.repeat(100_000)}"c":"d"}`, '<a>'.repeat(300_000)];

    const startedAt = performance.now();
    for (const body of bodies) readRequest('/r', body);

    expect(performance.now() - startedAt).toBeLessThan(1500);
  });
});

describe('withReturnedHeaders', () => {
  const list = { 'X-outcome': 'sale', 'X-Summary': 'Said "yes"' };
  const read = (variables: Record<string, string>) => ({ ...withReturnedHeaders(variables) });

  it('unpacks the text of a KVList', () => {
    expect(read({ call_id: '3001', returned_headers: JSON.stringify(list) })).toMatchObject(list);
  });

  it('unpacks one that was spliced into a template between quotes', () => {
    const splice = JSON.stringify({ 'X-outcome': 'sale', 'X-Summary': 'yes' });
    const body = `{"call_id":"3001","returned_headers":"${splice}","campaign":"Spring"}`;

    expect(read(readRequest('/r', body))).toMatchObject({
      call_id: '3001',
      'X-outcome': 'sale',
      'X-Summary': 'yes',
      campaign: 'Spring',
    });
  });

  it.each(['{}', '', 'ai_headers', '{"outcome":"sale"}'])('finds nothing in %j', (text) => {
    expect(Object.keys(read({ returned_headers: text }))).toEqual(['returned_headers']);
  });

  it('does not take a list out of a field of the lead', () => {
    expect(read({ first_name: JSON.stringify(list) })).not.toHaveProperty('X-outcome');
  });

  it('lets a header of its own come first', () => {
    expect(read({ 'X-outcome': 'callback', returned_headers: JSON.stringify(list) })['X-outcome']).toBe('callback');
  });
});
