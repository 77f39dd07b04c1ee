import { Agent, request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SigmamindConfig, SignatureConfig } from '../../connectors/sigmamind/config.ts';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { ruleOf, sign } from '../../connectors/sigmamind/signature.ts';
import { eventToken, startTestApp, type TestApp, webhookSecret } from '../support/start-app.ts';
import { testConnectorDeps } from '../unit/sigmamind/test-deps.ts';

/** Bodies that go over HTTP; 100,000 take some minutes. */
const overHttp = Number(process.env.PATCHBAY_FUZZED_BODIES ?? 3000);
const direct = 20_000;
const seed = Number(process.env.PATCHBAY_FUZZ_SEED ?? 20_260_301);
const batch = 500;

const rule = ruleOf(
  SignatureConfig.parse({
    header: 'X-SigmaMind-Signature',
    prefix: 'sha256=',
    signed: 'body',
    secrets: [webhookSecret],
  }),
);

interface Delivery {
  body: Buffer;
  /** Signed by the right secret: its body is read. */
  isSigned: boolean;
  headers: Record<string, string | string[]>;
}

const names = ['event', 'eventType', 'type', 'data', 'call', 'conversation', 'payload', 'callId', 'call_id', 'id'];
const moreNames = ['dynamicVariables', 'variables', 'postConversationAnalysis', 'insights', 'timestamp', 'endTime'];
const evenMoreNames = ['duration', 'status', 'terminationReason', 'recordingUrl', 'from_number', 'to_number', 'chatId'];
const name = fc.constantFrom(...names, ...moreNames, ...evenMoreNames, '__proto__', 'constructor', 'toString', '');
const event = fc.constantFrom('conversation_started', 'conversation_ended', 'conversation_analysed', 'node_executed');
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  event,
  fc.constantFrom(
    '{{lead_id}}',
    '[1]',
    '{"a":"b"}',
    '+13035550111',
    '2026-06-01T15:00:00Z',
    '9'.repeat(400),
    '\u0000',
    '\ud800',
  ),
);
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    text,
    fc.double(),
    fc.maxSafeInteger(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 5 }),
  object: fc.dictionary(fc.oneof(name, fc.string({ maxLength: 12 })), tie('value'), { maxKeys: 8 }),
}));
const shaped = fc
  .record({ event, callId: fc.oneof(fc.uuid(), text), data: value.object, more: value.object })
  .map(({ more, ...fields }) => ({ ...(more as object), ...fields }));

const body: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 6, arbitrary: shaped.map(jsonOf) },
  { weight: 2, arbitrary: value.value.map(jsonOf) },
  {
    weight: 2,
    arbitrary: fc.tuple(shaped.map(jsonOf), fc.nat(400)).map(([whole, length]) => whole.subarray(0, length)),
  },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.constantFrom('[', '{"a":', '"').chain(deep) },
);
const headerName = fc.oneof(
  fc.constantFrom('x-sigmamind-signature', 'content-type', 'content-encoding', 'x-forwarded-for', 'webhook-id'),
  fc
    .stringMatching(/^[a-z][a-z0-9-]{0,20}$/)
    .filter(
      (each) =>
        !/^(host|connection|content-length|transfer-encoding|expect|upgrade|trailer|te|keep-alive|proxy-.*)$/.test(
          each,
        ),
    ),
);
const headerValue = fc.oneof(
  fc.stringMatching(/^[\x20-\x7e\xa0-\xff]{0,60}$/),
  fc.constantFrom('application/json', 'gzip', 'sha256=', `sha256=${'0'.repeat(64)}`, 'text/plain; charset=utf-16'),
);
const delivery: fc.Arbitrary<Delivery> = fc.record({
  body,
  isSigned: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
  headers: fc.dictionary(headerName, fc.oneof(headerValue, fc.array(headerValue, { minLength: 2, maxLength: 3 })), {
    maxKeys: 3,
  }),
});

function jsonOf(given: unknown): Buffer {
  return Buffer.from(JSON.stringify(given) ?? '');
}

function deep(opening: string): fc.Arbitrary<Buffer> {
  return fc.nat(20_000).map((times) => Buffer.from(opening.repeat(times)));
}

function signed({ body: bytes, isSigned, headers }: Delivery): Record<string, string | string[]> {
  return { ...headers, ...(isSigned && rule && sign(rule, bytes, Date.now(), 'delivery-1')) };
}

describe('whatever comes to the URL of events', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  let patchbay: TestApp;

  beforeAll(async () => {
    patchbay = await startTestApp();
  });
  afterAll(async () => {
    agent.destroy();
    await patchbay.stop();
  });

  it(`is answered below 500 over HTTP: ${overHttp} deliveries`, { timeout: 3_600_000 }, async () => {
    const statuses = new Map<number, number>();
    for (let done = 0; done < overHttp; done += batch) {
      const deliveries = fc.sample(delivery, { numRuns: Math.min(batch, overHttp - done), seed: seed + done });
      await Promise.all(
        deliveries.map(async (each) => {
          const status = await post(each);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          // Who can't prove itself is denied, and after a while told to wait.
          const isDenied = status === 401 || status === 429;
          const isWrong =
            status < 200 || status >= 500 || (isDenied && each.isSigned) || (status === 200 && !each.isSigned);
          if (isWrong) throw new Error(`${status}: ${each.body.toString('base64')}`);
        }),
      );
    }

    expect([...statuses.keys()].sort()).toEqual([200, 400, 401, 415, 429]);
    expect(statuses.get(200)).toBeGreaterThan(overHttp / 4);
    // A busy machine may find the store away: then the spool takes what came.
    const expected = /could not be read|the store is away/;
    const errors = patchbay.log.filter(({ level, msg }) => Number(level) >= 50 && !expected.test(String(msg)));
    expect(errors).toEqual([]);
    expect((await fetch(`${patchbay.url}/readyz`)).status).toBe(200);
  });

  function post(each: Delivery): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        `${patchbay.url}/v1/platforms/sigmamind/events/${eventToken}`,
        { method: 'POST', agent, headers: signed(each) },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode ?? 0));
        },
      );
      sent.on('error', reject);
      sent.end(each.body);
    });
  }
});

it(`the connector reads ${direct} deliveries without throwing, and denies what is not signed`, {
  timeout: 120_000,
}, () => {
  const signature = { header: 'X-SigmaMind-Signature', secrets: [webhookSecret] };
  const platform = sigmamind.create(
    'sigmamind',
    SigmamindConfig.parse({ type: 'sigmamind', apiKey: 'k', webhook: { tokens: [eventToken], signature } }),
    testConnectorDeps,
  );

  fc.assert(
    fc.property(delivery, (each) => {
      const headers = Object.fromEntries(
        Object.entries(signed(each)).map(([key, given]) => [key, Array.isArray(given) ? given.join(', ') : given]),
      );
      const request = { method: 'POST', params: { token: eventToken }, query: {}, headers, body: each.body };

      expect(platform.receiveEvent(request).kind === 'denied').toBe(!each.isSigned);
    }),
    { numRuns: direct, seed },
  );
});
