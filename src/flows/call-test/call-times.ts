import type { CallDescription } from '../../domain/connector.ts';
import { type FirstWord, firstWord } from '../../domain/first-word.ts';
import { wantedDisposition } from './judge-disposition.ts';

/** What was measured of a test call. */
export interface CallTimes {
  /** From the customer's answer to the AI's first word. */
  firstWord: FirstWord;
  /** Seconds from the deciding word to the dialer's confirmation; null while there is none. */
  outcomeToWrittenSec: number | null;
}

export function callTimes(described: CallDescription): CallTimes {
  const row = wantedDisposition({ call: described });
  const decidedAt = described.call.outcome?.at;
  const writtenAt = row?.state === 'confirmed' ? row.settledAt : null;
  const ms = decidedAt && writtenAt ? Date.parse(writtenAt) - Date.parse(decidedAt) : null;
  return {
    firstWord: firstWord(described.facts),
    outcomeToWrittenSec: ms === null ? null : Math.max(0, Math.round(ms / 100) / 10),
  };
}
