import type { Behaviour } from './options.ts';
import { type Answer, isGood, limit, objectOf, request } from './request.ts';
import { type CommitTrace, note, pause, type SimCall, type World } from './world.ts';

/** ASSUMPTION: the platform gives a tool 10 s. */
export const toolTimeoutMs = 10_000;
const tries = 60;
/** What the tool's template asks for; a variable that is not defined arrives as an empty text. */
const templateVariables = ['correlation_id', 'caller_code', 'lead_id', 'call_id'];

/** The agent calls the commit tool before it hangs up, and, where it retries, holds the line until it was heard. */
export async function commitOutcome(world: World, call: SimCall, behaviour: Behaviour): Promise<void> {
  const { commit, commitTwice } = behaviour;
  const { tools } = world.wiring;
  if (!commit || !tools) return;
  const body = templateOf(call);
  const callbackAt = commit.callbackInSec === undefined ? undefined : world.clock.now() + commit.callbackInSec * 1000;
  Object.assign(body, {
    outcome: commit.outcome,
    summary: commit.summary,
    callback_at: callbackAt === undefined ? '' : new Date(callbackAt).toISOString(),
    ...commit.fields,
  });

  const trace: CommitTrace = { body, tries: 0, isAcknowledged: false, answers: [] };
  call.trace.commit = trace;
  const most = world.switches.agentRetriesTools ? tries : 1;
  while (trace.tries < most && !world.signal.aborted) {
    const answer = await callTool(world, tools, trace);
    if (!isWorthRetrying(answer)) break;
    if (trace.tries < most) await pause(world, 60_000, 150);
  }
  if (commitTwice) await callTool(world, tools, trace);
  note(world, trace.isAcknowledged ? 'commit-acknowledged' : 'commit-failed', call.callId, commit.outcome);
}

/** What every tool's template begins with. */
export function templateOf(call: SimCall): Record<string, string> {
  return Object.fromEntries(templateVariables.map((name) => [name, call.variables[name] ?? '']));
}

async function callTool(
  world: World,
  { commitUrl, token }: { commitUrl: string; token: string },
  trace: CommitTrace,
): Promise<Answer> {
  trace.tries += 1;
  const answer = await request('POST', commitUrl, {
    body: JSON.stringify(trace.body),
    headers: { authorization: `Bearer ${token}` },
    signal: limit(world.signal, toolTimeoutMs),
  });
  trace.answers.push({ status: answer.status, body: answer.body.slice(0, 500) });
  if (trace.answers.length > 10) trace.answers.shift();
  if (isGood(answer) && objectOf(answer.body).ok === true) trace.isAcknowledged = true;
  return answer;
}

/** Nobody there, too slow, or broken inside. A refusal stays one however often it is asked for. */
function isWorthRetrying({ status }: Answer): boolean {
  return status === 0 || status === 429 || status >= 500;
}
