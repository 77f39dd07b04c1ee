import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { SignatureConfig } from '../../../connectors/sigmamind/config.ts';
import { isKnownToken, ruleOf, type SignatureRule, sign, verify } from '../../../connectors/sigmamind/signature.ts';

const body = Buffer.from('{"event":"conversation_ended"}');
const nowMs = 1_772_445_600_000;
const oldSecret = 'old-secret-0000000000000000000001';
const newSecret = 'new-secret-0000000000000000000002';

it('signs as an independent HMAC does', () => {
  const expected = createHmac('sha256', newSecret).update(body).digest('hex');

  expect(sign(rule({ secrets: [newSecret] }), body, nowMs, '')).toEqual({
    'x-sigmamind-signature': `sha256=${expected}`,
  });
  expect(verify(rule({ secrets: [newSecret] }), body, { 'x-sigmamind-signature': expected }, nowMs).isGood).toBe(true);
});

it('accepts every secret while they are being changed, and denies when there is none', () => {
  const headers = sign(rule({ secrets: [oldSecret] }), body, nowMs, '');

  expect(verify(rule({ secrets: [newSecret, oldSecret] }), body, headers, nowMs).isGood).toBe(true);
  expect(verify(rule({ secrets: [newSecret] }), body, headers, nowMs).isGood).toBe(false);
  expect(verify(rule({ secrets: [] }), body, headers, nowMs).isGood).toBe(false);
});

it("follows the example of Standard Webhooks' own specification", () => {
  const standard = rule({ preset: 'standard-webhooks', secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] });
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1a,bm90LW91cnM= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const example = Buffer.from('{"test": 2432232314}');

  expect(verify(standard, example, headers, 1_614_265_330_000).isGood).toBe(true);
  expect(verify(standard, example, headers, 1_614_265_330_000 + 301_000).isGood).toBe(false);
  expect(verify(standard, example, headers, 1_614_265_330_000 - 301_000).isGood).toBe(false);
});

it.each([
  ['seconds', String(nowMs / 1000)],
  ['milliseconds', String(nowMs)],
  ['ISO-8601', new Date(nowMs).toISOString()],
])('reads a timestamp in %s', (_name, timestamp) => {
  const timed = rule({ signed: 'timestamp.body', timestampHeader: 'X-Time', secrets: [newSecret] });
  const signature = createHmac('sha256', newSecret).update(`${timestamp}.`).update(body).digest('hex');

  expect(verify(timed, body, { 'x-time': timestamp, 'x-sigmamind-signature': signature }, nowMs).isGood).toBe(true);
});

it('knows a token only as a whole', () => {
  const tokens = ['token-one-0000000000000000', 'token-two-0000000000000000'];

  expect(isKnownToken(tokens, 'token-two-0000000000000000')).toBe(true);
  for (const wrong of ['token-two-000000000000000', 'token-two-00000000000000000', '', undefined]) {
    expect(isKnownToken(tokens, wrong)).toBe(false);
  }
  expect(isKnownToken([], '')).toBe(false);
});

function rule(config: object): SignatureRule {
  const made = ruleOf(SignatureConfig.parse(config));
  if (!made) throw new Error('no rule');
  return made;
}
