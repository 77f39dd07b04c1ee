import type { Call, Instant } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import type { Variables } from '../domain/connector.ts';
import type { StoredFact } from '../domain/fact.ts';
import type { Platform, ToolCall } from '../domain/platform.ts';
import { readWantedTime, sayTime } from '../domain/wanted-time.ts';
import { type Customer, customerOf, offersFrom, refusalOf } from './callback-times.ts';
import type { Deps } from './deps.ts';
import { keepAndJudge } from './judge-call.ts';
import { leadOfCall } from './lead-of-call.ts';
import { nameCall } from './name-call.ts';
import type { ToolAnswer, ToolRefusal } from './tool-answer.ts';

/** Milliseconds for each question to our own store, and for the dialer: 2.8 s in all. */
const stepMs = 400;
const lookMs = 700;
const keepMs = 1000;

/**
 * The AI agent arranges a callback: at a time within the calling hours of the customer's place it is committed, else times
 * that would do are offered. The same wish again is the same callback; another time revises it.
 */
export async function scheduleCallback(deps: Deps, platform: Platform, body: Variables): Promise<ToolAnswer> {
  const told = platform.readToolCall(body);
  const named = await nameCall(deps, told, stepMs);
  if ('error' in named) return named;
  const { facts, leg, lead } = await leadOfCall(deps, named, stepMs, lookMs);
  const phone = leg?.phone ?? '';
  const customer = customerOf(deps, { leg, lead });
  const wanted = readWantedTime(wishOf(told), customer.zone, deps.clock.now());

  if (await isOptedOut(deps, named.call, phone)) return optedOut;
  const before = lastCallback(facts);
  if (before && wanted?.kind === 'time' && before === instant(wanted.at)) return arranged(deps, before, customer);
  if (facts.some(({ body: { kind } }) => kind === 'ended')) return callOver;
  const refusal = wanted?.kind === 'time' ? refusalOf(deps, wanted.at, customer) : askForTime(wishOf(told));
  if (refusal) return { ...refusal, offers: offersFrom(deps, wanted, customer) };

  const callbackAt = instant(wanted?.at ?? 0);
  const at = instantOf(deps.clock);
  const judged = await keepAndJudge(
    deps,
    named,
    {
      refs: named.refs,
      source: platform.id,
      // Two that ask for the same at the same time say it once; without the facts each saying is one of its own.
      key: facts.length > 0 ? `callback:${countCallbacks(facts)}:${callbackAt}` : `callback:${at}:${deps.newId()}`,
      at,
      body: { kind: 'committed', outcome: 'callback', summary: told.summary, callbackAt, fields: fieldsOf(told) },
    },
    keepMs,
  );
  return judged?.optedOutAt ? optedOut : arranged(deps, callbackAt, customer);
}

/** The key of the time may be that of the commit tool, or what the words are: a wish. */
function wishOf({ callbackAt, fields }: ToolCall): string {
  return callbackAt || fields.when || '';
}

function fieldsOf({ fields }: ToolCall): Record<string, string> {
  const { when: _, ...others } = fields;
  return others;
}

async function isOptedOut(deps: Deps, call: Call | null, phone: string): Promise<boolean> {
  if (call?.outcome?.optedOutAt) return true;
  if (!phone) return false;
  const answer = await deps.gate.read(stepMs / 2, () => deps.store.isOptedOut(phone));
  return (answer.kind === 'answer' && answer.value) || deps.memory.isOptedOut(phone);
}

/** The callback that counts now, if an earlier saying arranged one: one without a time changes none. */
function lastCallback(facts: readonly StoredFact[]): Instant | undefined {
  const commits = facts.flatMap(({ at, key, body }) =>
    body.kind === 'committed' && body.outcome === 'callback' && body.callbackAt
      ? [{ order: `${at} ${key}`, at: body.callbackAt }]
      : [],
  );
  return commits.sort((a, b) => (a.order < b.order ? -1 : 1)).at(-1)?.at;
}

function countCallbacks(facts: readonly StoredFact[]): number {
  return facts.filter(({ key }) => key.startsWith('callback:')).length;
}

function askForTime(wish: string): ToolRefusal {
  const say = wish
    ? 'I could not read that time. Offer the customer one of these, or send a day and a time such as tomorrow at 3 pm.'
    : 'Offer the customer one of these times, or ask when it suits them, and ask me again with the day and the time.';
  return { ok: false, error: 'needs_time', say };
}

function arranged(deps: Deps, callbackAt: Instant, { zone }: Customer): ToolAnswer {
  const words = sayTime(Date.parse(callbackAt), zone, deps.clock.now());
  const say = `The callback is arranged: ${words}. Tell the customer so; you can end the call now.`;
  return { ok: true, outcome: 'callback', callback_at: callbackAt, say };
}

const optedOut: ToolRefusal = {
  ok: false,
  error: 'opted_out',
  say: 'The customer asked not to be called any more. Tell them kindly that nobody will call, and end the call.',
};

const callOver: ToolRefusal = {
  ok: false,
  error: 'call_over',
  say: 'This call is over already, so that nothing more can be arranged in it.',
};

function instant(ms: number): Instant {
  return new Date(ms).toISOString();
}
