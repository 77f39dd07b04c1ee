import { orDie } from './database-away.ts';
import { hangUp } from './hang-up.ts';
import { inTurn, type LiveCall } from './live-call.ts';
import { callPlatform, type PlatformLegOptions, readDialled } from './platform-leg.ts';
import type { RemoteAgentDaemon } from './remote-agent-daemon.ts';
import { answered, findLine, giveToLine, isRouted, neverRouted, noLineFree } from './route-call.ts';

export interface HandOverOptions extends PlatformLegOptions {
  /** Simulated seconds until the daemon notices a hand-over. (Default: its own next fifth loop) */
  noticeSec?: number | undefined;
  /** Simulated seconds from the hand-over to the carrier's entry: recording, other scripts of the dialplan. (Default: 0) */
  carrierSec?: number | undefined;
}

/** From the customer's hello to the end of the AI's leg. */
export async function handOver(daemon: RemoteAgentDaemon, options: HandOverOptions, call: LiveCall): Promise<void> {
  const { clock, stopping } = call.deps;
  const over = AbortSignal.any([stopping, call.ended.signal]);
  let dialled = '';
  // The routing script dies with the database, and the customer with it: such a call never reaches the AI.
  const routing = await orDie(async () => {
    dialled = await route(daemon, call);
  });
  if (over.aborted) return daemon.freeLater(call);
  if (routing === 'died' || !dialled) return hangUp(daemon, call);

  const noticed = daemon.watch(call, call.request.noticeSec ?? options.noticeSec);
  if (options.carrierSec) await clock.sleep(options.carrierSec * 1000, over);
  if (!over.aborted) await callPlatform(options, daemon, call, dialled);
  await untilEnded(daemon, call);
  await noticed;
  await call.turn;
}

/** The routing script; gives the number that the carrier's entry dials, empty when the call goes nowhere. */
async function route(daemon: RemoteAgentDaemon, call: LiveCall): Promise<string> {
  if (!(await isRouted(call))) {
    await inTurn(call, () => neverRouted(call));
    return '';
  }
  const isKnown = await inTurn(call, () => answered(call));
  if (!isKnown) return '';
  const agent = await findLine(daemon, call);
  if (call.deps.stopping.aborted || call.ended.signal.aborted) return '';
  if (!agent) {
    await inTurn(call, () => noLineFree(call));
    call.ended.abort();
    return '';
  }
  const dialled = await readDialled(call, agent);
  await inTurn(call, () => giveToLine(call, agent));
  return dialled;
}

async function untilEnded(daemon: RemoteAgentDaemon, call: LiveCall): Promise<void> {
  const { ended, request, deps } = call;
  const over = AbortSignal.any([deps.stopping, ended.signal]);
  if (request.talkSec !== undefined) {
    await deps.clock.sleep(request.talkSec * 1000, over);
    if (!deps.stopping.aborted) await hangUp(daemon, call);
  }
  if (over.aborted) return;
  await new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }));
}
