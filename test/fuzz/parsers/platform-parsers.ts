import fc from 'fast-check';
import type { z } from 'zod';
import { readAs } from '../../../connectors/shared/read-as.ts';
import { readAnalysis } from '../../../connectors/sigmamind/analysis/read-analysis.ts';
import { Agent } from '../../../connectors/sigmamind/api/agents.ts';
import { CallRecord } from '../../../connectors/sigmamind/api/calls.ts';
import { Campaign } from '../../../connectors/sigmamind/api/campaigns.ts';
import { Chat } from '../../../connectors/sigmamind/api/chats.ts';
import { Auth, Integration } from '../../../connectors/sigmamind/api/integrations.ts';
import { readPage } from '../../../connectors/sigmamind/api/page.ts';
import { PhoneNumber } from '../../../connectors/sigmamind/api/phone-numbers.ts';
import { Tool, ToolRun } from '../../../connectors/sigmamind/api/tools.ts';
import { Webhook } from '../../../connectors/sigmamind/api/webhooks.ts';
import { describeForm, isSuspect, readSignature } from '../../../connectors/sigmamind/capture/signature-form.ts';
import { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';
import { readInboundCall } from '../../../connectors/sigmamind/inbound-call.ts';
import { sigmamind } from '../../../connectors/sigmamind/index.ts';
import { readPayload } from '../../../connectors/sigmamind/payload.ts';
import { readToolCall } from '../../../connectors/sigmamind/tool-call.ts';
import { testConnectorDeps } from '../../unit/sigmamind/test-deps.ts';
import { bytesOf, oddText, spoiltJson, spoiltJsonText, spoiltText, writeJson } from '../arbitraries.ts';
import { type FuzzedParser, reader } from '../parser.ts';
import { example, examplesIn } from './examples.ts';

const token = 'token-of-the-fuzzed-webhook-0123';
const config = SigmamindConfig.parse({
  type: 'sigmamind',
  apiKey: 'k',
  webhook: { tokens: [token], signature: { preset: 'none', insecure: true } },
  analysis: {
    rules: [{ when: [{ insight: 'interest', over: 3 }], outcome: 'callback', callbackAt: 'callback_time' }],
    outcomeFrom: 'qualification',
    outcomes: { Interested: 'qualified' },
  },
});

/** Bodies of events as tests and docs have them. */
export const events: unknown[] = [
  ...examplesIn('test/unit/sigmamind/good', '.json').map((text) => (JSON.parse(text) as { body: unknown }).body),
  JSON.parse(example('connectors/sigmamind/examples/event.json')),
];

const record = {
  callId: 'call_1',
  callType: 'outbound',
  status: 'ended',
  createdAt: '2026-03-02T14:00:00Z',
  terminationReason: 'user_hangup',
  dynamicVariables: { lead_id: '42', first_name: 'Ada' },
  campaign: { campaignId: 7, campaignName: 'Spring' },
  transcript: [{ role: 'agent', content: 'Hello' }],
};
const rows: Record<string, unknown> = {
  agent: { agentId: 'agent_1', agentName: 'Spring', prompt: 'Hi', status: 'published', versions: [1] },
  campaign: { campaignId: 'c1', campaignName: 'Spring', status: 'running', concurrentCalls: 3, schedule: {} },
  chat: { chatId: 'chat_1', status: 'ended', createdAt: '2026-03-02T14:00:00Z', messages: [] },
  number: { phoneNumber: '+13035550100', sipPhoneNumber: '+13035550100', agentId: 'agent_1' },
  tool: { toolId: 't1', name: 'commit', url: 'https://patchbay.example.com/v1', method: 'POST', headers: [] },
  webhook: { webhookId: 'w1', url: 'https://patchbay.example.com/v1', events: ['conversation_ended'], isActive: true },
  integration: { integrationId: 'i1', name: 'patchbay', auths: [{ authId: 'a1', authType: 'bearer' }] },
};
const schemas: readonly z.ZodType[] = [
  ...[Agent, Auth, CallRecord, Campaign, Chat, Integration, PhoneNumber, Tool, ToolRun, Webhook],
];
const pages = [
  { data: [record, ...Object.values(rows)], page: 0, size: 50, totalCount: 2, hasNext: false },
  ...[[record], { data: [], totalCounts: 0 }, record, ...Object.values(rows)],
];

export const platformParsers: readonly FuzzedParser[] = [
  reader(
    'platform event',
    [
      'connectors/sigmamind/payload.ts',
      'connectors/sigmamind/spoken.ts',
      'connectors/sigmamind/receive-event.ts',
      'connectors/sigmamind/tool-call.ts',
    ],
    bytesOf(spoiltJsonText(events)),
    (body) => {
      const platform = sigmamind.create('sigmamind', config, testConnectorDeps);
      const request = { method: 'POST', params: { token }, query: {}, headers: {}, body };
      const { kind } = platform.receiveEvent(request);
      if (kind === 'denied') throw new Error('an event of the right token was denied');
      return kind === 'unreadable' ? null : kind;
    },
  ),
  reader('platform insights', ['connectors/sigmamind/analysis/read-analysis.ts'], spoiltJson(events), (event) =>
    readAnalysis(config.analysis, readPayload(JSON.parse(writeJson(event) || 'null'))?.insights ?? {}),
  ),
  reader(
    'platform tool call',
    ['connectors/sigmamind/tool-call.ts'],
    fc.dictionary(
      fc.oneof(fc.constantFrom('correlation_id', 'outcome', 'Callback-At', 'to', 'list'), oddText),
      oddText,
    ),
    (body) => {
      const { fields } = readToolCall(body);
      if (Object.keys(fields).some((name) => /^(outcome|correlation_id)$/.test(name))) {
        throw new Error('a mark of the call was read as a result');
      }
      return fields;
    },
  ),
  reader(
    'platform inbound call',
    ['connectors/sigmamind/inbound-call.ts'],
    bytesOf(spoiltJsonText([{ event: 'inbound_call', from_number: '+13035550111', to_number: '+13035550100' }])),
    (body) => {
      const read = readInboundCall([token], { method: 'POST', params: { token }, query: {}, headers: {}, body });
      if (read.kind === 'denied') throw new Error('a question with the right token was denied');
      return read.kind === 'call' ? read : null;
    },
  ),
  reader(
    'platform API answer',
    [
      ...[
        'agents',
        'calls',
        'campaigns',
        'chats',
        'integrations',
        'page',
        'phone-numbers',
        'tools',
        'values',
        'webhooks',
      ].map((name) => `connectors/sigmamind/api/${name}.ts`),
    ],
    spoiltJsonText(pages),
    (text) => {
      const answer = parsed(text);
      const read = schemas.map((schema) => readPage(answer, schema));
      for (const schema of schemas) readAs(schema, answer);
      return read[0];
    },
  ),
  reader(
    'platform signature',
    ['connectors/sigmamind/capture/signature-form.ts'],
    fc.tuple(
      fc.constantFrom('x-sigmamind-signature', 'webhook-id', 'x-other'),
      spoiltText([`sha256=${'0a'.repeat(32)}`, `v1,${'A'.repeat(43)}=`, `t=1772463600,v1=${'0a'.repeat(32)}`]),
    ),
    ([name, value]) => {
      describeForm(value);
      isSuspect(name, value);
      return readSignature(value);
    },
  ),
];

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
