import type { z } from 'zod';
import { converse, endLeg } from './converse.ts';
import type { SipCall } from './options.ts';
import { isGood, objectOf, request } from './request.ts';
import { promptVariables } from './rest/prompt-variables.ts';
import type { RestState } from './rest/state.ts';
import { behaviourOf, inBackground, newCall, pause, type SimCall, type World } from './world.ts';

const inboundTries = 4;
const defaultAgent = 'agent_simulated';

/** A SIP INVITE reaches the platform: the called number names the agent, `X-` headers become variables. */
export function receiveSipCall(world: World, rest: RestState, invite: z.output<typeof SipCall>): SimCall {
  const pairs = Array.isArray(invite.headers) ? invite.headers : Object.entries(invite.headers);
  const ownNumber = toNumber(invite.to);
  const registered = rest.phoneNumbers.get(ownNumber);
  const call = newCall(world, {
    callType: 'inbound',
    agentId: String(registered?.inboundAgentId ?? defaultAgent),
    customer: toNumber(invite.from),
    ownNumber,
    variables: variablesOf(pairs, world.switches.sipHeaderLimits),
  });
  call.promptVariables = promptVariables(rest, call.agentId);
  const behaviour = behaviourOf(world, call.customer);
  const isDropped = behaviour.isDead || (!registered && !world.switches.unknownNumbersAnswer);
  world.calls.set(call.callId, call);
  inBackground(world, async () => {
    if (!isDropped && (await askInbound(world, call))) return converse(world, call, invite.endUrl);
    call.trace.isDropped = true;
    call.status = 'not-connected';
    await endLeg(world, call, invite.endUrl);
    call.trace.isDone = true;
  });
  return call;
}

/** `X-Customer-Type: gold` becomes `customer_type`; of doubled ones the last counts. */
export function variablesOf(
  headers: readonly (readonly [name: string, value: string])[],
  isLimited: boolean,
): Record<string, string> {
  const custom = headers.filter(([name]) => /^x-./i.test(name)).slice(0, isLimited ? 10 : undefined);
  return Object.fromEntries(
    custom.map(([name, value]) => [
      name.slice(2).toLowerCase().replaceAll('-', '_'),
      isLimited ? Buffer.from(value).subarray(0, 255).toString() : value,
    ]),
  );
}

/** Asks the inbound webhook before the agent answers: 10 s, four times. False: the customer's call is dropped. */
async function askInbound(world: World, call: SimCall): Promise<boolean> {
  const url = world.wiring.inboundWebhookUrl;
  if (!url) return true;
  const trace = { tries: 0, status: 0 };
  call.trace.inboundWebhook = trace;
  const body = JSON.stringify({
    event: 'inbound_call',
    agent_id: call.agentId,
    from_number: call.customer,
    to_number: call.ownNumber,
  });
  while (trace.tries < inboundTries && !world.signal.aborted) {
    trace.tries += 1;
    const answer = await withinTenSeconds(world, (signal) => request('POST', url, { body, signal }));
    trace.status = answer.status;
    if (!isGood(answer)) continue;
    takeAnswer(world, call, objectOf(answer.body));
    return true;
  }
  return false;
}

function takeAnswer(world: World, call: SimCall, answer: Record<string, unknown>): void {
  const given = answer.dynamic_variables;
  const entries = given !== null && typeof given === 'object' ? Object.entries(given) : [];
  const told = Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
  call.variables = world.switches.inboundVariablesWin ? { ...call.variables, ...told } : { ...told, ...call.variables };
  const agentId = answer.override_agent_id;
  if (world.switches.inboundAgentOverride && typeof agentId === 'string') call.agentId = agentId;
}

/** Ten seconds of the simulated clock; at least two real ones, so that a fast clock does not make the answer late. */
async function withinTenSeconds<T>(world: World, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const isAnswered = new AbortController();
  const waiting = { ...world, signal: AbortSignal.any([world.signal, isAnswered.signal]) };
  void pause(waiting, 10_000, 2000).then(() => late.abort());
  try {
    return await ask(AbortSignal.any([world.signal, late.signal]));
  } finally {
    isAnswered.abort();
  }
}

/** As E.164, where ten digits are a number of North America. */
export function toNumber(text: string): string {
  const digits = text.replace(/\D/g, '');
  return digits.length === 10 ? `+1${digits}` : `+${digits}`;
}
