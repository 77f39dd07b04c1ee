import { z } from 'zod';
import { CallerName } from './caller-names.ts';
import type { VicidialDeps } from './deps.ts';
import type { Row } from './tables.ts';

/** What a test or a demo orders: one call, and how it goes. Times in simulated seconds. */
export const CallRequest = z.strictObject({
  leadId: z.number().int(),
  campaign: z.string(),
  /** `auto` is dialled by the dialer (`V…`), `inbound` comes in (`Y…`), `manual` is dialled by a human agent (`M…`). */
  kind: z.enum(['auto', 'inbound', 'manual']).default('auto'),
  /** `inbound`: where it waits for a line whose remote agent takes calls of that in-group. */
  inGroup: z.string().optional(),
  /** The dialer of the cluster on which it runs. (Default: the first) */
  server: z.string().optional(),
  /** Asterisk's own id, to let two servers give the same. (Default: the server's time and its count) */
  uniqueid: z.string().optional(),
  /** The remote agent's line that gets the call. (Default: the one that waits longest) */
  lineUser: z.string().optional(),
  /** False: the line is taken, but no leg goes to the AI platform. */
  ai: z.boolean().default(true),
  /** How the carrier's dialplan asks for headers. (Default: by CURL where the simulator knows that address, else by AGI) */
  asksBy: z.enum(['curl', 'agi']).optional(),
  /** What the dialplan makes of CALLERID(name). (Default: the simulator's) */
  callerName: CallerName.optional(),
  /** `manual`: who dials, and the disposition. Else: a human agent dispositions the lead so long after the AI's call. */
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
  /** The dialer server that has the call. */
  deps: VicidialDeps;
  startedSec: number;
  channel: string;
  /** The remote agent's line; empty before the hand-over. */
  line: string;
  headers: [name: string, value: string][];
  /** The customer was put through to the platform's leg. False for good when the database died before. */
  isHandedOver: boolean;
  /** The in-group of human agents to which the Agent API moved the customer; empty when it did not. */
  transferredTo: string;
  /** Aborted when the customer's leg has ended, whoever ended it; also when it was moved. */
  ended: AbortController;
  /** Where the AI platform wants to be told that its leg is cut. */
  hangUpUrl: string;
  /** All steps for the call's records, one after the other. */
  turn: Promise<unknown>;
}

/** Campaign of the call's records: for an inbound call its in-group. */
export function groupOf({ request }: LiveCall): string {
  return request.kind === 'inbound' ? (request.inGroup ?? '') : request.campaign;
}

/** Takes steps for one call one after the other: the daemon and the hang-up never interleave. */
export function inTurn<T>(call: LiveCall, step: () => Promise<T>): Promise<T> {
  const result = call.turn.then(step);
  call.turn = result.catch(() => undefined);
  return result;
}
