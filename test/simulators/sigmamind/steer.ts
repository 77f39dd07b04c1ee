import { templateOf, toolTimeoutMs } from './commit-outcome.ts';
import { limit, objectOf, request } from './request.ts';
import { note, type SimCall, type World } from './world.ts';

/** How often an agent asks again when it is told to. */
const tries = 3;
const askAgainMs = 3000;
/** So long the agent keeps silent for a dialer that said it has the customer; then it ends its leg itself. */
const untilCutMs = 30_000;

/** The agent has the dialer act on the call, and does as the answer says. */
export async function steer(
  world: World,
  call: SimCall,
  tool: 'transfer' | 'end-call',
  more: Record<string, string>,
): Promise<void> {
  const { tools } = world.wiring;
  const url = tool === 'transfer' ? tools?.transferUrl : tools?.endCallUrl;
  if (!tools || !url) return;
  const body = { ...templateOf(call), ...more };
  const over = AbortSignal.any([world.signal, call.cut.signal]);
  for (let count = 0; count < tries && !over.aborted; count += 1) {
    const answer = await request('POST', url, {
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${tools.token}` },
      signal: limit(world.signal, toolTimeoutMs),
    });
    call.trace.steering.push({ tool, body, status: answer.status, answer: answer.body.slice(0, 500) });
    const { ok, next, error } = objectOf(answer.body);
    note(world, `${tool}-answered`, call.callId, String(ok === true ? next : error));
    if (ok === true && next === 'stop') return await world.clock.sleep(untilCutMs, over);
    if (ok === true || error !== 'not_sure') return;
    await world.clock.sleep(askAgainMs, over);
  }
}
