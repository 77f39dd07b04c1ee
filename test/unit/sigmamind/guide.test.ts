import { expect, it } from 'vitest';
import { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';
import { guide } from '../../../connectors/sigmamind/guide.ts';
import { sigmamind } from '../../../connectors/sigmamind/index.ts';
import { testConnectorDeps } from './test-deps.ts';

const numbers = { '+19895551234': { agentId: 'agent_1', terminationUri: 'sip.carrier.example' } };
const config = SigmamindConfig.parse({
  type: 'sigmamind',
  apiKey: 'key-1',
  numbers,
  inboundCall: { tokens: ['inbound-token-0123456789abcdef'] },
});
const instance = sigmamind.create('sigmamind', config, testConnectorDeps);
const own = (refs: readonly string[]) => refs.filter((ref) => !ref.includes(':'));
const checkIds = instance.checks().map(({ id }) => id);
const steps = instance.setupSteps ?? [];

it('serves every entry of the guides by something', () => {
  const empty = guide.filter(
    ({ checks, steps = [], commands = [] }) => checks.length + steps.length + commands.length === 0,
  );

  expect(empty).toEqual([]);
  expect(new Set(guide.map(({ guide: name }) => name))).toEqual(new Set(['SIP Integration Overview', 'Make Calls']));
});

it('names checks and steps that there are', () => {
  const named = guide.flatMap(({ checks }) => own(checks)).concat(steps.flatMap(({ checks }) => own(checks)));

  expect(named.filter((id) => !checkIds.includes(id))).toEqual([]);
  expect(
    guide.flatMap((entry) => own(entry.steps ?? [])).filter((id) => !steps.some((step) => step.id === id)),
  ).toEqual([]);
});

it('describes every step with the names of the site, and without its tokens', async () => {
  const texts = await Promise.all(steps.map(({ describe }) => describe()));

  expect(steps.map(({ id }) => id)).toEqual([
    'api-key',
    'agent',
    'number',
    'inbound-webhook-url',
    'prompt',
    'analysis',
    'integration',
    'attach-tools',
    'voice-actions',
    'webhooks',
    'publish',
  ]);
  for (const text of texts) expect(text.length).toBeGreaterThan(80);
  expect(texts.join('\n')).toContain('https://patchbay.example.com/v1/platforms/sigmamind/inbound-call/<token>');
  expect(texts.join('\n')).not.toContain('inbound-token-');
});

it('tells a softphone how to call the agent directly', () => {
  expect(instance.softphone?.('+19895551234')).toMatchObject({
    server: '28y698lhv2f.sip.livekit.cloud:5060',
    dial: 'sip:+19895551234@28y698lhv2f.sip.livekit.cloud:5060;transport=udp',
    notes: expect.arrayContaining(['agent_1 answers.']),
  });
});
