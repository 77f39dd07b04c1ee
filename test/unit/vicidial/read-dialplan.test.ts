import { describe, expect, it } from 'vitest';
import { VicidialConfig } from '../../../connectors/vicidial/index.ts';
import { readPeers } from '../../../connectors/vicidial/setup/dialplan/account-entry.ts';
import { calledNumber } from '../../../connectors/vicidial/setup/dialplan/called-number.ts';
import { factsOf, handlerHeaders } from '../../../connectors/vicidial/setup/dialplan/entry-facts.ts';
import {
  compareExactness,
  matchesPattern,
  patternsMeet,
  prefixOf,
} from '../../../connectors/vicidial/setup/dialplan/match-pattern.ts';
import { readDialplan } from '../../../connectors/vicidial/setup/dialplan/read-dialplan.ts';
import { splitArguments } from '../../../connectors/vicidial/setup/dialplan/split-arguments.ts';
import { carrierSnippets } from '../../../connectors/vicidial/setup/snippets/carrier.ts';

const exten = (digits: string) => `\${EXTEN:${digits}}`;
const entryOf = (text: string) => {
  const [extension] = readDialplan(text);
  if (!extension) throw new Error('the text has no extension');
  return extension;
};
const facts = (text: string) => factsOf(entryOf(text));

function snippet(name: string, way: Parameters<typeof carrierSnippets>[1], tech: 'chan_sip' | 'pjsip' = 'chan_sip') {
  const config = VicidialConfig.parse({
    type: 'vicidial',
    api: { url: 'http://dialer.example.com/vicidial/non_agent_api.php', user: 'patchbay', pass: 'apiPass77' },
    database: { host: 'dialer.example.com', user: 'reader', password: 'databasePass77' },
    timeZone: 'America/Denver',
    fastAgi: {},
    carrier: { tech, host: 'sip.platform.example.com' },
  });
  const site = { id: 'vicidial', config, publicUrl: 'https://patchbay.example.com' };
  return carrierSnippets(site, way).find((each) => each.name === name)?.text ?? '';
}

describe('the reader of a dialplan', () => {
  it('reads priorities, labels, same, comments and sections', () => {
    const text = [
      '; a comment',
      'exten => _7700X.,1,AGI(agi://127.0.0.1:4577/call_log) ; the first',
      'exten => _7700X.,n(ask),Set(A=b\\;c)',
      ' same => n,Dial(SIP/p/1,55,To)',
      '[mine]',
      'exten=h,1,Hangup()\r',
    ].join('\n');

    expect(readDialplan(text)).toEqual([
      {
        context: '',
        pattern: '_7700X.',
        lines: [
          { label: '', application: 'AGI', args: 'agi://127.0.0.1:4577/call_log' },
          { label: 'ask', application: 'Set', args: 'A=b;c' },
          { label: '', application: 'Dial', args: 'SIP/p/1,55,To' },
        ],
      },
      { context: 'mine', pattern: 'h', lines: [{ label: '', application: 'Hangup', args: '' }] },
    ]);
  });

  it('goes by the priorities, not by the order of the lines, and reads the old form of arguments', () => {
    const text = 'exten => 8,3,Hangup\nexten => 8,1,Answer\nexten => 8,2,Dial,SIP/p|55\nexten => 8,hint,SIP/p';

    expect(entryOf(text).lines.map(({ application, args }) => [application, args])).toEqual([
      ['Answer', ''],
      ['Dial', 'SIP/p|55'],
      ['Hangup', ''],
    ]);
  });

  it.each([
    ['_7700X.', '770019895551234', true, '7700'],
    ['_7700X.', '7700', false, '7700'],
    ['_9797X.', '97919895551234', false, '9797'],
    ['_91NXXNXXXXXX', '913035551000', true, '91'],
    ['_91NXXNXXXXXX', '911035551000', false, '91'],
    ['_9[2-4]Z!', '935', true, '9'],
    ['_9[2-4]Z!', '985', false, '9'],
    ['7700', '7700', true, '7700'],
    ['_77.XX', '771', true, '77'],
  ])('fits %s to %s: %s, beginning with %s', (pattern, dialled, isFitting, prefix) => {
    expect(matchesPattern(pattern, dialled)).toBe(isFitting);
    expect(prefixOf(pattern)).toBe(prefix);
  });

  it('leaves out comments of several lines, and hyphens that are for the eye', () => {
    const text = [
      ';-- exten => _1X.,1,Hangup()',
      'exten => _2X.,1,Hangup() --;exten => _91-NXX-[2-9]XX-XXXX,1,Hangup()',
      ';--- exten => _3X.,1,Hangup()',
      'exten => _4X.,1,Hangup()',
    ].join('\n');

    expect(readDialplan(text).map(({ pattern }) => pattern)).toEqual(['_91NXX[2-9]XXXXXX', '_4X.']);
  });

  it.each([
    ['_97X.', '_91NXXNXXXXXX', false],
    ['_97X.', '_9NXXNXXXXXX', true],
    ['_7700X.', '_NXXNXXXXXX', false],
    ['_9[1-3]!', '_91NXXNXXXXXX', true],
    ['_9NXXNXXXXX', '_9NXXNXXXXXX', false],
  ])('knows that %s and %s have a number in common: %s', (pattern, form, isMet) => {
    expect(patternsMeet(pattern, form)).toBe(isMet);
  });

  it('puts patterns in the order in which Asterisk takes them', () => {
    const patterns = ['_X.', '_7700!', '_7700X.', '_77001NXXNXXXXXX', '_77XX.', '770019895551234'];

    expect(patterns.toSorted(compareExactness)).toEqual([
      '770019895551234',
      '_77001NXXNXXXXXX',
      '_7700X.',
      '_7700!',
      '_77XX.',
      '_X.',
    ]);
  });

  it.each([
    [`+${exten('4')}`, '19895551234'],
    [`1${exten('5')}`, '19895551234'],
    [exten('-11'), '19895551234'],
    [exten('4:3'), '198'],
    ['+19895551234', '19895551234'],
    [`\${NUMBER}`, null],
  ])('makes a number of %s', (user, number) => {
    expect(calledNumber(user, '770019895551234')).toBe(number);
  });

  it('parts arguments at commas outside of brackets and quotes', () => {
    expect(splitArguments(`SIP/p/\${A(b,c)},55,To"x,y",\\,z`)).toEqual([`SIP/p/\${A(b,c)}`, '55', 'To"x,y"', '\\,z']);
  });
});

describe('the facts of an entry', () => {
  it.each(['curl', 'hash', 'json', 'fastagi', 'set-variables'] as const)('are right for our own entry by %s', (way) => {
    const read = facts(snippet('carrier-dialplan', way));

    expect(read).toMatchObject({ callLogAt: 0, unset: [] });
    expect(read.dials).toMatchObject([{ tech: 'SIP', peer: 'SigmaMind', strip: 4, handler: '' }]);
    expect(read.removesAt).toBe(1);
    expect(read.way).toBe(['hash', 'json'].includes(way) ? 'curl' : way);
    expect(read.isUnnamed).toBe(way === 'curl' || way === 'fastagi');
    if (read.way === 'curl') {
      expect(read.asks).toEqual(['https://patchbay.example.com/v1/ivr/vicidial/headers']);
      expect(read.curlOptions).toEqual(expect.arrayContaining(['conntimeout', 'httptimeout', 'failurecodes']));
    }
    if (way === 'fastagi') expect(read.asks).toEqual(['agi://127.0.0.1:4573/vicidial']);
    if (way === 'hash') expect(read.headers.map(({ name }) => name)).toContain('X-first_name');
  });

  it('name the handler of PJSIP and the headers that it adds', () => {
    const read = facts(snippet('carrier-dialplan', 'hash', 'pjsip'));
    const handler = entryOf(snippet('carrier-handler', 'hash', 'pjsip'));

    expect(read.dials).toMatchObject([{ tech: 'PJSIP', peer: 'SigmaMind', strip: 4, handler: 'patchbay-headers' }]);
    expect(handler.context).toBe('patchbay-headers');
    expect(handlerHeaders(handler)).toEqual(['X-correlation_id', 'X-lead_id', 'X-first_name', 'X-caller_code']);
  });

  it('tell a variable that nothing sets, a header without X-, and a host in the Dial; and show no key', () => {
    const text = [
      `exten => _9797X.,1,SIPAddHeader(City: \${city})`,
      'exten => _9797X.,n,Set(CURLOPT(httpheader)=X-Api-Key: pb_secret)',
      `exten => _9797X.,n,Set(A=\${CURL(https://user:pass@patchbay.example.com/v1?x=1)})`,
      `exten => _9797X.,n,Dial(SIP/+${exten('3')}@sip.platform.example.com,55)`,
    ].join('\n');

    const read = facts(text);

    expect(read).toMatchObject({ callLogAt: -1, unset: ['city'], headers: [{ at: 0, name: 'City', by: 'sip' }] });
    expect(read.dials).toMatchObject([{ peer: 'sip.platform.example.com', strip: 3 }]);
    expect(read.asks).toEqual(['https://patchbay.example.com/v1']);
    expect(JSON.stringify(read)).not.toMatch(/pb_secret|pass@/);
  });
});

describe('the Dial of an entry', () => {
  it.each([
    [`SIP/platform/+${exten('4')}`, 'platform', `+${exten('4')}`],
    [`SIP/${exten('4')}@sip.platform.example.com`, 'sip.platform.example.com', exten('4')],
    [`PJSIP/+${exten('4')}@platform`, 'platform', `+${exten('4')}`],
    [`PJSIP/platform/sip:+${exten('4')}@sip.platform.example.com`, 'platform', `+${exten('4')}`],
    [`\${TRUNK}/${exten('4')}`, '', exten('4')],
  ])('of %s goes to %s', (target, peer, user) => {
    expect(facts(`exten => _7700X.,1,Dial(${target},55,To)`).dials).toMatchObject([{ peer, user }]);
  });

  it('does not call a variable unset that the entry sets', () => {
    const text = `exten => _7700X.,1,Set(__city=Denver)\nexten => _7700X.,n,SIPAddHeader(X-city: \${city})`;

    expect(facts(text).unset).toEqual([]);
  });
});

describe('an account entry', () => {
  it.each(['chan_sip', 'pjsip'] as const)('of our own for %s names host and transport', (tech) => {
    expect(readPeers(snippet('carrier-account', 'hash', tech))).toMatchObject([
      { name: 'SigmaMind', host: 'sip.platform.example.com', transport: 'tcp' },
    ]);
  });

  it('over UDP unless it says otherwise, and without its log-in', () => {
    const text = '[trunk]\ntype=peer\nhost=sip.carrier.example\nusername=ada\nsecret=hidden77 ; a comment';

    expect(readPeers(text)).toEqual([{ name: 'trunk', host: 'sip.carrier.example', transport: 'udp' }]);
  });
});
