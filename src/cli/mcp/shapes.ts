import { z } from 'zod';
import type { Call } from '../../domain/call.ts';
import { isDay, startOfDay } from '../../domain/day-span.ts';
import { ConnectorError } from '../../domain/errors.ts';
import { aspects, type WriteBack } from '../../domain/write-back.ts';
import { writeBackWords } from '../../domain/write-back-steps.ts';
import { longestNote } from '../../flows/judge-control.ts';
import { keyFor, numberFor, type Sight, toldFor, wordsFor } from './sight.ts';

/** What several tools take and give. Times are UTC, as ISO 8601. */
export const Limit = z.int().min(1).max(50).default(20).describe('At most so many.');
export const Next = z
  .string()
  .nullable()
  .describe('Give it as `after` for the page after this one; null: there is none.');
export const After = z.string().max(200).optional().describe('The `next` of the page before.');
export const DialerName = z.string().min(1).max(64).describe("A dialer's name in the configuration.");
export const Reason = z
  .string()
  .trim()
  .min(3)
  .max(longestNote)
  .describe('Why, in the words of the person who asked for it. It is kept in the audit log.');

export const CallHead = z.object({
  correlationId: z.string().describe("Patchbay's own name of the call."),
  registeredAt: z.string(),
  dialer: z.string(),
  campaign: z.string(),
  lead: z.string().describe("The dialer's key of the lead; masked where it is a number."),
  number: z.string().describe("The customer's number; only its last four digits."),
  route: z.string().describe('Where the dialer was told to send the call: ai, skill, hangup.'),
  reason: z.string().describe('Why, where it was not the AI.'),
  outcome: z.string().describe('Empty: none yet.'),
  basis: z.string().describe('On what the outcome rests, such as human, committed, technical.'),
  callbackAt: z.string().optional(),
  optedOutAt: z.string().optional(),
  summary: z.string().optional(),
});
export type CallHead = z.infer<typeof CallHead>;

/** A call in short. */
export function callHead(sight: Sight, call: Call): CallHead {
  const { correlationId, registeredAt, dialer, campaign, leadKey, phone, route, reason, outcome } = call;
  const summary = wordsFor(sight, outcome?.summary ?? '');
  return {
    ...{ correlationId, registeredAt, dialer, route },
    campaign: toldFor(campaign),
    lead: keyFor(leadKey, phone),
    number: numberFor(phone),
    reason: toldFor(reason),
    outcome: outcome?.code ?? '',
    basis: outcome?.basis ?? '',
    ...(outcome?.callbackAt && { callbackAt: outcome.callbackAt }),
    ...(outcome?.optedOutAt && { optedOutAt: outcome.optedOutAt }),
    ...(summary && { summary }),
  };
}

export const AspectName = z.enum(aspects).describe("What of the dialer's record it is about.");

export const WriteBackShape = z.object({
  id: z.string(),
  correlationId: z.string(),
  dialer: z.string(),
  aspect: z.string(),
  revision: z.number(),
  wanted: z.string().describe('What the dialer shall hold; of fields only their names.'),
  state: z.string(),
  dueAt: z.string(),
  attempts: z.number().describe('Failed tries.'),
  why: z.string().describe('What the dialer said last.'),
  hint: z.string().describe('What an operator can do.'),
  settledAt: z.string().nullable(),
});
export type WriteBackShape = z.infer<typeof WriteBackShape>;

/** A write-back without what is written of a person. */
export function writeBackShape({ showsWords }: Sight, row: WriteBack): WriteBackShape {
  const { id, correlationId, dialer, aspect, revision, state, dueAt, attempts, why, hint, settledAt } = row;
  return {
    ...{ id, correlationId, dialer, aspect, revision, state, dueAt, attempts, settledAt },
    wanted: toldFor(writeBackWords(row)),
    why: row.cancelledBy && !showsWords ? 'a person took it back' : toldFor(why),
    hint: toldFor(hint),
  };
}

/** An instant, or when a day begins by the clocks of a zone. Undefined for nothing. */
export function instantIn(zone: string, text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (isDay(text)) return startOfDay(zone, text);
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new ConnectorError('bad_request', `"${text}" is no time`, {
    hint: `Give a day such as 2026-03-02 (by the clocks of ${zone}), or an instant such as 2026-03-02T14:00:00Z.`,
  });
}

/** `1 call`, `12,345 calls`. */
export function count(number: number, one: string, several = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : several}`;
}
