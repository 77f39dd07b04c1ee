import { expect, it } from 'vitest';
import { Agent } from '../../../connectors/sigmamind/api/agents.ts';
import { hostOfUri, isPlatformHost } from '../../../connectors/sigmamind/setup/checks/numbers.ts';
import { blockIn, promptBlock, withBlock, withoutBlock } from '../../../connectors/sigmamind/setup/prompt-block.ts';
import { spellingFaults, variableOfHeader, variablesOf } from '../../../connectors/sigmamind/setup/prompt-texts.ts';

const block = promptBlock({ headers: ['X-correlation_id', 'X-Lead-ID'], outcomes: ['qualified', 'busy'] });

function agentWith(instructions: string, more: object = {}): Agent {
  return Agent.parse({ agentId: 'agent_1', instructions, ...more });
}

it('finds variables in prompt, greeting, global prompt and tools', () => {
  const agent = agentWith('Call {{correlation_id}}.', {
    welcomeMessage: 'Hi {{ first_name }}',
    agentSettings: { globalPrompt: '{{city}}' },
    tools: [{ type: 'voice_transfer_call', transferTo: '{{desk}}', headers: [{ value: '{{lead_id}}' }] }],
  });

  expect(variablesOf(agent)).toEqual(['correlation_id', 'first_name', 'city', 'desk', 'lead_id']);
});

it.each([
  ['{{X-lead_id}}', '{{lead_id}}'],
  ['{{Lead ID}}', '{{lead_id}}'],
  ['{{customer-type}}', '{{customer_type}}'],
  ['{{lead_id}', '{{lead_id}}'],
  ['lead_id}}', '{{lead_id}}'],
  ['{lead_id}', '{{lead_id}}'],
])('proposes for %s', (written, instead) => {
  expect(spellingFaults(agentWith(`The lead is ${written}.`)).map((fault) => fault.instead)).toEqual([instead]);
});

it.each(['plain text', '{{lead_id}} and {{ city }}', 'Answer as JSON: {"ok": true}', 'Smile {:}'])(
  'has nothing against %s',
  (text) => {
    expect(spellingFaults(agentWith(text))).toEqual([]);
  },
);

it('names a header as SigmaMind does', () => {
  expect(['X-customer_name', 'X-Customer-Type', 'x-Ticket-ID'].map(variableOfHeader)).toEqual([
    'customer_name',
    'customer_type',
    'ticket_id',
  ]);
});

it('names each header, and the outcomes that an agent can say', () => {
  expect(block).toContain('- lead_id: {{lead_id}}');
  expect(block.match(/\{\{correlation_id\}\}/g)).toHaveLength(1);
  expect(block).toContain('one of: qualified.');
});

it.each(['', 'Be kind.', 'Be kind.\n', 'Be kind. $& {{lead_id}}'])('puts its block in and out again: %j', (text) => {
  const once = withBlock(text, block);

  expect(blockIn(once)).toBe(block);
  expect(withBlock(once, block)).toBe(once);
  expect(withoutBlock(once, block)).toBe(text);
});

it.each([
  ['f111.dialmake.com', 'f111.dialmake.com'],
  ['sip:trunk@SIP.carrier.example:5060;transport=tcp', 'sip.carrier.example'],
  ['203.0.113.7', '203.0.113.7'],
  ['my carrier', ''],
  ['https://carrier.example/sip', ''],
  ['carrier', ''],
])('reads the host of %s', (uri, host) => {
  expect(hostOfUri(uri)).toBe(host);
});

it("knows SigmaMind's own server", () => {
  expect(isPlatformHost('sip:28y698lhv2f.sip.livekit.cloud', '')).toBe(true);
  expect(isPlatformHost('sip.carrier.example', '28y698lhv2f.sip.livekit.cloud')).toBe(false);
});
