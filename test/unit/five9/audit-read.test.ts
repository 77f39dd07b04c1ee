import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditContext } from '../../../connectors/five9/ivr/audit/audit-context.ts';
import { auditScript } from '../../../connectors/five9/ivr/audit/audit-script.ts';
import { translateJava } from '../../../connectors/five9/ivr/audit/java-pattern.ts';
import { readExport } from '../../../connectors/five9/ivr/audit/read-export.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { audit, changed, goodScript, packed, publicUrl, replaced } from './audit-cast.ts';
import { springConfig } from './script-cast.ts';

const good = goodScript();
const context = auditContext('five9', publicUrl, springConfig(), 'Spring');
const tiny = '<ivrScript><modules/></ivrScript>';

describe('an export', () => {
  it.each([
    [
      'UTF-8',
      Buffer.from(
        '<?xml version="1.0" encoding="UTF-8"?><ivrScript><modules><hangup><moduleName>Grüße</moduleName></hangup></modules></ivrScript>',
      ),
    ],
    [
      'UTF-8 with a mark',
      Buffer.from('\uFEFF<ivrScript><modules><hangup><moduleName>Grüße</moduleName></hangup></modules></ivrScript>'),
    ],
    [
      'ISO-8859-1',
      Buffer.from(
        '<?xml version="1.0" encoding="ISO-8859-1" standalone="yes"?><ivrScript><modules><hangup><moduleName>Grüße</moduleName></hangup></modules></ivrScript>',
        'latin1',
      ),
    ],
    [
      'UTF-16 with a mark',
      Buffer.from(
        '\uFEFF<?xml version="1.0" encoding="UTF-16"?><ivrScript><modules><hangup><moduleName>Grüße</moduleName></hangup></modules></ivrScript>',
        'utf16le',
      ),
    ],
  ])('is read in %s', (_name, bytes) => {
    expect(readExport(bytes).modules[0]?.name).toBe('Grüße');
  });

  it('tells the line of a module', () => {
    expect(readExport(Buffer.from(good)).modules.find(({ name }) => name === 'Incoming call')?.node.line).toBe(5);
  });

  const lol = Array.from({ length: 10 }, (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`).join(
    '',
  );
  it.each([
    ['nothing', '', /empty/],
    ['a page of HTML', '<!DOCTYPE html><html></html>', /document type/],
    ['another root', '<script/>', /outermost element is script/],
    ['text', 'hello', /not XML/],
    ['a script that is cut off', good.slice(0, 9000), /can not be read/],
    ['entities that grow', `<!DOCTYPE x [<!ENTITY l0 "lol">${lol}]><ivrScript>&l10;</ivrScript>`, /document type/],
    [
      'an entity of a file',
      '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><ivrScript>&f;</ivrScript>',
      /document type/,
    ],
    ['an unknown entity', '<ivrScript>&f;</ivrScript>', /can not be read/],
    ['deep nesting', `<ivrScript>${'<a>'.repeat(50_000)}`, /nested/],
    ['more elements than any script has', `<ivrScript>${'<a/>'.repeat(150_001)}</ivrScript>`, /elements/],
    ['more bytes than any script has', `<ivrScript>${' '.repeat(10_000_000)}</ivrScript>`, /larger/],
    [
      'an encoding that nobody knows',
      '<?xml version="1.0" encoding="EBCDIC-13"?><ivrScript/>',
      /encoding is not known/,
    ],
    ['control characters', '<ivrScript>\u0000</ivrScript>', /can not be read/],
  ])('that is %s is refused, and why', (_name, text, why) => {
    expect(() => readExport(Buffer.from(text))).toThrowError(
      expect.objectContaining({ message: expect.stringMatching(why), hint: expect.stringMatching(/Export/) }),
    );
  });

  it.each([
    ['a zip archive', Buffer.from('PK\u0003\u0004 made up'), /zip/],
    ['a gzip file', gzipSync(tiny), /gzip/],
    [
      'broken UTF-8',
      Buffer.concat([Buffer.from('<ivrScript>'), Buffer.from([0xff, 0xc3]), Buffer.from('</ivrScript>')]),
      /no such text/,
    ],
  ])('that is %s is refused, and why', (_name, bytes, why) => {
    expect(() => readExport(bytes)).toThrow(why);
  });
});

describe('what was made to do harm', () => {
  it('a packed body that grows without end is not unpacked', () => {
    const bomb = packed('0'.repeat(200_000_000));
    const findings = audit(changed(good, 'Register', (block) => replaced(block, /<base64>.*</, `<base64>${bomb}<`)));

    expect(findings.map(({ rule }) => rule)).toEqual(['query.body']);
  });

  it('a regular expression that tries for ever is given up', () => {
    const endless = '&quot;status&quot;:(([a-z&quot;,:_A-Z0-9 -]+)+)+#';
    const startedAt = performance.now();
    const findings = audit(
      changed(good, 'Register', (block) => replaced(block, /(?<=<regexp>\s*)<regexp>[^<]*/, `<regexp>${endless}`)),
    );

    expect(findings).toContainEqual(
      expect.objectContaining({ rule: 'response.fit', what: expect.stringMatching(/too long/) }),
    );
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('never tells the secret that it found', () => {
    const secret =
      '<headers><entry><key>X-API-Key</key><value><isVarSelected>false</isVarSelected><stringValue><value>made-up-key-0123</value></stringValue></value></entry></headers>';
    const findings = audit(changed(good, 'Register', (block) => replaced(block, '<headers/>', secret)));

    expect(findings.map(({ rule }) => rule)).toEqual(['secrets.query']);
    expect(JSON.stringify(findings)).not.toContain('made-up-key');
  });
});

describe('a script that was changed anyhow', () => {
  const lines = good.split('\n');
  const nodes = [...good.matchAll(/<(\w+)>[^<]*<\/\1>/g)].map(({ index, 0: text }) => ({ index, text }));

  const judge = (text: string) => {
    const startedAt = performance.now();
    try {
      auditScript(readExport(Buffer.from(text)), context);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
    }
    expect(performance.now() - startedAt).toBeLessThan(1000);
  };

  it('never breaks the audit, nor holds it up: lines taken away, doubled or swapped', () => {
    const place = fc.nat(lines.length - 1);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('cut', 'double', 'swap'), place, place), { minLength: 1, maxLength: 5 }),
        (steps) => {
          const text = [...lines];
          for (const [what, one, other] of steps) {
            if (what === 'cut') text[one] = '';
            if (what === 'double') text[one] = `${text[one]}\n${text[other]}`;
            if (what === 'swap') [text[one], text[other]] = [text[other] ?? '', text[one] ?? ''];
          }
          judge(text.join('\n'));
        },
      ),
      { numRuns: 120 },
    );
  });

  it('never breaks the audit: elements emptied, filled with others or with odd texts', () => {
    const odd = fc.oneof(
      fc.constantFrom('', '-1', '99999999999', '__proto__', 'constructor', '((((', '{{', '\\', '%', 'x'.repeat(5000)),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(nodes.length - 1), odd), { minLength: 1, maxLength: 8 }), (steps) => {
        let text = good;
        for (const [index, by] of steps.toSorted(([one], [other]) => other - one)) {
          const node = nodes[index];
          if (!node) continue;
          const safe = by.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
          const after = node.text.replace(/>[^<]*</, () => `>${safe}<`);
          text = text.slice(0, node.index) + after + text.slice(node.index + node.text.length);
        }
        judge(text);
      }),
      { numRuns: 200 },
    );
  });

  it('never breaks the audit: bytes changed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.string({ minLength: 1, maxLength: 2 })), {
          minLength: 1,
          maxLength: 4,
        }),
        (steps) => {
          let text = good;
          for (const [index, by] of steps) text = text.slice(0, index) + by + text.slice(index + by.length);
          judge(text);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("Java's regular expressions", () => {
  it.each([
    ['"a":"([^"]*)"', 'pattern'],
    ['(?s)\\{"a":"(.*?)"\\}', 'pattern'],
    ['\\Q{"a":"\\E([^"]*+)"', 'pattern'],
    ['[]a]+(?>b|c)\\z', 'pattern'],
    ['{"a":"([^"]*)"', 'broken'],
    ['"a":"([^"]*"', 'broken'],
    ['*a', 'broken'],
    ['[a-', 'broken'],
    ['a\\', 'broken'],
    ['\\j', 'broken'],
    ['(?<my_name>a)', 'broken'],
    ['[a[bc]]', 'unknown'],
    ['a(?i)b', 'unknown'],
  ])('%s is %s', (pattern, kind) => {
    expect(translateJava(pattern, 0).kind).toBe(kind);
  });
});
