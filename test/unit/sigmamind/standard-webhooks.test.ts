import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, vi } from 'vitest';
import { SignatureConfig } from '../../../connectors/sigmamind/config.ts';
import { ruleOf, type SignatureRule, sign, verify } from '../../../connectors/sigmamind/signature.ts';

const nowMs = 1_772_445_600_000;
const nowSec = nowMs / 1000;
const secret = `whsec_${Buffer.from('a key of thirty-two bytes, always').toString('base64')}`;
const nextSecret = `whsec_${Buffer.from('the key that comes after the first').toString('base64')}`;
const id = 'msg_ada';
const payload = '{"event":"conversation_ended","callId":"call_ada"}';

describe('Standard Webhooks, beside its reference implementation', () => {
  it.each([
    ['an event', payload],
    ['an empty body', ''],
    ['letters of other scripts', '{"name":"Zoë 東京 🙂"}'],
    ['line breaks and blanks at the end', '{"a":1}\r\n  '],
  ])('accepts what it signs, and signs what it accepts: %s', (_name, text) => {
    const theirs = headersOf(new Webhook(secret).sign(id, new Date(nowMs), text));
    const ours = sign(ruleWith(secret), Buffer.from(text), nowMs, id);

    expect(isAccepted(text, theirs)).toBe(true);
    expect(ours).toEqual(theirs);
    expect(() => theyVerify(text, ours)).not.toThrow();
  });

  it('agrees on random bodies, ids and times', () => {
    const times = fc.integer({ min: 1_000_000_000, max: 4_000_000_000 });
    const ids = fc.stringMatching(/^[\w-]{1,40}$/);

    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), ids, times, (text, name, seconds) => {
        const signature = new Webhook(secret).sign(name, new Date(seconds * 1000), text);

        expect(sign(ruleWith(secret), Buffer.from(text), seconds * 1000, name)['webhook-signature']).toBe(signature);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['with whsec_', secret],
    ['without', secret.slice('whsec_'.length)],
    ['unpadded', secret.replace(/=+$/, '')],
  ])('reads a secret %s as it does', (_name, given) => {
    const theirs = headersOf(new Webhook(secret).sign(id, new Date(nowMs), payload));

    expect(isAccepted(payload, theirs, [given])).toBe(true);
    expect(sign(ruleWith(given), Buffer.from(payload), nowMs, id)).toEqual(theirs);
  });

  it('reads a secret as it is where the configuration says so, as it does in its raw format', () => {
    const raw = 'mK9vQ2xR7tLw4nZb8cYd3fGh6jPs1uVa';
    const theirs = headersOf(new Webhook(raw, { format: 'raw' }).sign(id, new Date(nowMs), payload));

    const rule = ruleOf(SignatureConfig.parse({ preset: 'standard-webhooks', keyEncoding: 'utf8', secrets: [raw] }));

    expect(rule && verify(rule, Buffer.from(payload), theirs, nowMs).isGood).toBe(true);
    expect(isAccepted(payload, theirs, [raw])).toBe(false);
  });

  const good = new Webhook(secret).sign(id, new Date(nowMs), payload);
  const other = new Webhook(nextSecret).sign(id, new Date(nowMs), payload);

  it.each([
    ['after one of another secret', `${other} ${good}`],
    ['before one of another secret', `${good} ${other}`],
    ['after another version', `v1a,${good.slice(3)} ${good}`],
    ['twice', `${good} ${good}`],
  ])('both accept a right signature among several: %s', (_name, signature) => {
    expect(isAccepted(payload, headersOf(signature))).toBe(true);
    expect(() => theyVerify(payload, headersOf(signature))).not.toThrow();
  });

  it.each([
    ['wrong', other],
    ['cut', good.slice(0, -2)],
    ['cut to nothing', 'v1,'],
    ['padded', `${good}=`],
    ['longer', `${good}AAAA`],
    ['of another version only', `v1a,${good.slice(3)}`],
    ['without a version', good.slice(3)],
    ['in upper case', good.toUpperCase()],
    ['in hex', `v1,${Buffer.from(good.slice(3), 'base64').toString('hex')}`],
    ['empty', ''],
  ])('both deny a signature that is %s', (_name, signature) => {
    expect(isAccepted(payload, headersOf(signature))).toBe(false);
    expect(() => theyVerify(payload, headersOf(signature))).toThrow();
  });

  it.each([
    ['webhook-id', ''],
    ['webhook-id', 'msg_eve'],
    ['webhook-timestamp', ''],
    ['webhook-timestamp', 'yesterday'],
    ['webhook-timestamp', String(nowSec + 1)],
    ['webhook-timestamp', String(nowMs)],
    ['webhook-signature', ''],
  ])('both deny when %s is %j', (name, value) => {
    const changed = { ...headersOf(good), [name]: value };
    const { [name]: _, ...missing } = headersOf(good);

    for (const headers of [changed, missing]) {
      expect(isAccepted(payload, headers)).toBe(false);
      expect(() => theyVerify(payload, headers)).toThrow();
    }
  });

  it.each([
    [300, 0, true],
    [300, 999, true],
    [301, 0, false],
    [-300, 0, true],
    [-300, 999, true],
    [-301, 0, false],
  ])('both draw the line of the tolerance at the same second: %i s old and %i ms', (ageSec, ms, isGood) => {
    const headers = headersOf(new Webhook(secret).sign(id, new Date(nowMs), payload));
    const at = nowMs + ageSec * 1000 + ms;

    expect(isAccepted(payload, headers, [secret], at)).toBe(isGood);
    expect(isTheirs(payload, headers, at)).toBe(isGood);
  });

  it('both deny a time in milliseconds, though it is signed', () => {
    const signature = new Webhook(secret).sign(id, new Date(nowMs * 1000), payload);
    const headers = { ...headersOf(signature), 'webhook-timestamp': String(nowMs) };

    expect(isAccepted(payload, headers)).toBe(false);
    expect(isTheirs(payload, headers, nowMs)).toBe(false);
  });

  it('accepts both secrets while they are being changed, and the old one no more after that', () => {
    const before = headersOf(good);
    const after = headersOf(other);

    expect([before, after].map((headers) => isAccepted(payload, headers, [nextSecret, secret]))).toEqual([true, true]);
    expect([before, after].map((headers) => isAccepted(payload, headers, [nextSecret]))).toEqual([false, true]);
  });
});

describe('where it is stricter than the reference', () => {
  const good = new Webhook(secret).sign(id, new Date(nowMs), payload);

  it.each([
    ['a doubled header', { 'webhook-signature': `${good}, ${good}` }],
    ['a doubled id', { 'webhook-id': `${id}, ${id}` }],
    ['something behind the signature', { 'webhook-signature': `${good},v1` }],
    ['a time with something behind it', { 'webhook-timestamp': `${nowSec} seconds` }],
  ])('denies %s', (_name, change) => {
    expect(isAccepted(payload, { ...headersOf(good), ...change })).toBe(false);
  });

  it('signs the bytes as they are, not what they become as a text', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    const ours = sign(ruleWith(secret), bytes, nowMs, id);
    const theirs = headersOf(new Webhook(secret).sign(id, new Date(nowMs), bytes));

    expect(verify(ruleWith(secret), bytes, ours, nowMs).isGood).toBe(true);
    expect(verify(ruleWith(secret), bytes, theirs, nowMs).isGood).toBe(false);
  });

  it.each(['whsec_', 'whsec_==', 'not base64 at all!', 'whsec_%%%%%%%%%%%%'])(
    'has no use for the secret %j',
    (given) => {
      expect(SignatureConfig.safeParse({ preset: 'standard-webhooks', secrets: [given] }).success).toBe(false);
    },
  );

  it('never takes an empty key, whatever the configuration let through', () => {
    const empty = { ...ruleWith(secret), secrets: ['whsec_'] };

    expect(verify(empty, Buffer.from(payload), sign(empty, Buffer.from(payload), nowMs, id), nowMs).isGood).toBe(false);
  });
});

function ruleWith(...secrets: string[]): SignatureRule {
  const rule = ruleOf(SignatureConfig.parse({ preset: 'standard-webhooks', secrets }));
  if (!rule) throw new Error('no rule');
  return rule;
}

function headersOf(signature: string): Record<string, string> {
  return { 'webhook-id': id, 'webhook-timestamp': String(nowSec), 'webhook-signature': signature };
}

function isAccepted(text: string, headers: Record<string, string>, secrets = [secret], at = nowMs): boolean {
  return verify(ruleWith(...secrets), Buffer.from(text), headers, at).isGood;
}

/** The reference asks the machine's clock itself. */
function theyVerify(text: string, headers: Record<string, string>, at = nowMs): void {
  vi.useFakeTimers({ now: at });
  try {
    new Webhook(secret).verify(text, headers, { jsonParse: false });
  } finally {
    vi.useRealTimers();
  }
}

function isTheirs(text: string, headers: Record<string, string>, at: number): boolean {
  try {
    theyVerify(text, headers, at);
    return true;
  } catch {
    return false;
  }
}
