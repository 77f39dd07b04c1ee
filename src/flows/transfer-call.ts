import { instantOf } from '../domain/clock.ts';
import type { Variables } from '../domain/connector.ts';
import type { Fact } from '../domain/fact.ts';
import { normaliseOutcomeCode } from '../domain/outcome-codes.ts';
import type { Platform, ToolCall } from '../domain/platform.ts';
import { campaignSettings } from '../domain/settings.ts';
import type { Deps } from './deps.ts';
import { keepAndJudge, resultOf } from './judge-call.ts';
import { knowCall, type LiveLeg } from './live-leg.ts';
import { type NamedCall, nameCall, unknownCall } from './name-call.ts';
import { type SteerResult, steerCall } from './steer-call.ts';
import type { ToolAnswer } from './tool-answer.ts';
import { readTransferTries, transferKey } from './transfer-tries.ts';

/** Machine time for the whole; the customer waits in silence meanwhile. */
const budgetMs = 2800;
/** Of it, for each question to our own store. */
const stepMs = 500;
const outcome = 'transferred';

/**
 * The AI agent hands the customer to people. The outcome is durable before the dialer is told; a repeated request finds
 * what the first one did. Where the dialer's own script takes the call back, the agent only has to end its leg: the
 * script then asks for the outcome, and routes by it.
 */
export async function transferCall(deps: Deps, platform: Platform, body: Variables): Promise<ToolAnswer> {
  const endsAt = performance.now() + budgetMs;
  const told = platform.readToolCall(body);
  const named = await nameCall(deps, told, stepMs);
  if ('error' in named) return named;
  const { facts, live } = await knowCall(deps, named, stepMs);
  if (!live) return deps.gate.isAway() ? answerTo({ kind: 'unsure' }) : unknownCall;
  if (live.leg.callKey === '') return notWithDialer;
  const tries = readTransferTries(facts, deps.clock.now());
  if (tries.isDone) return transferred();

  const target = targetOf(live, told.to);
  if (!target) return unknownTarget(live);
  const commit = commitFact(platform, told, named, { ...target, round: tries.failed + 1, at: instantOf(deps.clock) });
  const judged = await keepAndJudge(deps, named, commit, stepMs);
  if (!live.control) return endYourTurn();

  const order = {
    refs: named.refs,
    source: platform.id,
    act: 'transfer' as const,
    to: target.to,
    result: resultOf(live, judged, outcome),
    commit: commit.key,
  };
  return answerTo(await steerCall(deps, live, order, endsAt - performance.now()));
}

/** One commit per round: repeated while nobody knows how it went, it is the same fact; after a failure it is a new one. */
function commitFact(
  platform: Platform,
  told: ToolCall,
  { refs }: NamedCall,
  { name, to, round, at }: { name: string; to: string; round: number; at: string },
): Fact {
  const fields = { ...told.fields, ...(name && { transfer_to: name }), ...(to && { transfer_target: to }) };
  return {
    refs,
    source: platform.id,
    key: transferKey(round, name),
    at,
    body: { kind: 'committed', outcome, summary: told.summary, fields },
  };
}

/** Names without an entry are refused; where the campaign has no entry at all, every name means the dialer's default. */
/** The platform placed the call itself: it is the only one that can hand the customer over. */
const notWithDialer: ToolAnswer = {
  ok: false,
  error: 'not_with_dialer',
  say: 'Connect the customer by your own transfer action, or offer a callback; and commit the outcome before that.',
};

function targetOf({ settings, leg }: LiveLeg, wanted: string): { name: string; to: string } | null {
  const { transfers } = campaignSettings(settings, leg.campaign);
  const name = normaliseOutcomeCode(wanted).slice(0, 40);
  const key = name || 'default';
  if (Object.hasOwn(transfers, key)) return { name, to: transfers[key] ?? '' };
  return name === '' || Object.keys(transfers).length === 0 ? { name, to: '' } : null;
}

function unknownTarget({ settings, leg }: LiveLeg): ToolAnswer {
  const { transfers } = campaignSettings(settings, leg.campaign);
  return {
    ok: false,
    error: 'unknown_target',
    say: 'I can not transfer to that. Use one of the allowed names.',
    allowed: Object.keys(transfers).filter((name) => name !== 'default'),
  };
}

function answerTo(result: SteerResult): ToolAnswer {
  switch (result.kind) {
    case 'done':
      return transferred();
    case 'over':
      return { ok: false, error: 'call_over', say: 'The customer is not on the line any more. You can end the call.' };
    case 'refused':
      return {
        ok: false,
        error: 'refused',
        say: 'The transfer did not work. Apologise, offer a callback, and commit the outcome.',
      };
    case 'shadow':
      return {
        ok: false,
        error: 'refused',
        say: 'Nobody can be connected: this campaign is being tried out, and its dialer is left alone. Apologise, offer a callback, and commit the outcome.',
      };
    case 'unsure':
      return {
        ok: false,
        error: 'not_sure',
        say: 'The transfer takes a moment. Ask the customer to hold on, wait some seconds, and ask for it again.',
      };
  }
}

function transferred(): ToolAnswer {
  return { ok: true, outcome, say: 'The customer is being connected. Say nothing more.', next: 'stop' };
}

function endYourTurn(): ToolAnswer {
  const say = 'Tell the customer that you connect them now, then end the call: the dialer takes them on.';
  return { ok: true, outcome, say, next: 'end_call' };
}
