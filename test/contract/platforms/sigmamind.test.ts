import { expect, it } from 'vitest';
import { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';
import { sigmamind } from '../../../connectors/sigmamind/index.ts';
import { ruleOf, sign } from '../../../connectors/sigmamind/signature.ts';
import { type CallEvent, eventPayload, type PayloadStyle } from '../../simulators/sigmamind/payloads.ts';
import { newCall } from '../../simulators/sigmamind/world.ts';
import { testConnectorDeps } from '../../unit/sigmamind/test-deps.ts';
import { describePlatformContract, type EventWish, type PlatformSubject } from './platform-contract.ts';

const nowMs = Date.parse('2026-03-02T15:03:00.000Z');
const clock = { now: () => nowMs, sleep: async () => {} };
const eventToken = 'event-token-0123456789abcdef';
const inboundToken = 'inbound-token-0123456789abcdef';
const secret = 'mK9vQ2xR7tLw4nZb8cYd3fGh6jPs1uVa';
const standardSecret = `whsec_${Buffer.from('a key of thirty-two bytes, always').toString('base64')}`;

const eventNames: Record<EventWish['kind'], string> = {
  started: 'conversation_started',
  ended: 'conversation_ended',
  analysed: 'conversation_analysed',
  unknown: 'node_executed',
};

describePlatformContract('sigmamind, signed body, camelCase', () => subjectOf({ secrets: [secret] }, 'camelCase'));

describePlatformContract('sigmamind, Standard Webhooks, snake_case', () =>
  subjectOf({ preset: 'standard-webhooks', secrets: [standardSecret] }, 'snake_case'),
);

describePlatformContract('sigmamind, signed time, SHA-512 in base64, camelCase', () =>
  subjectOf(
    {
      algo: 'sha512',
      encoding: 'base64',
      prefix: '',
      signed: 'timestamp.body',
      timestampHeader: 'X-Timestamp',
      secrets: [secret],
    },
    'camelCase',
  ),
);

it('reads bare ids: the call is named, nothing else is known', () => {
  const subject = subjectOf({ secrets: [secret] }, 'ids-only');
  const body = subject.eventBody({
    kind: 'ended',
    callId: 'call_ada',
    correlationId: 'x',
    at: '2026-03-02T15:02:00.000Z',
  });

  const reading = subject.platform.receiveEvent(subject.signed(body, nowMs));

  expect(reading).toEqual({
    kind: 'event',
    event: {
      refs: [{ instance: 'sigmamind', kind: 'call-id', key: 'call_ada' }],
      variables: {},
      key: 'conversation_ended:call_ada',
      at: '2026-03-02T15:02:00.000Z',
      body: { kind: 'ended', outcome: 'hung_up', reason: '' },
      confirm: 'bare',
    },
  });
});

function subjectOf(signature: object, payloadStyle: PayloadStyle): PlatformSubject {
  const config = SigmamindConfig.parse({
    type: 'sigmamind',
    apiKey: 'not-used-here',
    webhook: { tokens: [eventToken], signature },
    inboundCall: { tokens: [inboundToken] },
  });
  const rule = ruleOf(config.webhook.signature);
  if (!rule) throw new Error('the contract needs a signature');
  const request = (token: string, body: Buffer, headers: Record<string, string>) => ({
    method: 'POST',
    params: { token },
    query: {},
    headers,
    body,
  });

  return {
    platform: sigmamind.create('sigmamind', config, { ...testConnectorDeps, clock }),
    nowMs,
    eventBody: (wish) => Buffer.from(JSON.stringify(payloadOf(wish, payloadStyle))),
    signed: (body, atMs) => request(eventToken, body, sign(rule, body, atMs, 'msg_1')),
    proofHeaders: Object.keys(sign(rule, Buffer.alloc(0), nowMs, 'msg_1')),
    signsTime: rule.signed !== 'body',
    inboundCall: (from, to) =>
      request(
        inboundToken,
        Buffer.from(JSON.stringify({ event: 'inbound_call', from_number: from, to_number: to })),
        {},
      ),
  };
}

function payloadOf(wish: EventWish, payloadStyle: PayloadStyle) {
  const call = newCall(
    { clock },
    {
      callType: 'inbound',
      agentId: 'agent_1',
      customer: '+12125550123',
      ownNumber: '+19895551234',
      variables: { correlation_id: wish.correlationId, lead_id: '1234' },
    },
  );
  Object.assign(call, {
    callId: wish.callId,
    startTime: wish.at,
    endTime: wish.at,
    terminationReason: 'agent_ended_call',
  });
  const event = eventNames[wish.kind] as CallEvent;
  const switches = { payloadStyle, variablesInEvents: true };
  return eventPayload({ event, timestamp: wish.at, webhookId: 'wh_1', call }, switches);
}
