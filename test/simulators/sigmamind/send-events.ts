import { ruleOf, type SignatureRule, sign } from '../../../connectors/sigmamind/signature.ts';
import { eventFate } from './event-fate.ts';
import type { Behaviour } from './options.ts';
import { type CallEvent, eventPayload } from './payloads.ts';
import { isGood, limit, request } from './request.ts';
import {
  type EventTrace,
  inBackground,
  instant,
  newSimId,
  note,
  pause,
  randomText,
  type SimCall,
  type World,
} from './world.ts';

interface Target {
  webhookId: string;
  url: string;
  rule: SignatureRule | null;
}

/** One event, made at the moment that it speaks of; sent when somebody asks for it. */
export type ReadyEvent = () => Promise<void>;

const deliveryTimeoutMs = 10_000;
const firstPauseMs = 5000;
const longestPauseMs = 600_000;

/** Freezes what the event says now, for every webhook that wants it. */
export function readyEvent(world: World, call: SimCall, event: CallEvent, events: Behaviour['events']): ReadyEvent {
  const timestamp = instant(world);
  const deliveries = targetsOf(world, call, event).map((target) => {
    const about = { event, timestamp, webhookId: target.webhookId, call };
    return { target, body: JSON.stringify(eventPayload(about, world.switches)) };
  });
  const fate = eventFate(world.eventFaults, call.customer, event);
  return async () => {
    if (fate.isLost || events.dropAll) return note(world, 'event-lost', call.callId, event);
    const delaySec = events.delaySec + fate.lateSec;
    if (delaySec > 0) await world.clock.sleep(delaySec * 1000, world.signal);
    for (const { target, body } of deliveries) {
      const id = newSimId('msg');
      await deliver(world, call, target, { event, body, id, isDuplicate: false });
      if (events.duplicate || fate.isDoubled)
        await deliver(world, call, target, { event, body, id, isDuplicate: true });
    }
  };
}

export function sendInBackground(world: World, ready: ReadyEvent): Promise<void> {
  return new Promise((resolve) => inBackground(world, () => ready().finally(resolve)));
}

/** Somebody without the secret says that the call failed; where nothing is signed, somebody without the token. */
export async function sendForged(world: World, call: SimCall): Promise<void> {
  const event = 'conversation_ended';
  for (const target of targetsOf(world, call, event)) {
    const lie = { ...call, status: 'error' as const, terminationReason: 'failed' };
    const body = JSON.stringify(
      eventPayload({ event, timestamp: instant(world), webhookId: target.webhookId, call: lie }, world.switches),
    );
    const rule = target.rule && { ...target.rule, secrets: [`forged${randomText(26)}`] };
    const trace = traceOf(world, call, { event, isForged: true, isDuplicate: false });
    const url = rule ? target.url : `${target.url}x`;
    await tryOnce(world, { ...target, url, rule }, body, newSimId('msg'), trace);
    note(world, 'event-forged', call.callId, String(trace.status));
  }
}

function targetsOf(world: World, call: SimCall, event: string): Target[] {
  const { webhookUrl, signature } = world.wiring;
  const rule = ruleOf(signature);
  const targets: Target[] = webhookUrl ? [{ webhookId: 'wh_wired', url: webhookUrl, rule }] : [];
  for (const { webhookId, url, agentId, events, active, secret } of world.webhooks.values()) {
    if (!active || agentId !== call.agentId || !events.includes(event)) continue;
    targets.push({ webhookId, url, rule: rule && { ...rule, secrets: [secret] } });
  }
  return targets;
}

async function deliver(
  world: World,
  call: SimCall,
  target: Target,
  what: { event: string; body: string; id: string; isDuplicate: boolean },
): Promise<void> {
  const trace = traceOf(world, call, { event: what.event, isForged: false, isDuplicate: what.isDuplicate });
  const tries = world.switches.webhookRetries ? world.switches.webhookTries : 1;
  while (trace.tries < tries && !world.signal.aborted) {
    await tryOnce(world, target, what.body, what.id, trace);
    if (isGood({ status: trace.status, body: '' })) break;
    const simulatedMs = Math.min(firstPauseMs * 2 ** (trace.tries - 1), longestPauseMs);
    if (trace.tries < tries) await pause(world, simulatedMs, Math.min(100 * trace.tries, 1000));
  }
  note(world, 'event-sent', call.callId, `${what.event} ${trace.status}`);
}

/** ASSUMPTION: each try is signed anew at its own time, under the same delivery id. */
async function tryOnce(world: World, target: Target, body: string, id: string, trace: EventTrace): Promise<void> {
  const headers = target.rule ? sign(target.rule, Buffer.from(body), world.clock.now(), id) : {};
  const signal = limit(world.signal, deliveryTimeoutMs);
  trace.tries += 1;
  trace.status = (await request('POST', target.url, { body, headers, signal })).status;
}

function traceOf(
  world: World,
  call: SimCall,
  about: Pick<EventTrace, 'event' | 'isForged' | 'isDuplicate'>,
): EventTrace {
  const trace = { ...about, at: instant(world), tries: 0, status: 0 };
  call.trace.events.push(trace);
  return trace;
}
