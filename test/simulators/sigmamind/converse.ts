import { setTimeout as wait } from 'node:timers/promises';
import { askTools } from './ask-tools.ts';
import { commitOutcome } from './commit-outcome.ts';
import { isForgedAbout } from './event-fate.ts';
import { callPeople } from './hand-over.ts';
import type { Behaviour } from './options.ts';
import { isGood, limit, request } from './request.ts';
import { type ReadyEvent, readyEvent, sendForged, sendInBackground } from './send-events.ts';
import { steer } from './steer.ts';
import { behaviourOf, inBackground, instant, note, pause, type SimCall, type World } from './world.ts';

const legTimeoutMs = 10_000;
const legTries = 60;

/**
 * The scripted agent on one call: begins, talks, commits the outcome, ends its leg, and lets the platform tell about it.
 * Events go their own way on the side, as they would: only `reorder` holds them back.
 */
export async function converse(world: World, call: SimCall, endUrl: string | undefined): Promise<void> {
  const behaviour = behaviourOf(world, call.customer);
  const { events } = behaviour;
  const sent: Promise<void>[] = [];
  const heldBack: ReadyEvent[] = [];
  const tell = (ready: ReadyEvent) => {
    if (events.reorder) heldBack.unshift(ready);
    else sent.push(sendInBackground(world, ready));
  };

  await world.clock.sleep(behaviour.beginsAfterSec * 1000, AbortSignal.any([world.signal, call.cut.signal]));
  call.status = 'in-progress';
  call.startTime = instant(world);
  note(world, 'conversation-started', call.callId, call.variables.correlation_id ?? '');
  if (!events.dropStarted) tell(readyEvent(world, call, 'conversation_started', events));

  const { cut } = call;
  await world.clock.sleep(behaviour.talkSec * 1000, AbortSignal.any([world.signal, cut.signal]));
  if (!cut.signal.aborted) await finish(world, call, behaviour);
  const { handOver } = behaviour;
  const isHandedOver = handOver !== undefined && !cut.signal.aborted;
  const warm = isHandedOver && handOver.mode === 'warm' ? callPeople(world, call, handOver) : undefined;
  await warm?.reached;
  close(world, call, cut.signal.aborted ? { ...behaviour, terminationReason: 'user_ended_call' } : behaviour);
  const people = isHandedOver ? (warm ?? callPeople(world, call, handOver)) : undefined;
  // The agent is through; the customer's leg lasts as long as the call that it is bridged to.
  if (people) inBackground(world, () => people.over.then(() => endLeg(world, call, endUrl)));
  else if (cut.signal.aborted) legIsCut(world, call);
  else await endLeg(world, call, endUrl);
  if (behaviour.commitLateMs !== undefined) sent.push(commitLate(world, call, behaviour));
  tell(readyEvent(world, call, 'conversation_ended', events));
  if (events.forge || isForgedAbout(world.eventFaults, call.customer)) await sendForged(world, call);

  await world.clock.sleep(behaviour.analysisAfterSec * 1000, world.signal);
  if (behaviour.recording) call.recordingUrl = `https://recordings.invalid/room-${call.callId}/recording.mp3`;
  if (behaviour.analysis !== null) {
    call.analysis = analysisOf(behaviour);
    tell(readyEvent(world, call, 'conversation_analysed', events));
  }
  for (const ready of heldBack) await ready();
  await Promise.all(sent);
  call.trace.isDone = true;
}

/** What the agent does with a customer who is still there: it commits, and lets the dialer act where it is told to. */
async function finish(world: World, call: SimCall, behaviour: Behaviour): Promise<void> {
  await askTools(world, call, behaviour);
  if (behaviour.commitLateMs === undefined) await commit(world, call, behaviour);
  const { transfer, endCall } = behaviour;
  if (transfer) await steer(world, call, 'transfer', { ...transfer });
  if (endCall) await steer(world, call, 'end-call', { ...endCall });
}

async function commit(world: World, call: SimCall, behaviour: Behaviour): Promise<void> {
  if (behaviour.commit && world.switches.commitEachCall && world.wiring.tools) {
    await commitOutcome(world, call, behaviour);
  }
}

async function commitLate(world: World, call: SimCall, behaviour: Behaviour): Promise<void> {
  await wait(behaviour.commitLateMs, undefined, { signal: world.signal, ref: false }).catch(() => undefined);
  await commit(world, call, behaviour);
}

function legIsCut(world: World, call: SimCall): void {
  call.trace.leg.isEnded = true;
  note(world, 'hangup', call.callId, call.terminationReason ?? '');
}

/** The dialer's side hears that the agent's leg is over, until it says that it heard. */
export async function endLeg(world: World, call: SimCall, endUrl: string | undefined): Promise<void> {
  const { leg } = call.trace;
  const body = JSON.stringify({
    callId: call.callId,
    from: call.customer,
    to: call.ownNumber,
    reason: call.trace.isDropped ? 'dropped' : call.terminationReason,
    variables: call.variables,
    byeHeaders: behaviourOf(world, call.customer).byeHeaders,
  });
  while (endUrl && !leg.isEnded && leg.tries < legTries && !world.signal.aborted) {
    leg.tries += 1;
    const answer = await request('POST', endUrl, { body, signal: limit(world.signal, legTimeoutMs) });
    leg.status = answer.status;
    leg.isEnded = isGood(answer);
    if (!leg.isEnded) await pause(world, 10_000, 150);
  }
  if (!endUrl) leg.isEnded = true;
  note(world, 'hangup', call.callId, call.terminationReason ?? 'dropped');
}

function close(world: World, call: SimCall, behaviour: Behaviour): void {
  const now = world.clock.now();
  call.status = endStatus(behaviour.terminationReason);
  call.endTime = new Date(now).toISOString();
  call.duration = Math.round((now - Date.parse(call.startTime ?? call.createdAt)) / 1000);
  call.terminationReason = behaviour.terminationReason;
  call.transcript = 'Agent: Hello, this is a simulated call.\nUser: Hello.';
}

function endStatus(reason: string): SimCall['status'] {
  if (reason === 'failed') return 'error';
  return reason === 'busy' || reason === 'no-answer' ? 'not-connected' : 'ended';
}

function analysisOf({ analysis, commit }: Behaviour): NonNullable<SimCall['analysis']> {
  const insights = analysis ?? [
    { insightName: 'conversation summary', value: commit?.summary || 'Nothing of note was said.' },
  ];
  return insights.map(({ insightName, value }) => ({ insightName, dataType: 'string', value }));
}
