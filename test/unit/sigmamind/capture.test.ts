import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Captured } from '../../../connectors/sigmamind/capture/capture.ts';
import { SigmamindConfig, SignatureConfig } from '../../../connectors/sigmamind/config.ts';
import { sigmamind } from '../../../connectors/sigmamind/index.ts';
import { ruleOf, verify } from '../../../connectors/sigmamind/signature.ts';
import type { PlainRequest } from '../../../src/domain/connector.ts';
import { eventually } from '../../support/eventually.ts';
import { testConnectorDeps } from './test-deps.ts';

const nowMs = Date.parse('2026-03-02T15:00:00.000Z');
const token = 'event-token-0123456789abcdef';
const secret = 'mK9vQ2xR7tLw4nZb8cYd3fGh6jPs1uVa';
const apiKey = 'api-key-canary-000000000000001';
const seconds = String(nowMs / 1000);

/** Everything in it that must not show: each value is found by its text. */
const canaries = ['+13035550111', '3035550111', 'Ada', 'canary', 'call_c4n4ry', '7k3m9qzx0abc4d', 'recording-room'];
const body = JSON.stringify({
  event: 'conversation_ended',
  callId: 'call_c4n4ry',
  fromNumber: '+13035550111',
  startTime: '2026-03-02T14:58:00.000Z',
  data: {
    transcript: 'Agent: Hello Ada, this is a canary',
    duration: 1203035550111,
    recordingUrl: 'https://recordings.example.com/recording-room-3035550111.mp3',
    dynamicVariables: {
      correlation_id: '7k3m9qzx0abc4d',
      first_name: 'Ada',
      '+13035550111': 'canary',
      [secret]: 'canary',
    },
    items: [{ name: 'Ada', tags: [] }],
    nothing: null,
  },
});

let cursor: string;
beforeEach(() => {
  cursor = '';
});

describe('capture mode', () => {
  it('shows names, types and forms of a delivery, and none of its values', async () => {
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const seen = await capture({
      'x-hub-signature': `sha256=${signature}`,
      'x-caller-3035550111': 'Ada',
      host: 'canary',
    });

    const [shown] = seen;
    expect(shown?.headers).toEqual(['x-hub-signature', '(a name that may be a value)', 'host']);
    expect(shown?.signatures).toEqual({ 'x-hub-signature': '"sha256=" and 64 characters of hex, as long as SHA-256' });
    expect(shown?.found).toEqual(
      expect.arrayContaining(['event', 'call id', "customer's number", 'our correlation ID']),
    );
    expect(shown?.body).toEqual([
      'event: text',
      'callId: text',
      'fromNumber: text, a phone number',
      'startTime: text, a time',
      'data: object',
      '  transcript: text',
      '  duration: number',
      '  recordingUrl: text, a URL',
      '  dynamicVariables: object',
      '    correlation_id: text',
      '    first_name: text',
      '    (a name that may be a value): text',
      '    (a name that may be a value): text',
      '  items: list of object',
      '    name: text',
      '    tags: list of nothing',
      '  nothing: null',
    ]);
    const printed = `${await print()}${await print(true)}${cursor}`;
    for (const value of [...canaries, secret, token, apiKey, signature, String(nowMs)])
      expect(printed).not.toContain(value);
  });

  const hmac = (algo: string, text: string, encoding: 'hex' | 'base64', key: string | Buffer = secret) =>
    createHmac(algo, key).update(text).digest(encoding);
  const standard = `whsec_${Buffer.from(secret).toString('base64')}`;

  it.each<[string, Record<string, string>, string[]]>([
    ['the body in hex', { 'x-signature': hmac('sha256', body, 'hex') }, [secret]],
    ['the body in base64, with a prefix', { 'x-hmac': `v1=${hmac('sha512', body, 'base64')}` }, [secret]],
    ['the body by a base64 key', { 'x-sig': hmac('sha1', body, 'hex', Buffer.from(secret, 'base64')) }, [secret]],
    [
      'the time and the body, by the second of two secrets',
      { 'x-signature': hmac('sha256', `${seconds}.${body}`, 'hex'), 'x-time': seconds },
      ['another-secret-0000000001', secret],
    ],
    [
      'id, time and body in headers of its own',
      { 'x-sign': hmac('sha256', `msg_1.${seconds}.${body}`, 'base64'), 'x-at': seconds, 'x-id': 'msg_1' },
      [secret],
    ],
    ['the body by the API key', { 'x-signature': hmac('sha256', body, 'hex', apiKey) }, [apiKey]],
    [
      'Standard Webhooks',
      {
        'webhook-id': 'msg_1',
        'webhook-timestamp': seconds,
        'webhook-signature': `v1,AAAA ${new Webhook(standard).sign('msg_1', new Date(nowMs), body)}`,
      },
      [standard],
    ],
  ])('proposes a configuration that verifies what was seen: %s', async (_name, headers, secrets) => {
    await capture(headers, { secrets: secrets.filter((each) => each !== apiKey) });

    const text = await print();
    const yaml = text.slice(text.indexOf('platforms:')).replace(/secrets: .*/, `secrets: ${JSON.stringify(secrets)}`);
    const proposed = (parse(yaml) as { platforms: { sigmamind: { webhook: { signature: unknown } } } }).platforms;
    const rule = ruleOf(SignatureConfig.parse(proposed.sigmamind.webhook.signature));
    expect(rule && verify(rule, Buffer.from(body), headers, nowMs).isGood).toBe(true);
  });

  it('says so when no secret fits', async () => {
    await capture({ 'x-signature': hmac('sha256', body, 'hex', 'somebody else') });

    expect(await print()).toContain('No rule that we know verifies all of them');
  });

  it('accepts nothing because of it, and sees nothing without a right token', async () => {
    const platform = create({ secrets: [secret] });

    expect(platform.receiveEvent(requestWith({ 'x-sigmamind-signature': 'sha256=00' })).kind).toBe('denied');
    expect(platform.receiveEvent({ ...requestWith({}), params: { token: 'wrong' } }).kind).toBe('denied');
    await eventually(() => expect(captured()).toHaveLength(1));
    expect(captured()[0]?.denied).toBe('the signature is wrong');
  });

  it('describes only the first ones, and none when it is off', async () => {
    const platform = create({ secrets: [secret] });
    for (let count = 0; count < 5; count += 1) platform.receiveEvent(requestWith({}));
    await eventually(() => expect(captured()).toHaveLength(2));
    create({ secrets: [secret] }, 2).receiveEvent(requestWith({}));
    create({ secrets: [secret] }, 0).receiveEvent(requestWith({}));

    await new Promise(setImmediate);
    expect(captured()).toHaveLength(2);
  });

  it('forgets what was seen when it is told to', async () => {
    await capture({});

    expect(await print(false, ['--again'])).toContain('Forgotten');
    expect(cursor).toBe('');
  });
});

function create(signature: object, most = 2) {
  return sigmamind.create(
    'sigmamind',
    SigmamindConfig.parse({ type: 'sigmamind', apiKey, webhook: { tokens: [token], signature, capture: most } }),
    {
      ...testConnectorDeps,
      clock: { now: () => nowMs, sleep: async () => {} },
      readCursor: async () => cursor,
      writeCursor: async (_name, value) => {
        cursor = value;
      },
    },
  );
}

async function capture(
  headers: Record<string, string>,
  signature: object = { secrets: [secret] },
): Promise<Captured[]> {
  create(signature).receiveEvent(requestWith(headers));
  return eventually(() => {
    expect(captured()).toHaveLength(1);
    return captured();
  });
}

function captured(): Captured[] {
  return cursor ? (JSON.parse(cursor) as Captured[]) : [];
}

async function print(isJson = false, flags: string[] = []): Promise<string> {
  const lines: string[] = [];
  const command = create({ secrets: [secret] }).commands?.find(({ name }) => name === 'capture');
  const output = { write: (line: string) => lines.push(line), isTerminal: false, isJson };
  await command?.run([], { again: flags.includes('--again') }, output);
  return lines.join('\n');
}

function requestWith(headers: Record<string, string>): PlainRequest {
  return { method: 'POST', params: { token }, query: {}, headers, body: Buffer.from(body) };
}
