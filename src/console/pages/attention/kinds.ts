import type { AttentionKind } from '../../../domain/attention.ts';

interface KindWords {
  title: string;
  /** What it means that such a thing is here. */
  meaning: string;
  /** What a person can do about it. */
  advice: string;
}

/** Every kind of thing that needs a person, in plain words, the most pressing first. */
export const kindWords: Readonly<Record<AttentionKind, KindWords>> = {
  'overdue-opt-out': {
    title: 'Opt-out overdue',
    meaning: 'A person asked not to be called, and a dialer does not hold it yet.',
    advice: 'See what the dialer waits for. Until it holds the number, list it there by hand.',
  },
  'shadow-opt-out': {
    title: 'Opt-out told in shadow',
    meaning:
      'A person asked not to be called, in a call that ran in shadow: Patchbay calls the number no more, and told no dialer.',
    advice: 'List the numbers in the dialers by hand, or replay the write-backs of the call.',
  },
  'unplaced-opt-out': {
    title: 'Opt-out of an unknown call',
    meaning: 'The AI agent heard an opt-out, and nobody knows in which call.',
    advice:
      'Find the call by what the agent said of it, and correct its outcome to opt_out. Else list the number by hand.',
  },
  'ambiguous-call': {
    title: 'Several calls fit',
    meaning: 'A conversation that more than one call can be. Nothing is written for it until somebody chooses.',
    advice: 'Compare the candidates and choose one, or leave it: then nothing is written.',
  },
  'ai-unwell': {
    title: 'The AI is unwell',
    meaning:
      'Too many calls were not answered as they should be, so that fewer go to the AI. They come back by themselves.',
    advice:
      'See what the reason says: the platform, its SIP trunk, or this service. `npx patchbay autopilot` shows more, and holds a share by hand.',
  },
  'forged-event': {
    title: 'Events that were not signed as they should be',
    meaning: 'Somebody sent events that the platform’s secret does not prove. They were turned away.',
    advice:
      'Was the secret changed at the platform? Then change it here. Does the platform’s clock differ? Else somebody tries: change the token in the address of the webhook.',
  },
  finding: {
    title: 'Found by reconciliation',
    meaning: 'Two systems hold different things, and it is not safe to mend that unasked.',
    advice: 'Look at both sides, and settle it with what you found.',
  },
  'shared-number': {
    title: 'A number that many leads share',
    meaning:
      'An opted-out number belongs to more leads than can be one person. The number is on every list; its leads were left alone.',
    advice: 'Look its leads up and opt out those who are the person.',
  },
  'failed-export': {
    title: 'An export that was not written',
    meaning: 'A file that is written by itself is missing. It is tried again at its next time.',
    advice: 'Mend what the reason says, and fetch the file from the scorecard page meanwhile.',
  },
  'unlisted-outcome': {
    title: 'An outcome that is not allowed',
    meaning: 'The AI agent told an outcome that the configuration does not know. It was asked to choose another.',
    advice: 'Mend the agent’s prompt, or allow the code.',
  },
  'unknown-event': {
    title: 'An event that nobody knows',
    meaning: 'The platform sent an event of a kind that Patchbay does not know, and that names no call.',
    advice: 'If it matters, tell the makers of Patchbay what it holds. Else leave it.',
  },
};
