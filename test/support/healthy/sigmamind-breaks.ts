import { expect } from 'vitest';
import type { z } from 'zod';
import type { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';
import type { Faults } from '../../simulators/sigmamind/options.ts';
import type { Break } from '../break-checks.ts';
import { eventually } from '../eventually.ts';
import { inboundToken, keys, type TestApp } from '../start-app.ts';
import { type HealthySigmamind, sigmamindCast } from './sigmamind.ts';

/** A healthy SigmaMind with the Patchbay that it talks to. */
export interface SigmamindSite extends HealthySigmamind {
  app: TestApp;
}

type Site = SigmamindSite;
type Section = z.input<typeof SigmamindConfig>;

const { agents, numbers } = sigmamindCast;

interface KeptWebhook {
  tokens: string[];
  signature: { secrets: string[] };
}
type Row = Record<string, unknown>;

/** The configuration says otherwise. */
export function configured(what: string, wrong: Partial<Section>, status: 'fail' | 'warn' = 'fail'): Break<Site> {
  return {
    what,
    status,
    async run(site) {
      const before = site.section;
      site.section = { ...before, ...wrong };
      return async () => {
        site.section = before;
      };
    },
  };
}

/** Somebody changed a record at SigmaMind. */
export function changed(
  what: string,
  path: string,
  wrong: object,
  right: object,
  status: 'fail' | 'warn' | 'unknown' = 'fail',
): Break<Site> {
  return {
    what,
    status,
    async run({ ask }) {
      await ask('PATCH', path, wrong);
      return async () => void (await ask('PATCH', path, right));
    },
  };
}

export function webhookChanged(what: string, wrong: object, right: object): Break<Site> {
  return {
    what,
    async run({ ask, simulator }) {
      const { webhookId } = await stateOf(simulator.url, 'webhooks', 'agentId', agents.spring);
      await ask('PATCH', `/v1/webhooks/${webhookId}`, wrong);
      return async () => void (await ask('PATCH', `/v1/webhooks/${webhookId}`, right));
    },
  };
}

export function toolChanged(what: string, wrong: object): Break<Site> {
  return {
    what,
    async run({ ask, section }) {
      const integration = await ask('GET', `/v1/integrations/${integrationOf(section)}`);
      const tool = toolsOf(integration.tools).find(({ name }) => name === 'commit_outcome');
      const path = `/v1/integrations/${integrationOf(section)}/tools/${tool?.toolId}`;
      const { url: endpoint, method, bodyParams } = await ask('GET', path);
      await ask('PATCH', path, wrong);
      return async () => void (await ask('PATCH', path, { endpoint, method, bodyParams }));
    },
  };
}

/** The newest authentication of an integration counts. */
export function authMade(what: string, wrong: object): Break<Site> {
  return {
    what,
    async run({ ask, section }) {
      const path = `/v1/integrations/${integrationOf(section)}/auth`;
      await ask('POST', path, wrong);
      return async () => void (await ask('POST', path, { authType: 'BEARER_TOKEN', token: keys.tools }));
    },
  };
}

export function switched(
  what: string,
  name: 'secretsShownAgain',
  value: boolean,
  status: 'unknown' | 'fail',
): Break<Site> {
  return {
    what,
    status,
    async run({ simulator }) {
      simulator.switches[name] = value;
      return async () => {
        simulator.switches[name] = !value;
      };
    },
  };
}

export function prompted(what: string, spoil: (text: string) => string, status: 'fail' | 'warn' = 'fail'): Break<Site> {
  return {
    what,
    status,
    run: (site) => withAgent(site, ({ instructions }) => ({ instructions: spoil(String(instructions)) })),
  };
}

export function faulty(what: string, faults: z.input<typeof Faults>, status: 'fail' | 'warn' = 'fail'): Break<Site> {
  return {
    what,
    status,
    async run({ ask }) {
      await ask('PUT', '/_sim/faults', faults);
      return async () => void (await ask('PUT', '/_sim/faults', {}));
    },
  };
}

/** Three customers called within the last day. */
export function called(what: string, behaviour: object): Break<Site> {
  return {
    what,
    status: 'warn',
    async run({ ask, simulator }) {
      await ask('PUT', '/_sim/behaviours', { '*': { talkSec: 1, analysisAfterSec: 0, ...behaviour } });
      for (const last of ['31', '32', '33']) {
        simulator.placeSipCall({ to: numbers.spring, from: `+121255501${last}`, headers: {} });
      }
      await eventually(() => expect(simulator.calls().map(({ isDone }) => isDone)).toEqual([true, true, true]), 20_000);
      return async () => {
        for (const { callId } of simulator.calls()) await ask('DELETE', `/v1/calls/${callId}`);
      };
    },
  };
}

export async function withAgent(
  { ask, simulator }: Site,
  spoil: (agent: Row) => Row,
  agentId: string = agents.spring,
): Promise<() => Promise<void>> {
  const before = await stateOf(simulator.url, 'agents', 'agentId', agentId);
  await ask('PATCH', `/v1/agents/${agentId}`, spoil(before));
  return async () => void (await ask('PUT', `/_sim/agents/${agentId}`, before));
}

export function withSettings(site: Site, settings: object): Promise<() => Promise<void>> {
  return withAgent(site, ({ agentSettings }) => ({ agentSettings: { ...(agentSettings as Row), ...settings } }));
}

export function withInsights(site: Site, spoil: (rows: Row[]) => Row[]): Promise<() => Promise<void>> {
  return withAgent(site, ({ agentSettings }) => {
    const { postConversationAnalysis, ...settings } = agentSettings as { postConversationAnalysis: Row[] };
    return { agentSettings: { ...settings, postConversationAnalysis: spoil(postConversationAnalysis) } };
  });
}

export async function withWebhook(
  site: Site,
  spoil: (webhook: KeptWebhook) => KeptWebhook,
): Promise<() => Promise<void>> {
  const before = site.section;
  site.section = { ...before, webhook: spoil(before.webhook as KeptWebhook) };
  return async () => {
    site.section = before;
  };
}

export async function stateOf(url: string, kind: string, by: string, value: string): Promise<Row> {
  const state = (await (await fetch(`${url}/_sim/state`)).json()) as Record<string, Row[]>;
  const row = state[kind]?.find((each) => each[by] === value);
  if (!row) throw new Error(`the simulator holds no ${kind} with ${by} ${value}`);
  return row;
}

function integrationOf(section: Record<string, unknown>): string {
  return String((section.integrationIds as string[])[0]);
}

export function toolsOf(tools: unknown): Row[] {
  return tools as Row[];
}

export function importOf() {
  return {
    phoneNumber: numbers.spring,
    terminationSipURI: sigmamindCast.carrier,
    friendlyName: 'Spring',
    inboundAgentId: agents.spring,
  };
}

/** What SigmaMind does before it answers a call. */
export async function askAboutCall({ url, app }: TestApp): Promise<void> {
  await fetch(`${url}/v1/platforms/sigmamind/inbound-call/${inboundToken}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ event: 'inbound_call', from_number: '+12125550130', to_number: numbers.spring }),
  });
  await eventually(async () => expect(await app.deps.store.readCursor('sigmamind:inbound-question')).not.toBe(''));
}
