import { randomUUID } from 'node:crypto';
import { SignatureConfig } from '../../connectors/sigmamind/config.ts';
import { ruleOf, sign } from '../../connectors/sigmamind/signature.ts';
import { webhookSignature } from './patchbay-config.ts';
import { post, send, until } from './requests.ts';
import { type Behaviour, phoneNumber, type ScriptedCall } from './script.ts';
import * as site from './site.ts';
import type { World } from './world.ts';

type Tell = (line: string) => void;

/**
 * What needs a person, for the console to show: a conversation that two calls can be, and an agent that commits a code
 * that nobody allowed. They use leads that the day left alone.
 */
export async function showLooseEnds(world: World, yesterday: readonly ScriptedCall[], tell: Tell): Promise<void> {
  tell('two calls to one number at once, and a conversation that does not say whose it is');
  await twinCalls(world, spare(yesterday, 'five9', 0).number);
  tell('an agent commits an outcome that nobody allowed');
  await unlistedOutcome(world, spare(yesterday, 'vicidial', 0));
  tell('a call as slow as life');
  await callbackCall(world, spare(yesterday, 'vicidial', 1));
}

/** Five9 knows a contact field no more: what is to be written there dies, and goes through when a person replays it. */
export async function loseContactField({ five9Url, patchbayUrl }: World, tell: Tell): Promise<void> {
  tell('somebody takes a contact field out of Five9');
  for (const operation of ['updateCrmRecord', 'asyncUpdateCrmRecords']) {
    const fault = { kind: 'soapFault', fault: 'CrmFieldNotFoundFault', operation };
    await post(`${five9Url}/_sim/faults`, fault);
  }
  const isRefused = async () => {
    const metrics = await (await fetch(`${patchbayUrl}/metrics`)).text();
    return /^patchbay_write_backs\{[^}]*state="(?:refused|dead)"[^}]*\} [1-9]/m.test(metrics);
  };
  until('Five9 to refuse a contact', 120_000, isRefused).then(
    async () => {
      await post(`${five9Url}/_sim/faults`, { kind: 'none' });
      tell('the field is there again: replay in the console, under Write-backs, what Five9 refused');
    },
    (error: unknown) => tell(`Five9 refused nothing: ${String(error)}`),
  );
}

/** Somebody whom nobody called, by their place among the strangers. */
function spare(yesterday: readonly ScriptedCall[], dialer: ScriptedCall['dialer'], nth: number) {
  const index = yesterday.filter((call) => call.dialer === dialer).length + nth;
  return { lead: 1001 + index, number: phoneNumber(dialer, index) };
}

/** Two calls to one number of Five9 at once, and a conversation that does not say whose it is. */
export async function twinCalls(world: World, number: string): Promise<void> {
  const startTime = new Date(world.clock.now()).toISOString();
  for (let each = 0; each < 2; each += 1) {
    const call = {
      // As long as Five9's own.
      call_id: String(900_000_000_000_000 + Number(number) * 10 + each),
      session_id: randomUUID().replaceAll('-', '').toUpperCase(),
      campaign: site.five9Campaign,
      call_type: '5',
      number,
    };
    const response = await fetch(`${world.patchbayUrl}/v1/ivr/five9/register?${new URLSearchParams(call)}`, {
      headers: { authorization: `Bearer ${world.secrets.five9Key}` },
    });
    if (!response.ok) throw new Error(`register answered ${response.status}`);
  }
  await tellEvent(world, {
    event: 'conversation_ended',
    timestamp: new Date(world.clock.now() + 60_000).toISOString(),
    data: {
      callId: randomUUID(),
      fromNumber: `+1${number}`,
      toNumber: site.platformNumber,
      status: 'ended',
      startTime,
      duration: 47,
      terminationReason: 'user_ended_call',
    },
  });
}

/** As the platform would send it. */
async function tellEvent(world: World, event: object): Promise<void> {
  const body = Buffer.from(JSON.stringify(event));
  const rule = ruleOf(SignatureConfig.parse({ ...webhookSignature, secrets: [world.secrets.webhookSecret] }));
  if (!rule) throw new Error('the demo signs its webhooks');
  const response = await fetch(`${world.patchbayUrl}/v1/platforms/sigmamind/events/${world.secrets.eventToken}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...sign(rule, body, world.clock.now(), randomUUID()) },
    body,
  });
  if (!response.ok) throw new Error(`the event was answered with ${response.status}`);
}

async function unlistedOutcome(world: World, { lead, number }: { lead: number; number: string }): Promise<void> {
  await behave(world, number, { outcome: 'send_brochure', summary: 'Wants a brochure by mail' });
  await post(`${world.vicidialUrl}/_sim/calls`, { leadId: lead, campaign: site.vicidialCampaign, asksBy: 'agi' });
}

async function callbackCall(world: World, { lead, number }: { lead: number; number: string }): Promise<void> {
  await behave(world, number, {
    outcome: 'callback',
    summary: 'Drives until the evening: call again the day after tomorrow',
    callbackInSec: 2 * 86_400,
  });
  await post(`${world.vicidialUrl}/_sim/calls`, { leadId: lead, campaign: site.vicidialCampaign, asksBy: 'agi' });
}

async function behave(world: World, number: string, commit: Behaviour['commit']): Promise<void> {
  const url = `${world.sigmamindUrl}/_sim/behaviours`;
  await send('PUT', url, { [number]: { talkSec: 20, commit, analysisAfterSec: 5 } });
}
