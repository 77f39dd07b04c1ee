import { describe, expect, it } from 'vitest';
import { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';
import { sigmamind } from '../../../connectors/sigmamind/index.ts';
import type { FactBody } from '../../../src/domain/fact.ts';
import { testConnectorDeps } from './test-deps.ts';

const token = 'event-token-0123456789abcdef';
const platform = sigmamind.create(
  'sigmamind',
  SigmamindConfig.parse({
    type: 'sigmamind',
    apiKey: 'k',
    webhook: { tokens: [token], signature: { preset: 'none', insecure: true } },
    analysis: { outcomeFrom: 'Qualification', outcomes: { 'Not Interested': 'not_interested' } },
    terminationReasons: { inactivity: 'no_answer' },
  }),
  { ...testConnectorDeps, clock: { now: () => Date.parse('2026-03-02T15:00:00.000Z'), sleep: async () => {} } },
);

describe('an event', () => {
  it.each([
    ['event at the top, call inside', { type: 'conversation_ended', call: { id: 'c1', variables: { lead_id: 7 } } }],
    ['G1 names', { event: 'conversation_ended', conversationId: 'c1', variables: { 'Lead-ID': '7' } }],
    [
      'nested twice',
      { eventType: 'conversation.ended', data: { call: { call_id: 'c1', dynamicVariables: { lead_id: '7' } } } },
    ],
    [
      'a decoy type',
      { type: 'webhook', payload: { event: 'conversation_ended', callId: 'c1', dynamic_variables: { leadId: '7' } } },
    ],
  ])('is read from any shape: %s', (_name, body) => {
    const event = eventOf(body);

    expect(event.key).toBe('conversation_ended:c1');
    expect(event.variables).toEqual({ lead_id: '7' });
  });

  it('takes both spellings of the analysis for the same event', () => {
    const one = eventOf({ event: 'conversation_analysed', callId: 'c1' });
    const other = eventOf({ event: 'conversation_analyzed', callId: 'c1' });

    expect(other.key).toBe(one.key);
  });

  it.each([
    [{ timestamp: '2026-03-02T10:00:00Z', endTime: '2026-03-02T09:00:00Z' }, '2026-03-02T10:00:00.000Z'],
    [{ timestamp: 1772445600 }, '2026-03-02T10:00:00.000Z'],
    [{ data: { endTime: '2026-03-02T09:00:00Z', startTime: '2026-03-02T08:00:00Z' } }, '2026-03-02T09:00:00.000Z'],
    [{ timestamp: 'yesterday' }, '2026-03-02T15:00:00.000Z'],
  ])('happens when it says, else when the call did, else now: %j', (times, at) => {
    expect(eventOf({ event: 'conversation_ended', callId: 'c1', ...times }).at).toBe(at);
  });

  it.each([
    [{ event: 'conversation_ended', chatId: 'chat_1' }],
    [{ event: 'conversation_ended', callId: 'c1', callType: 'chat' }],
  ])('is left alone when it is not about a call: %j', (body) => {
    expect(receive(body).kind).toBe('ignored');
  });

  it('that names no call is for the people in charge', () => {
    expect(receive({ event: 'conversation_ended', data: {} }).kind).toBe('unknown');
  });
});

it.each([
  ['camelCase', { event: 'conversation_ended', agentId: 'agent_1', data: { callId: 'c1' } }],
  ['snake_case', { event: 'conversation_ended', data: { call_id: 'c1', agent_id: 'agent_1' } }],
  [
    'an agent as an object',
    { event: 'conversation_ended', data: { callId: 'c1', agent: { agentId: 'agent_1', name: 'A' } } },
  ],
])('tells which agent spoke, under the key that it always had: %s', (_, payload) => {
  const { body, key } = eventOf(payload);

  expect(body).toMatchObject({ kind: 'ended', agent: 'agent_1' });
  expect(key).toBe('conversation_ended:c1');
});

describe('the technical end', () => {
  it.each([
    ['busy', 'ended', 'busy'],
    ['no-answer', 'ended', 'no_answer'],
    ['voicemail', 'ended', 'voicemail'],
    ['failed', 'error', 'failed'],
    ['inactivity', 'ended', 'no_answer'],
    ['user_ended_call', 'ended', 'hung_up'],
    ['something_new', 'ended', 'hung_up'],
    ['constructor', 'ended', 'hung_up'],
    ['', 'not-connected', 'no_answer'],
  ])('of reason %j and status %j is %s', (terminationReason, status, outcome) => {
    const { body } = eventOf({
      event: 'conversation_ended',
      data: { callId: 'c1', terminationReason, status, duration: 61 },
    });

    expect(body).toMatchObject({ kind: 'ended', outcome, durationSec: 61 });
  });
});

describe('the analysis', () => {
  const analysed = (analysis: unknown): FactBody =>
    eventOf({ event: 'conversation_analysed', callId: 'c1', postConversationAnalysis: analysis }).body;

  it.each([
    [
      [
        { insightName: 'qualification', value: 'not interested' },
        { insightName: 'conversation summary', value: 'No.' },
      ],
    ],
    [{ Qualification: 'Not Interested', 'Conversation Summary': { value: 'No.' } }],
  ])('gives outcome, summary and fields: %j', (analysis) => {
    expect(analysed(analysis)).toMatchObject({ kind: 'analysed', outcome: 'not_interested', summary: 'No.' });
    expect(analysed(analysis)).not.toHaveProperty('fields.conversation_summary');
  });

  it('says nothing about the outcome when the rule does not name the value', () => {
    expect(analysed([{ insightName: 'qualification', value: 'Perhaps' }])).toEqual({
      kind: 'analysed',
      summary: '',
      fields: { qualification: 'Perhaps' },
    });
  });
});

function receive(body: unknown) {
  return platform.receiveEvent({
    method: 'POST',
    params: { token },
    query: {},
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
  });
}

function eventOf(body: unknown) {
  const reading = receive(body);
  if (reading.kind !== 'event') throw new Error(`expected an event, got ${JSON.stringify(reading)}`);
  return reading.event;
}
