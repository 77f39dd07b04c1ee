import { z } from 'zod';
import type { Row } from './tables.ts';

/** What a test or a demo orders: one auto-dialled call, and how it goes. Times in simulated seconds. */
export const CallRequest = z.strictObject({
  leadId: z.number().int(),
  campaign: z.string(),
  /** The remote agent's line that gets the call. (Default: the one that waits longest) */
  lineUser: z.string().optional(),
  /** False: the line is taken, but no leg goes to the AI platform. */
  ai: z.boolean().default(true),
  /** A human agent dispositions the lead so long after the AI's call, with a log row of its own. */
  human: z.strictObject({ status: z.string(), user: z.string(), afterSec: z.number() }).optional(),
  notAnswered: z.enum(['NA', 'B', 'AA']).optional(),
  answerSec: z.number().default(6),
  /** When the remote-agent daemon notices the call. (Default: the simulator's) */
  noticeSec: z.number().optional(),
  /** Ends a call without AI leg by itself. */
  talkSec: z.number().optional(),
});
export type CallRequest = z.input<typeof CallRequest>;

export interface LiveCall {
  code: string;
  uniqueid: string;
  lead: Row;
  request: z.output<typeof CallRequest>;
  startedSec: number;
  channel: string;
  /** The remote agent's line; empty before the hand-over. */
  line: string;
  headers: [name: string, value: string][];
  /** The remote-agent daemon has seen the call. */
  isNoticed: boolean;
  /** Aborted when the customer's leg has ended, whoever ended it. */
  ended: AbortController;
  /** Where the AI platform wants to be told that its leg is cut. */
  hangUpUrl: string;
  /** All steps for the call's records, one after the other. */
  turn: Promise<unknown>;
}

/** Takes steps for one call one after the other: the daemon and the hang-up never interleave. */
export function inTurn<T>(call: LiveCall, step: () => Promise<T>): Promise<T> {
  const result = call.turn.then(step);
  call.turn = result.catch(() => undefined);
  return result;
}
