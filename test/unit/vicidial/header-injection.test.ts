import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitHeaders, type SipHeader } from '../../../src/domain/sip-headers.ts';
import { type HeaderForm, renderHeaders } from '../../../src/http/render-headers.ts';
import { runAgi } from '../../simulators/vicidial/asterisk-agi.ts';
import { headersOf, headersOfHash, headersOfJson } from '../../simulators/vicidial/asterisk-curl.ts';
import { sipAddHeader } from '../../simulators/vicidial/sip-add-header.ts';
import { type AgiService, adasCode, registered, startAgiService } from './fast-agi-service.ts';

/** What a lead's text may hold, and what it could do where nobody cleans it. */
const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\r', '\n', '\0', '\t', '\\', '"', "'", ' ', ',', ';', ':', '(', ')', '[', ']', '{', '}'),
    fc.constantFrom(
      '\\r\\n',
      '\\x0d\\x0a',
      '\\015\\012',
      '\\n',
      '\\\\',
      '\\"',
      '\r\nX-admin: 1\r\n',
      '\nEXEC System "id"\n',
    ),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as Asterisk would write a variable
    fc.constantFrom('&', '=', '%', '%0d%0a', '+', '#', '<', '>', '|', '^', '~', '`', '$(id)', '${CDR(src)}', '$[1+1]'),
    fc.constantFrom('é', 'ß', '\u0085', '\u00a0', '\u00ff', '\u2028', '\ufeff', '\ud83d', '😀', '東京', '\uff02'),
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.constantFrom('Ada', 'Denver, CO', '-', '0'),
  ),
  maxLength: 60,
});
const names = ['X-first_name', 'X-city', 'X-note', 'X-b-4'];
const values = fc.tuple(nasty, nasty, nasty, nasty);
const charset = fc.constantFrom('utf8' as const, 'ascii' as const);

/** The headers that a call with these texts is to have: those and no other, whichever way they travel. */
function expected(texts: readonly string[], how: 'utf8' | 'ascii'): SipHeader[] {
  const wanted = names.map((name, index) => [name, texts[index] ?? ''] as const);
  return fitHeaders(wanted, { bytes: 2048, count: 10, charset: how }).headers;
}

describe('whatever a lead holds, the leg has the configured headers and nothing else', () => {
  let agi: AgiService;
  let headers: SipHeader[] = [];
  beforeAll(async () => {
    agi = await startAgiService({ register: async () => registered(headers) });
  });
  afterAll(() => agi.stop());

  it('by FastAGI, and Asterisk runs no other command', async () => {
    await fc.assert(
      fc.asyncProperty(values, charset, async (texts, how) => {
        headers = expected(texts, how);

        const run = await runAgi(agi.url, { callerIdName: adasCode }, []);

        expect(run.headers).toEqual(headers.map(([name, value]) => [name, value]));
        expect(run.commands).toHaveLength(headers.length);
        expect(run.commands.every((command) => command.startsWith('EXEC SIPAddHeader "X-'))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('by FastAGI even when nobody has cleaned the text before', async () => {
    await fc.assert(
      fc.asyncProperty(values, async (texts) => {
        headers = names.map((name, index) => [name, texts[index] ?? ''] as const);

        const sip = await runAgi(agi.url, { callerIdName: adasCode }, []);
        const pjsip = await runAgi(agi.pjsipUrl, { callerIdName: adasCode }, []);

        const told = headers.filter(([, value]) => value !== '').map(([name]) => name);
        expect(sip.headers.map(([name]) => name)).toEqual(told);
        expect(Object.keys(pjsip.variables)).toEqual(['__PB_first_name', '__PB_city', '__PB_note', '__PB_b_4']);
        expect(pjsip.commands).toHaveLength(names.length);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(Object.values(pjsip.variables).join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\\"]/);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[HeaderForm, (body: string, sent: readonly SipHeader[]) => [string, string][]]>([
    ['arr', (body) => headersOf(body)],
    ['hash', (body, sent) => headersOfHash(body, keysOf(sent))],
    ['json', (body, sent) => headersOfJson(body, keysOf(sent))],
  ])('by CURL() in the form %s', (form, read) => {
    fc.assert(
      fc.property(values, charset, (texts, how) => {
        const sent = expected(texts, how);

        const got = sent.length > 0 ? read(renderHeaders(sent, form).body, sent) : [];

        // HASH() can take no bracket, in no form: they are left out there.
        const kept = (value: string) => (form === 'hash' ? value.replace(/[()[\]]/g, '').trim() : value);
        expect(got).toEqual(sent.map(([name, value]) => [name, kept(value)]));
      }),
      { numRuns: 1500 },
    );
  });
});

describe('the simulated Asterisk shows what is at stake', () => {
  it('a line end, or one written as an escape, makes a header of its own', () => {
    expect(sipAddHeader('X-a: b\r\nX-admin: 1')).toHaveLength(2);
    expect(sipAddHeader('X-a: b\\r\\nX-admin: 1')).toHaveLength(2);
    expect(sipAddHeader('X-a: b\\x0d\\x0aX-admin: 1')).toHaveLength(2);
    expect(headersOf('X-a: b,X-admin: 1')).toHaveLength(2);
    expect(headersOfHash('a=b%0d%0aX-admin:%201', ['a'])).toHaveLength(2);
  });

  it('an unpaired bracket shifts what HASH() holds', () => {
    expect(headersOfHash('a=(&b=Ada', ['a', 'b'])).toEqual([
      ['X-a', '(,Ada'],
      ['X-b', ''],
    ]);
  });
});

function keysOf(headers: readonly SipHeader[]): string[] {
  return headers.map(([name]) => name.slice(2));
}
