import { describe, expect, it } from 'vitest';
import { mintCorrelationId } from '../../../src/domain/correlation-id.ts';
import { hideNumbers } from '../../../src/flows/support-bundle/hide-numbers.ts';
import { createRedactionGate } from '../../../src/flows/support-bundle/redaction-gate.ts';

const password = 's3cr"et/Pa+ss & wörd';
const gate = createRedactionGate([password, 'Bearer long-token-of-the-scrub', 'abc']);

describe('the gate hides a secret', () => {
  it.each<[string, string]>([
    ['as it is', password],
    ['inside a word', `x${password}y`],
    ['in other case', password.toUpperCase()],
    ['in a URL', encodeURIComponent(password)],
    ['in a form', new URLSearchParams({ p: password }).toString()],
    ['in a URL within a URL', encodeURIComponent(encodeURIComponent(password))],
    ['in JSON', JSON.stringify({ password })],
    ['in XML', '<p>s3cr&quot;et/Pa+ss &amp; wörd</p>'],
    ['in hex', Buffer.from(password).toString('hex')],
    ['in base64', Buffer.from(password).toString('base64')],
    ['in base64 after a user', Buffer.from(`ada:${password}`).toString('base64')],
    ['in base64 between others', Buffer.from(`ad:${password}:more`).toString('base64')],
    ['in URL-safe base64', Buffer.from(`a${password}`).toString('base64url')],
    ['that is a part of what is configured', 'long-token-of-the-scrub'],
  ])('%s', (_how, text) => {
    const clean = gate.text(`before ${text} after`);

    expect(clean).toMatch(/^before .*after$/);
    expect(clean).toMatch(/\[(secret|hidden)\]/);
    for (const part of ['s3cr', 'wörd', 'long-token']) expect(readings(clean).join('\n')).not.toContain(part);
  });

  it('of three characters where it stands by itself', () => {
    expect(gate.text('pin abc, abcd')).toBe('pin [secret], abcd');
  });

  it.each([
    ['Authorization: Basic YWRhOm90aGVy', 'YWRhOm90aGVy'],
    ['mysql://ada:other@db.example/x', 'other'],
    ['GET /x?token=other-one&a=1', 'other-one'],
    ['key pb_0123abcd4567', 'pb_0123abcd'],
  ])('that it was never told of: %s', (text, hidden) => {
    expect(gate.text(text)).not.toContain(hidden);
  });
});

describe('the gate hides a number', () => {
  it.each([
    '+13035550111',
    '13035550111',
    '3035550111',
    '5550111',
    '303-555-0111',
    '(303) 555-0111',
    '+1 (303) 555-0111',
    '+1.303.555.0111',
    '1 303 555 0111',
    '303/555-0111',
    '+44 20 7946 0958',
    '00442079460958',
    '+49 (0) 30 555 01234',
    '303\u2011555\u20110111',
    '303\u00a0555\u00a00111',
    '\uff13\uff10\uff13\uff15\uff15\uff15\uff10\uff11\uff11\uff11',
    '%2B13035550111',
    '303%20555%200111',
    '%33%30%33%35%35%35%30%31%31%31',
    'tel:+13035550111',
    'sip:13035550111@sip.example',
    'n3035550111x',
    '2026-11-21,3035550111',
    '770013035550111',
    Buffer.from('+13035550111').toString('base64'),
    Buffer.from('call 303-555-0111 now').toString('base64'),
  ])('%s', (number) => {
    const clean = gate.text(`before ${number} after`);

    expect(clean).toMatch(/\[(number|hidden)\]/);
    expect(clean).not.toMatch(/0111|0958|1234/);
  });

  it('as a value, and as a key', () => {
    const value = { '+13035550111': 'ada', number: 3035550111, list: ['x 3035550111'], deep: { at: 13035550111n } };

    expect(gate.value(value)).toEqual({
      '[number]': 'ada',
      number: '[number]',
      list: ['x [number]'],
      deep: { at: '[number]' },
    });
  });
});

describe('the gate leaves', () => {
  it.each([
    '2026-11-21T14:03:07.120Z',
    '2026-11-21 14:03:07',
    '2026-11-21T14:03:07+01:00',
    '2026-11-21',
    '3f2b8c1e-1111-4222-8333-123456789012',
    '10.10.10.15:5038',
    '127.0.0.1',
    'V1121140307000001234',
    '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    '13.6.233.10-node.28',
    '11.4.2-MariaDB',
    'carousel:remote-agent.server',
    '8 of 10 done in 1500 ms, 3 % of 123456',
    '[200, 404, 500]',
    'refused: "AI - Sale" is no disposition of "Spring outbound"',
    'https://patchbay.example.com/v1/ivr/five9/register',
  ])('%s', (text) => {
    expect(gate.text(`before ${text} after`)).toBe(`before ${text} after`);
  });

  it('our own IDs, however many digits they have, and nothing that only looks like one', () => {
    const id = mintCorrelationId((count) => Uint8Array.from({ length: count }, (_, at) => (at === 3 ? 12 : at % 10)));

    expect(id).toMatch(/\d{7}/);
    expect(hideNumbers(`call ${id} ended`)).toBe(`call ${id} ended`);
    expect(hideNumbers('call 012c4567890123 ended')).toContain('[number]');
  });

  it('counts and measures by their key, and what is counted in metrics', () => {
    const counts = { count: 2_500_000, sizeBytes: 123_456_789, tookMs: 1_234_567 };
    const metrics = 'patchbay_facts_total{kind="started"} 25000000\nprocess_start_time_seconds 1795270000.123';

    expect(gate.value(counts)).toEqual(counts);
    expect(gate.metrics(metrics)).toBe(metrics);
    expect(gate.metrics('patchbay_x{number="3035550111"} 1')).toBe('patchbay_x{number="[number]"} 1');
  });
});

/** A text, and what can be decoded of it. */
function readings(text: string): string[] {
  const words = text.match(/[A-Za-z0-9+/_-]{6,}={0,2}/g) ?? [];
  return [
    text,
    ...words.flatMap((word) => [Buffer.from(word, 'base64').toString(), Buffer.from(word, 'hex').toString()]),
  ];
}
