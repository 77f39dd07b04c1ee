import { z } from 'zod';
import { controlKinds } from '../domain/controls.ts';
import { aspects } from '../domain/write-back.ts';

const scope = {
  dialer: z.string().trim().default('').meta({ description: 'Its id in the configuration; empty: every dialer' }),
  campaign: z.string().trim().default('').meta({ description: "The dialer's name of it; empty: every campaign" }),
  aspect: z
    .union([z.enum(aspects), z.literal('')])
    .default('')
    .meta({ description: 'Of a pause: only these write-backs; empty: all of them, and no calls are placed' }),
};

/** Which control is meant. */
export const ControlName = z.strictObject({
  kind: z.enum(controlKinds).meta({
    description:
      'pause: nothing is sent to the dialer. stage: of so many percent of the leads the calls are written to the dialer. share: so many percent of the calls may go to the AI.',
  }),
  ...scope,
});

/** What shall hold from now on. */
export const ControlWish = ControlName.extend({
  percent: z.int().min(0).max(100).optional().meta({ description: 'Of stage and share; a pause has none' }),
  // The description shows what goes in, which says nothing of the second part.
  note: z
    .string()
    .pipe(z.string().min(1).max(180))
    .meta({ description: 'Why: kept in the audit log', minLength: 1, maxLength: 180 }),
});

/** A control as it is answered. */
export const ControlAnswer = z.object({
  kind: z.enum(controlKinds),
  dialer: z.string(),
  campaign: z.string(),
  aspect: z.string(),
  percent: z.int(),
  note: z.string(),
  by: z.string().meta({ description: 'Who set it: a user of the console, cli:…, or api:…' }),
  at: z.string(),
});
export type ControlAnswer = z.infer<typeof ControlAnswer>;

/** All that are set. */
export const ControlsAnswer = z.object({ controls: z.array(ControlAnswer) });

/** What was set; of a pause also what it holds back now. */
export const ControlSet = ControlAnswer.omit({ at: true }).extend({
  waiting: z.int().optional(),
  waiting_opt_outs: z.int().optional(),
  warning: z.string().optional().meta({ description: 'It holds, but no configuration names its campaign' }),
});
