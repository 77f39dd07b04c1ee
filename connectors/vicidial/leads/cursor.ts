import { z } from 'zod';
import { ConnectorError } from '../../../src/domain/errors.ts';

const ms = z.int().min(0);
const leadId = z.int().min(0);
/** A short hash of the lists that are read: when they change, what was read so far no longer says what is new. */
const lists = z.string();

/** Where a reading of every lead stands: those up to `after` are read. `upTo`: the instant that the data is surely from. */
const Full = z.object({ kind: z.literal('full'), after: leadId, until: leadId, upTo: ms, lists });

/** Between two reads: what the next one needs to know. */
const Idle = z.object({ kind: z.literal('idle'), fullAt: ms, since: ms, maxLead: leadId, lists });

/** The sources of what changed, in the order in which they are read. */
export const changeStages = ['new', 'called', 'logged', 'closed', 'handed'] as const;
export type ChangeStage = (typeof changeStages)[number];

/** Where a reading of what changed stands. `at`: a lead_id in stage `new`, else a time as the table has it. */
const Changes = Idle.extend({
  kind: z.literal('changes'),
  until: leadId,
  upTo: ms,
  stage: z.enum(changeStages),
  at: z.string(),
  /** How many rows of exactly that time are read already. */
  skip: z.int().min(0),
  /** When the oldest call began that may still change its lead. */
  open: ms,
});

const Cursor = z.discriminatedUnion('kind', [Full, Idle, Changes]);
export type FullCursor = z.infer<typeof Full>;
export type IdleCursor = z.infer<typeof Idle>;
export type ChangesCursor = z.infer<typeof Changes>;
export type LeadCursor = z.infer<typeof Cursor>;

export function writeCursor(cursor: LeadCursor): string {
  return JSON.stringify(cursor);
}

/**
 * Null: begin anew. Earlier releases read list by list and wrote `full:<list>:<lead>`; such a reading begins anew, too,
 * which costs time but no lead.
 */
export function readCursor(text: string): LeadCursor | null {
  if (text === '' || /^full:\d+:\d+$/.test(text)) return null;
  try {
    return Cursor.parse(JSON.parse(text));
  } catch (cause) {
    throw new ConnectorError('bad_request', 'the cursor of the lead read is not one of VICIdial', {
      hint: 'Run `npx patchbay sync --full`.',
      cause,
    });
  }
}
