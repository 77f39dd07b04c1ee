import type { Call, CallRef } from '../domain/call.ts';
import { correlationRef, ourInstance } from '../domain/connector.ts';
import type { Fact, MatchedBy } from '../domain/fact.ts';
import type { PlatformEvent } from '../domain/platform.ts';
import { possibleNumbersNote } from '../domain/possible-numbers.ts';
import type { RecordedFact } from '../store/store.ts';
import { raiseAmbiguous, raiseContradiction, settleAmbiguous } from './ambiguous-calls.ts';
import { ambiguousNote } from './call-notes.ts';
import { isSameName } from './calls-by-numbers.ts';
import type { Deps } from './deps.ts';
import { findCall, standIn } from './find-call.ts';
import { keepTranscript } from './keep-transcript.ts';
import { type Match, matchEvent, numbersOf } from './match-event.ts';
import { recordFacts } from './record-facts.ts';
import { registeredFromHeader } from './registered-fact.ts';

export type Kept = 'recorded' | 'duplicate' | 'spooled';

export interface KeepOptions {
  /** Milliseconds of the machine's clock to find the call, and for the store before the spool takes the facts. */
  matchMs?: number;
  recordMs?: number;
}

/**
 * Finds the call that a platform's event is about, and appends what it tells, whether a webhook brought it or the
 * platform's own record. Durable when it resolves. What fits no call, or more than one, is kept under the platform's own
 * name of the conversation: such a shell has no leg, so nothing is written for it until somebody says which call it is.
 */
export async function keepEvent(
  deps: Deps,
  platform: string,
  event: PlatformEvent,
  { matchMs = 900, recordMs = 1000 }: KeepOptions = {},
): Promise<Kept> {
  const match = await matchEvent(deps, platform, event, matchMs);
  const refs = [...namesOf(match), ...event.refs];
  const fact: Fact = { refs, source: platform, key: event.key, at: event.at, body: event.body };
  const by = byOf(match);
  const matched = by && !isMatched(deps, event.refs[0]) ? [matchedFact(platform, event, refs, by)] : [];
  const unsure = [...ambiguityOf(match, event), ...numbersOfNobody(deps, match, event)];
  const facts = [...(await standInFacts(deps, match, refs)), ...unsure, ...matched, fact];

  const [conversation] = event.refs;
  const before = by && conversation ? deps.memory.callByRef(conversation) : undefined;
  const result = await recordFacts(deps, facts, { budgetMs: recordMs });
  if (match.kind === 'ambiguous') raiseAmbiguous(deps, platform, event, match.candidates);
  if (result.kind === 'spooled') return 'spooled';
  const last = result.results.at(-1);
  // While the conversation goes on there is more to come.
  const isWhole = event.body.kind === 'ended' || event.body.kind === 'analysed';
  if (last?.isPurged) return 'duplicate';
  if (last && isWhole) await keepTranscript(deps, platform, last.call.correlationId, event.transcript ?? '');
  if (by && conversation && last) await compareWithBefore(deps, platform, { conversation, by, before, told: last });
  if (by && conversation && last) deps.memory.rememberConversation(last.call.correlationId, conversation);
  count(deps, platform, match, { facts, added: result.results.map(({ isAdded }) => isAdded) });
  return last?.isAdded ? 'recorded' : 'duplicate';
}

function namesOf(match: Match): readonly CallRef[] {
  if (match.kind === 'named') return match.names.refs;
  return match.kind === 'found' || match.kind === 'known' ? [correlationRef(match.call.correlationId)] : [];
}

function byOf(match: Match): MatchedBy | null {
  return match.kind === 'named' || match.kind === 'found' ? match.by : null;
}

interface Compared {
  conversation: CallRef;
  by: MatchedBy;
  /** The call, or the shell, that this process remembers the conversation by. */
  before: Call | undefined;
  told: RecordedFact;
}

/** What the conversation was taken for before its own name came. */
async function compareWithBefore(
  deps: Deps,
  platform: string,
  { conversation, by, before, told }: Compared,
): Promise<void> {
  const { call: now, wasShell = false, newNames = [] } = told;
  // Most are told of here for the first time, and the store has seen that nobody had the name.
  if (!before && newNames.some((name) => isSameName(name, conversation))) return;
  if (before ? !before.isRegistered : wasShell) return settleAmbiguous(deps, platform, conversation, by);
  if (before?.correlationId === now.correlationId) return;
  // Memory may know one call by two names, and another process what it was: the store tells whether it has two.
  const answer = await deps.gate.read(300, () => deps.store.callByRef(conversation));
  const held = answer.kind === 'answer' ? answer.value : null;
  if (held && held.correlationId !== now.correlationId) raiseContradiction(deps, platform, conversation, [held, now]);
}

/** This process has recorded it already: the fact would be a duplicate, and cost a write for nothing. */
function isMatched(deps: Deps, conversation: CallRef | undefined): boolean {
  const call = conversation && deps.memory.callByRef(conversation);
  return call !== undefined && deps.memory.conversationOf(call.correlationId)?.key === conversation?.key;
}

/** One per conversation: the first that was found to be its mark. */
function matchedFact(platform: string, event: PlatformEvent, refs: readonly CallRef[], by: MatchedBy): Fact {
  const conversation = event.refs[0]?.key ?? refs[0]?.key ?? '';
  return { refs, source: platform, key: `matched:${conversation}`, at: event.at, body: { kind: 'matched', by } };
}

async function standInFacts(deps: Deps, match: Match, refs: readonly CallRef[]): Promise<Fact[]> {
  if (match.kind !== 'named') return [];
  const { names } = match;
  const known = names.sighting && (await findCall(deps, names.refs, 300));
  const sighting = standIn(names, known?.kind === 'found' ? known.call : null);
  return sighting ? [await registeredFromHeader(deps, sighting, 'event', refs)] : [];
}

function ambiguityOf(match: Match, event: PlatformEvent): Fact[] {
  const [conversation] = event.refs;
  return match.kind === 'ambiguous' && conversation ? [ambiguousNote(conversation, event.at)] : [];
}

/**
 * Whose numbers a conversation can have been, while nobody knows which call it is: the moment that an opt-out is told of it
 * they are blocked at the gate, though nothing is written for it.
 */
function numbersOfNobody(deps: Deps, match: Match, event: PlatformEvent): Fact[] {
  const [conversation] = event.refs;
  const isOptOut = 'outcome' in event.body && event.body.outcome === 'opt_out';
  if (!conversation || (match.kind !== 'ambiguous' && !(match.kind === 'none' && isOptOut))) return [];
  const candidates = match.kind === 'ambiguous' ? match.candidates.map(({ phone }) => phone) : [];
  const phones = [numbersOf(deps, event).customer, ...candidates].filter(Boolean);
  if (phones.length === 0) return [];
  const key = `possible-numbers:${event.key}`;
  return [{ refs: [conversation], source: ourInstance, key, at: event.at, body: possibleNumbersNote(phones) }];
}

/** Each conversation once: what was recorded before counts no more. */
function count(
  deps: Deps,
  platform: string,
  match: Match,
  told: { facts: readonly Fact[]; added: readonly boolean[] },
) {
  const isAdded = (key: (fact: Fact) => boolean) => told.facts.some((fact, index) => key(fact) && told.added[index]);
  const by = byOf(match);
  if (by && isAdded(({ body }) => body.kind === 'matched')) deps.count.matched(platform, by);
  if (match.kind === 'ambiguous' && isAdded(({ key }) => key.startsWith('ambiguous-call:'))) {
    deps.count.matched(platform, 'ambiguous');
  }
  if (match.kind === 'none' && isAdded(({ body }) => body.kind === 'ended')) deps.count.matched(platform, 'none');
}
