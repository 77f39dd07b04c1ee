import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';
import { setupWizard } from '../../../connectors/sigmamind/setup/wizard.ts';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import type { WizardSite } from '../../../src/domain/setup.ts';
import { answersAsker } from '../../../src/flows/setup/answers-asker.ts';
import { templateAsker } from '../../../src/flows/setup/answers-template.ts';
import { type HealthySigmamind, sigmamindCast, startEmptySigmamind } from '../../support/healthy/sigmamind.ts';
import { keys } from '../../support/start-app.ts';
import { testConnectorDeps } from './test-deps.ts';

const { agents, numbers, apiKey, carrier } = sigmamindCast;
const tokenOfPresent = '$' + '{SIGMAMIND_EVENT_TOKEN}';

let site: HealthySigmamind;
let said: string[];
let kept: Map<string, string>;
beforeEach(async () => {
  site = await startEmptySigmamind({ publicUrl: 'https://patchbay.example.com', toolsKey: keys.tools });
  said = [];
  kept = new Map();
});
afterEach(() => site.stop());

it('asks only what it can not read, and writes a section that can be used', async () => {
  await registerSpring();

  const { result, open } = await run({
    'sigmamind.apiKey': apiKey,
    'sigmamind.newNumbers': numbers.springFive9,
    [`sigmamind.numbers.${numbers.springFive9}.agentId`]: agents.springFive9,
  });

  expect(open).toEqual([]);
  expect(said).toEqual(['The key is good: 2 agent(s), 1 number(s).']);
  const told = { platform: 'sigmamind', sipHost: '28y698lhv2f.sip.livekit.cloud' };
  expect(result.numbers).toEqual([
    { ...told, number: numbers.spring, agentId: agents.spring, agentName: 'spring' },
    { ...told, number: numbers.springFive9, agentId: agents.springFive9, agentName: 'springFive9' },
  ]);
  expect(result.section).toMatchObject({
    apiKey: ref('SIGMAMIND_API_KEY'),
    toolsKey: ref('SIGMAMIND_TOOLS_KEY'),
    sip: { host: '28y698lhv2f.sip.livekit.cloud', port: 5060, transport: 'udp' },
    numbers: {
      [numbers.spring]: { agentId: agents.spring, terminationUri: carrier, name: 'Spring' },
      // The carrier is the one that the other number has.
      [numbers.springFive9]: { agentId: agents.springFive9, terminationUri: carrier, name: numbers.springFive9 },
    },
    webhook: { tokens: [ref('SIGMAMIND_EVENT_TOKEN')], signature: { preset: 'hmac' } },
    inboundCall: { tokens: [] },
    analysis: { outcomeFrom: 'call outcome' },
  });
  expect(SigmamindConfig.safeParse(filled(result.section)).error).toBeUndefined();
  expect(JSON.stringify(result.section)).not.toContain(apiKey);
});

it('gets through when only its questions are wanted', async () => {
  const template = templateAsker();

  await setupWizard(template.ask, siteWith(null));

  expect(said).toEqual([]);
});

it('names what is missing, and asks SigmaMind nothing with a key that nobody gave', async () => {
  const { open } = await run({});

  expect(open).toContain('sigmamind.apiKey');
  expect(said).toEqual([]);
});

it('ends when the key that was refused is given again', async () => {
  await expect(run({ 'sigmamind.apiKey': 'a-wrong-key' })).rejects.toMatchObject({ code: 'platform_refused' });
  expect(said).toHaveLength(1);
});

it('goes on without SigmaMind when it does not answer', async () => {
  const { result } = await run({
    'sigmamind.apiUrl': 'http://127.0.0.1:1',
    'sigmamind.apiKey': apiKey,
    'sigmamind.newNumbers': numbers.spring,
    [`sigmamind.numbers.${numbers.spring}.agentId`]: agents.spring,
    [`sigmamind.numbers.${numbers.spring}.terminationUri`]: carrier,
    'sigmamind.sip.transport': 'tls',
  });

  expect(result.section).toMatchObject({
    numbers: { [numbers.spring]: { agentId: agents.spring } },
    sip: { port: 5061, transport: 'tls' },
  });
  expect(said.join()).toContain('did not answer');
});

it("takes neither SigmaMind's own server as the carrier's, nor a number without its country", async () => {
  const { open } = await run({
    'sigmamind.apiKey': apiKey,
    'sigmamind.newNumbers': numbers.spring,
    [`sigmamind.numbers.${numbers.spring}.agentId`]: agents.spring,
    [`sigmamind.numbers.${numbers.spring}.terminationUri`]: '28y698lhv2f.sip.livekit.cloud',
  });
  const { open: openNumbers } = await run({ 'sigmamind.apiKey': apiKey, 'sigmamind.newNumbers': '9895551234' });

  expect(open).toEqual([`sigmamind.numbers.${numbers.spring}.terminationUri`]);
  expect(openNumbers).toContain('sigmamind.newNumbers');
});

it('asked again, proposes what is there, and takes out what is not chosen', async () => {
  await registerSpring();
  const present = {
    ...site.section,
    apiKey: ref('SIGMAMIND_API_KEY'),
    webhook: { tokens: [tokenOfPresent], signature: { header: 'X-Signed', secrets: [] } },
  };
  kept.set('SIGMAMIND_API_KEY', apiKey);

  const { result, open } = await run({ 'sigmamind.newNumbers': '' }, present);

  expect(open).toEqual([]);
  expect(result.section.numbers).toMatchObject({
    [numbers.spring]: { agentId: agents.spring },
    [numbers.springFive9]: undefined,
  });
  expect(result.section.webhook).toEqual({ tokens: [tokenOfPresent] });
  expect(result.section).not.toHaveProperty('analysis');
  expect(result.section.concurrency).toBe(10);
});

it('makes a token for the question about calls that come by a carrier', async () => {
  const { result } = await run({ 'sigmamind.apiKey': apiKey, 'sigmamind.inboundCall': true });

  expect(result.section.inboundCall).toEqual({ tokens: [ref('SIGMAMIND_INBOUND_TOKEN')] });
  expect(kept.get('SIGMAMIND_INBOUND_TOKEN')).toMatch(/^[0-9a-f]{64}$/);
});

async function run(answers: Record<string, unknown>, present: Record<string, unknown> | null = null) {
  const asked = answersAsker({ 'sigmamind.apiUrl': site.simulator.url, ...answers }, (line) => void said.push(line));
  const result = await setupWizard(asked.ask, siteWith(present));
  return { result, open: asked.open().map(({ question }) => question.key) };
}

function siteWith(present: Record<string, unknown> | null): WizardSite<ConnectorDeps> {
  return {
    id: 'sigmamind',
    publicUrl: 'https://patchbay.example.com',
    deps: { ...testConnectorDeps, newId: randomUUID },
    numbers: [],
    present,
    valueOf: (text) => kept.get(/^\$\{(\w+)\}$/.exec(text)?.[1] ?? '') ?? '',
    keepSecret(name, value) {
      kept.set(name, value);
      return ref(name);
    },
    makeClient: ({ name }) => ref(`${name}-key`.toUpperCase().replaceAll('-', '_')),
  };
}

async function registerSpring(): Promise<void> {
  await site.ask('POST', '/v1/phone-numbers/import', {
    phoneNumber: numbers.spring,
    terminationSipURI: carrier,
    friendlyName: 'Spring',
    inboundAgentId: agents.spring,
  });
}

function ref(name: string): string {
  return `$\{${name}}`;
}

/** As it is read, with every secret in its place. */
function filled(section: object): unknown {
  return JSON.parse(JSON.stringify(section).replaceAll(/\$\{(\w+)\}/g, '$1-0123456789abcdef'));
}
