import type { Behaviour } from './options.ts';
import { limit, objectOf, request } from './request.ts';
import { note, pause, type SimCall, type World } from './world.ts';

type HandOver = NonNullable<Behaviour['handOver']>;

const callTimeoutMs = 10_000;

/** The platform's own call to people, for the customer whom its agent has on the line. */
export interface HandOverLeg {
  /** Resolves when an agent has answered it, or it failed. */
  reached: Promise<void>;
  /** Resolves when people have hung up. */
  over: Promise<void>;
}

/**
 * Calls a number of the dialer through the trunk and bridges the customer to it: that is how the platform transfers, for
 * the dialer takes no SIP REFER. The customer's first leg lasts until people have hung up.
 */
export function callPeople(world: World, call: SimCall, handOver: HandOver): HandOverLeg {
  const placed = place(world, call, handOver);
  return {
    reached: placed.then((url) => waitUntil(world, url, (state) => state.branch === 'skill' || state.endedAt !== '')),
    over: placed.then((url) => waitUntil(world, url, (state) => state.endedAt !== '')),
  };
}

/** Gives the address at which the dialer tells how its call goes; empty when nobody took it. */
async function place(world: World, call: SimCall, { to, callerId, sendsHeaders }: HandOver): Promise<string> {
  const { trunkUrl } = world.wiring;
  if (!trunkUrl) return '';
  const variables = Object.entries(call.variables).map(([name, value]) => [`X-${name}`, value]);
  const body = JSON.stringify({
    to,
    from: callerId === 'customer' ? call.customer : call.ownNumber,
    customer: call.customer,
    headers: sendsHeaders ? Object.fromEntries(variables) : {},
  });
  const answer = await request('POST', `${trunkUrl}/_sim/inbound-calls`, {
    body,
    signal: limit(world.signal, callTimeoutMs),
  });
  const id = objectOf(answer.body).call_id;
  note(world, 'handed-over', call.callId, typeof id === 'string' ? id : `status ${answer.status}`);
  return typeof id === 'string' ? `${trunkUrl}/_sim/calls/${id}` : '';
}

async function waitUntil(world: World, url: string, isSo: (state: Record<string, unknown>) => boolean): Promise<void> {
  while (url && !world.signal.aborted) {
    const answer = await request('GET', url, { signal: limit(world.signal, callTimeoutMs) });
    if (answer.status !== 200 || isSo(objectOf(answer.body))) return;
    await pause(world, 1000, 20);
  }
}
