import type { RegisteredVia } from '../../domain/fact.ts';
import type { TestCallState } from '../../domain/test-call.ts';
import { judgeDisposition } from './judge-disposition.ts';
import { judgeHandBack } from './judge-hand-back.ts';
import { judgeVariables } from './judge-variables.ts';
import { factsOf, hasPickedUp, type Judgement, registrations, type Seen, type SentHeader } from './seen.ts';
import { whyNotAi } from './why-not-ai.ts';

/** What a test call goes through, in this order. */
export const stageIds = [
  'dialled',
  'answered',
  'registered',
  'headers',
  'picked-up',
  'variables',
  'outcome',
  'hand-back',
  'disposition',
] as const;
export type StageId = (typeof stageIds)[number];

export const stageTitles: Readonly<Record<StageId, string>> = {
  dialled: 'dialled',
  answered: 'answered',
  registered: 'registered',
  headers: 'headers sent',
  'picked-up': 'AI picked up',
  variables: 'variables seen',
  outcome: 'outcome',
  'hand-back': 'hand-back',
  disposition: 'disposition',
};

export interface Stage extends Judgement {
  id: StageId;
}

/** Puts what is known of a test call into its stages. Pure. */
export function judgeStages(seen: Seen): Stage[] {
  return stageIds.map((id) => ({ id, ...judges[id](seen) }));
}

const judges: Readonly<Record<StageId, (seen: Seen) => Judgement>> = {
  dialled: judgeDialled,
  answered: judgeAnswered,
  registered: judgeRegistered,
  headers: judgeHeaders,
  'picked-up': judgePickedUp,
  variables: (seen) => {
    if (!hasPickedUp(seen)) return { status: 'waiting', found: 'the AI has not picked up' };
    return judgeVariables(seen);
  },
  outcome: judgeOutcome,
  'hand-back': judgeHandBack,
  disposition: judgeDisposition,
};

function judgeDialled(seen: Seen): Judgement {
  const { dialer, reached, call } = seen;
  if (reached.size > (reached.has('waiting') ? 1 : 0)) return { status: 'done', found: dialer?.why ?? '' };
  if (call) return { status: 'done', found: 'Patchbay was asked about the call' };
  return waitingFor(dialer, 'the dialer could not be asked');
}

/** Whoever asks us within the call does so after the customer's answer. */
const asksWithin: readonly RegisteredVia[] = ['register', 'headers', 'start'];

function judgeAnswered(seen: Seen): Judgement {
  const { dialer, reached } = seen;
  if (reached.has('answered') || reached.has('handed-over')) return { status: 'done', found: dialer?.why ?? '' };
  if (registrations(seen).some(({ via }) => asksWithin.includes(via)) || hasPickedUp(seen)) {
    return { status: 'done', found: 'by what came after it' };
  }
  return waitingFor(dialer, 'the dialer could not be asked');
}

function judgeRegistered(seen: Seen): Judgement {
  const [first] = registrations(seen);
  if (!seen.call || !first) {
    const fix =
      'Nothing of the dialer asked Patchbay about this call: see that its script, its carrier entry or its start URL has the public URL and a key that is allowed.';
    return { status: 'waiting', found: 'Patchbay was not told of the call', fix };
  }
  const { correlationId, route } = seen.call.call;
  return { status: 'done', found: `as ${correlationId} by ${first.via}, route ${route}` };
}

function judgeHeaders(seen: Seen): Judgement {
  const [first] = registrations(seen);
  if (!seen.call || !first) return { status: 'waiting', found: 'Patchbay was not told of the call' };
  const refused = whyNotAi(seen.call);
  if (refused) return refused;
  const asked = registrations(seen).find(({ via }) => via === 'register' || via === 'headers');
  if (asked) return { status: 'done', found: namesOf(seen.headers) };
  const found = `the call was told of (by ${first.via}), but nobody asked for its headers`;
  const fix = 'Have the dialplan entry, or the script, of this dialer ask Patchbay for the headers of each call.';
  return { status: 'waiting', found, fix };
}

function namesOf(headers: readonly SentHeader[] | null): string {
  if (!headers) return 'which ones can not be told: the lead is not known here';
  const sent = headers.filter(({ isSent }) => isSent).map(({ name }) => name);
  const empty = headers.filter(({ isSent }) => !isSent).map(({ name }) => name);
  const left = empty.length > 0 ? `; without a value, or over the budget: ${empty.join(', ')}` : '';
  return `${sent.join(', ') || 'none is configured'}${left}`;
}

function judgePickedUp(seen: Seen): Judgement {
  const matched = factsOf(seen, 'matched')[0]?.body;
  if (hasPickedUp(seen)) {
    if (matched?.kind === 'matched') return { status: 'done', found: `found to be this call by ${matched.by}` };
    if (hasEvents(seen)) return { status: 'done', found: '' };
    const fix = `${hearEvents} Without it calls whose agent commits nothing get no outcome.`;
    return { status: 'done', found: "by the agent's tool; no event of the conversation came so far", fix };
  }
  if (seen.unheard) {
    const why = `the platform has the conversation ${seen.unheard}, but no event of it was found to be this call`;
    return {
      status: 'waiting',
      found: why,
      fix: `${hearEvents} \`npx patchbay attention\` shows what was not placed.`,
    };
  }
  const fix = 'See whether the number that is dialled is registered at the platform with a published agent.';
  const ended = factsOf(seen, 'ended')[0]?.body;
  const found =
    ended?.kind === 'ended' ? `it ended ${ended.outcome}: ${ended.reason}` : 'no conversation of it is known';
  return { status: 'waiting', found, fix };
}

const hearEvents = "Give the agent's webhook Patchbay's URL, with all events.";

function hasEvents(seen: Seen): boolean {
  return factsOf(seen, 'started').length > 0 || factsOf(seen, 'ended').length > 0;
}

function judgeOutcome(seen: Seen): Judgement {
  const outcome = seen.call?.call.outcome;
  if (!outcome) {
    const isOver = factsOf(seen, 'ended').length > 0 || seen.record?.isOver === true;
    const found = isOver ? 'the conversation is over, and nothing told how it ended' : 'the conversation goes on';
    const fix =
      "The platform's webhook for the end of a conversation, or the agent's commit-outcome tool, has to reach Patchbay.";
    return { status: 'waiting', found, ...(isOver && { fix }) };
  }
  const found = `${outcome.code} (${outcome.basis})`;
  const isPoor = outcome.basis === 'technical' || outcome.basis === 'silence';
  const fix = 'The agent committed nothing: its prompt has to tell it to call commit-outcome before it ends the call.';
  return { status: 'done', found, ...(isPoor && { fix }) };
}

function waitingFor(dialer: TestCallState | null, otherwise: string): Judgement {
  return { status: 'waiting', found: dialer?.why ?? otherwise, ...(dialer?.fix && { fix: dialer.fix }) };
}
