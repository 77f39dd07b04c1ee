import type { Aspect, WriteBackState } from '../../../domain/write-back.ts';
import { overtakenWhy } from '../../../domain/write-back.ts';

/** One list of write-backs: those of a state, or of a state and something more. */
export interface WriteBackView {
  id: string;
  title: string;
  state: WriteBackState;
  order: 'oldest' | 'newest';
  isTriedBefore?: true;
  why?: string;
  /** What it means that a write-back is here, and what can be done. */
  meaning: string;
  /** What stands in an empty list. */
  empty: string;
  /** What an operator can do with rows of it. */
  acts: readonly ('replay' | 'cancel')[];
}

/** In the order of the tabs. */
export const views: readonly WriteBackView[] = [
  {
    id: 'waiting',
    title: 'Waiting',
    state: 'pending',
    order: 'oldest',
    meaning: 'Due, or waiting for a time: a window of the dialer, a better word about the call, or the next try.',
    empty: 'Nothing waits. What calls end with is written as soon as it is known.',
    acts: ['cancel'],
  },
  {
    id: 'retrying',
    title: 'Retrying',
    state: 'pending',
    order: 'oldest',
    isTriedBefore: true,
    meaning: 'The dialer did not take these at the last try. Each is tried again by itself.',
    empty: 'Nothing failed that is tried again.',
    acts: ['cancel'],
  },
  {
    id: 'held',
    title: 'Held',
    state: 'held',
    order: 'oldest',
    meaning:
      'These can’t be sent as they stand, mostly because an outcome has no disposition. They go by themselves once the configuration has it.',
    empty: 'Every outcome that came up is mapped.',
    acts: ['cancel'],
  },
  {
    id: 'sending',
    title: 'Sending',
    state: 'claimed',
    order: 'oldest',
    meaning: 'On their way to the dialer in this moment.',
    empty: 'Nothing is on its way in this moment.',
    acts: [],
  },
  {
    id: 'submitted',
    title: 'Submitted',
    state: 'submitted',
    order: 'oldest',
    meaning: 'The dialer gave a receipt. Patchbay asks it until the effect is sure.',
    empty: 'No receipt is open.',
    acts: [],
  },
  {
    id: 'dead',
    title: 'Dead',
    state: 'dead',
    order: 'newest',
    meaning: 'Tried until the last attempt. Nothing happens until somebody replays or cancels them.',
    empty: 'Nothing was given up.',
    acts: ['replay', 'cancel'],
  },
  {
    id: 'refused',
    title: 'Refused',
    state: 'refused',
    order: 'newest',
    meaning: 'The dialer will not take these as they are. Mend what it says, then replay them.',
    empty: 'The dialers refused nothing.',
    acts: ['replay', 'cancel'],
  },
  {
    id: 'overtaken',
    title: 'Overtaken',
    state: 'cancelled',
    order: 'newest',
    why: overtakenWhy,
    meaning: 'A human agent set the record first. Their result stands; nothing is written over it.',
    empty: 'No human agent was faster.',
    acts: [],
  },
  {
    id: 'cancelled',
    title: 'Cancelled',
    state: 'cancelled',
    order: 'newest',
    meaning: 'Not wanted any more: the call has another outcome, a human was first, or an operator took it back.',
    empty: 'Nothing was cancelled.',
    acts: ['replay'],
  },
  {
    id: 'confirmed',
    title: 'Confirmed',
    state: 'confirmed',
    order: 'newest',
    meaning: 'The dialer holds it; the proof is what was seen there.',
    empty: 'No dialer has confirmed anything yet.',
    acts: [],
  },
  {
    id: 'shadow',
    title: 'Shown only',
    state: 'shadow',
    order: 'newest',
    meaning:
      'What would have been written: the calls ran in shadow. A replay writes it, after a look at what the dialer holds.',
    empty: 'No call ran in shadow.',
    acts: ['replay'],
  },
  {
    id: 'superseded',
    title: 'Superseded',
    state: 'superseded',
    order: 'newest',
    meaning: 'A newer value took its place before it was sent.',
    empty: 'No value was replaced before it was sent.',
    acts: [],
  },
];

export function viewOf(id: string | undefined): WriteBackView {
  const [first] = views;
  const found = views.find((view) => view.id === id) ?? first;
  if (!found) throw new Error('there is no list of write-backs');
  return found;
}

export function aspectOf(text: string | undefined, all: readonly Aspect[]): Aspect | undefined {
  return all.find((aspect) => aspect === text);
}
