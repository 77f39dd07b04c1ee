import { templateOf, toolTimeoutMs } from './commit-outcome.ts';
import type { Behaviour } from './options.ts';
import { limit, objectOf, request } from './request.ts';
import { note, type SimCall, type SteeringTrace, type World } from './world.ts';

/** The agent asks who the customer is, and arranges a callback: once more with the first offer, where that suits. */
export async function askTools(world: World, call: SimCall, behaviour: Behaviour): Promise<void> {
  const { findLead, scheduleCallback } = behaviour;
  if (findLead) await ask(world, call, 'find-lead', findLead);
  if (!scheduleCallback) return;
  const { takesOffer, ...wish } = scheduleCallback;
  const { offers } = await ask(world, call, 'schedule-callback', wish);
  const [first] = Array.isArray(offers) ? (offers as { at: string }[]) : [];
  if (takesOffer && first) await ask(world, call, 'schedule-callback', { ...wish, when: first.at });
}

async function ask(
  world: World,
  call: SimCall,
  tool: SteeringTrace['tool'],
  more: Record<string, string>,
): Promise<Record<string, unknown>> {
  const { tools } = world.wiring;
  const url = tool === 'find-lead' ? tools?.findLeadUrl : tools?.scheduleCallbackUrl;
  if (!tools || !url) return {};
  const body = { ...templateOf(call), ...more };
  const { status, body: answer } = await request('POST', url, {
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${tools.token}` },
    signal: limit(world.signal, toolTimeoutMs),
  });
  call.trace.steering.push({ tool, body, status, answer: answer.slice(0, 2000) });
  const told = objectOf(answer);
  note(world, `${tool}-answered`, call.callId, told.ok === true ? 'ok' : String(told.error));
  return told;
}
