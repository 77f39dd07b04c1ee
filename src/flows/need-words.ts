import type { WaitingKind } from './needs-a-person.ts';

/** What waits for a person, as people call it: one of them, several of them. */
export const needWords: Readonly<Record<WaitingKind['kind'], readonly [one: string, several: string]>> = {
  'overdue-opt-out': ['overdue opt-out', 'overdue opt-outs'],
  'shadow-opt-out': ['opt-out that was only shown', 'opt-outs that were only shown'],
  'unplaced-opt-out': ['opt-out of nobody knows whom', 'opt-outs of nobody knows whom'],
  'ambiguous-call': ['ambiguous call', 'ambiguous calls'],
  'ai-unwell': ['dialer whose calls do not all go to the AI', 'dialers whose calls do not all go to the AI'],
  'failed-write-back': ['write-back that failed', 'write-backs that failed'],
  'held-write-back': ['write-back held for its mapping', 'write-backs held for their mapping'],
  'forged-event': ['forged webhook', 'forged webhooks'],
  finding: ['finding of the reconciliation', 'findings of the reconciliation'],
  'shared-number': ['opted-out number that many leads share', 'opted-out numbers that many leads share'],
  'failed-export': ['export that was not written', 'exports that were not written'],
  'unlisted-outcome': ['outcome that is not listed', 'outcomes that are not listed'],
  'unknown-event': ['event that nobody knows', 'events that nobody knows'],
};
