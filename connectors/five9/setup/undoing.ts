import { z } from 'zod';
import type { Json, JsonFields } from '../../../src/domain/setup.ts';
import { readAs } from '../../shared/read-as.ts';

const Value: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(Value), z.record(z.string(), Value)]),
);
/** Some members of a campaign as Five9 told them, by name. */
const Members = z.record(z.string(), Value);
const name = z.string().min(1);

/** What was made in a domain, with what undoing it has to know. */
export const Undoing = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('contact-field'), name, type: z.string(), mapTo: z.string() }),
  z.object({ kind: z.literal('disposition'), name, type: z.string() }),
  z.object({ kind: z.literal('assigned-disposition'), name, campaign: name }),
  z.object({ kind: z.literal('variable-group'), name }),
  z.object({ kind: z.literal('variable'), group: name, name, type: z.string() }),
  z.object({ kind: z.literal('skill'), name }),
  z.object({ kind: z.literal('list'), name }),
  z.object({ kind: z.literal('assigned-list'), name, campaign: name }),
  z.object({ kind: z.literal('number'), number: name, campaign: name }),
  z.object({
    kind: z.literal('script'),
    name,
    /** What was there before; null for nothing. */
    before: z.object({ description: z.string(), xml: z.string() }).nullable(),
    /** Digest of what Five9 held in the end; missing where that was not seen any more. */
    left: z.string().optional(),
  }),
  z.object({
    kind: z.literal('schedule'),
    campaign: name,
    type: z.enum(['AUTODIAL', 'INBOUND']),
    script: name,
    /** The script that ran before, with what the campaign handed to it; null for none. */
    before: z.object({ script: name, params: z.array(z.object({ name, value: z.string() })) }).nullable(),
  }),
  z.object({
    kind: z.literal('members'),
    campaign: name,
    type: z.enum(['OUTBOUND', 'AUTODIAL']),
    /** What was set, and what was there in its place; missing for nothing. */
    set: Members,
    before: Members,
  }),
]);
export type Undoing = z.infer<typeof Undoing> & JsonFields;

/** What was kept of a thing; null when this release does not know its kind. */
export function readUndoing(kept: JsonFields): z.infer<typeof Undoing> | null {
  return readAs(Undoing, kept).data ?? null;
}
