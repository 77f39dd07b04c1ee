import { isOutcomeReadNote } from '../note-outcome-read.ts';
import { factsOf, type Judgement, type Seen } from './seen.ts';

/** Whether the dialer has the customer back: its script asked for the outcome, people have the call, or it is over there. */
export function judgeHandBack(seen: Seen): Judgement {
  const { call, reached, dialer } = seen;
  const people = factsOf(seen, 'handed-over').length > 0;
  if (people) return { status: 'done', found: 'a script of people asked what the call was about' };
  const steered = factsOf(seen, 'steered').some(
    ({ body }) => body.kind === 'steered' && body.result !== 'refused' && body.result !== 'shadow',
  );
  if (steered) return { status: 'done', found: 'Patchbay had the dialer take the call on' };
  const reads = factsOf(seen, 'noted').flatMap(({ body }) => (isOutcomeReadNote(body) ? [body.text] : []));
  const decided = reads.find((text) => text.startsWith('done'));
  if (decided) return { status: 'done', found: `the dialer's script asked for the outcome: ${decided}` };

  const hasScript = call?.facts.some(({ body }) => body.kind === 'registered' && body.via === 'register') ?? false;
  if (!hasScript) {
    if (reached.has('over')) return { status: 'done', found: dialer?.why || 'the call is over at the dialer' };
    return { status: 'waiting', found: dialer?.why ?? 'the call is not over at the dialer' };
  }
  if (reached.has('over') && dialer?.comesBack === false) {
    return { status: 'done', found: 'the call ended at the AI; only one that it transfers comes back' };
  }
  const [early] = reads;
  const found = early
    ? `the dialer's script asked before the outcome was there: ${early}`
    : "the dialer's script did not ask for the outcome";
  const fix =
    'The script must take the call back after the transfer and then ask for the outcome; it does not where the customer hung up first. See that the agent commits before it ends its leg.';
  // Also when it is over: what a script asked is in the store a moment later.
  return { status: 'waiting', found, fix };
}
