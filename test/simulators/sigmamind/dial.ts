import { converse } from './converse.ts';
import { readyEvent, sendInBackground } from './send-events.ts';
import { behaviourOf, instant, note, type SimCall, type World } from './world.ts';

/** What becomes of a call that the platform places. */
export type Dialled = 'answered' | 'voicemail' | 'busy' | 'no-answer' | 'failed';

const voicemailSec = 8;

/** Rings, and talks when somebody answers. Resolves when nothing more will happen for the call. */
export async function dial(world: World, call: SimCall): Promise<void> {
  const behaviour = behaviourOf(world, call.customer);
  const { dialled, ringSec } = behaviour;
  await world.clock.sleep(ringSec * 1000, world.signal);
  if (dialled === 'answered') return converse(world, call, undefined);

  const tell = (event: 'conversation_started' | 'conversation_ended') =>
    sendInBackground(world, readyEvent(world, call, event, behaviour.events));
  const sent: Promise<void>[] = [];
  if (dialled === 'voicemail') {
    call.status = 'in-progress';
    call.startTime = instant(world);
    if (!behaviour.events.dropStarted) sent.push(tell('conversation_started'));
    await world.clock.sleep(voicemailSec * 1000, world.signal);
  }
  call.status = dialled === 'voicemail' ? 'ended' : dialled === 'failed' ? 'error' : 'not-connected';
  call.terminationReason = dialled;
  call.endTime = instant(world);
  call.duration = dialled === 'voicemail' ? voicemailSec : 0;
  note(world, 'hangup', call.callId, dialled);
  if (dialled === 'voicemail' || world.switches.eventsWhenNotConnected) sent.push(tell('conversation_ended'));
  await Promise.all(sent);
  call.trace.isDone = true;
}
