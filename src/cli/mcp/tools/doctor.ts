import { z } from 'zod';
import type { Checked } from '../../../flows/doctor/run-checks.ts';
import { toldFor } from '../sight.ts';
import { asks, defineTool } from '../tool.ts';

const mostChecks = 60;
const mostTroubles = 30;

const CheckShape = z.object({
  id: z.string(),
  title: z.string(),
  status: z.string().describe('`unknown`: it could not be told.'),
  found: z.string(),
  why: z.string().describe('Why it matters.'),
  fix: z.string().describe('What to change where.'),
  causes: z.array(z.string()).describe('Checks to mend first, when this one could not be told for want of them.'),
});

/** Runs the doctor's checks. */
export const doctor = defineTool({
  name: 'doctor',
  title: 'Run the doctor',
  description:
    'Runs the checks of the set-up of dialers, platforms and Patchbay itself, and tells of each that is not right what was found, why it matters and what to change where. It only reads, asks every system, and takes seconds to a minute: name an instance where you can.',
  input: z.strictObject({
    only: z
      .array(z.string().trim().min(1).max(120))
      .max(20)
      .default([])
      .describe('Instances (`patchbay` is Patchbay itself), checks, or beginnings of names of checks; none: all.'),
    withOk: z.boolean().default(false).describe('Also those that are right, in short.'),
  }),
  output: z.object({
    counts: z.object({ ok: z.number(), warn: z.number(), fail: z.number(), unknown: z.number() }),
    checks: z.array(CheckShape).describe('Those that are not right, the worst first.'),
    left: z.number().describe('How many more are not right: ask for one instance.'),
    ok: z.array(z.string()).describe('Names of those that are right, where they were asked for.'),
    troubles: z
      .array(z.object({ guide: z.string(), instance: z.string(), title: z.string(), status: z.string() }))
      .describe("Entries of the guides' troubleshooting that the checks speak for."),
  }),
  hints: asks,
  withinMs: 300_000,
  async run(desk, { only, withOk }, signal) {
    const { checked, counts, troubles } = await desk.examine(only, signal);
    const wrong = worst.flatMap((status) => checked.filter((each) => each.status === status));
    const speaking = troubles.filter(({ status }) => status === 'fail' || status === 'warn');
    const told = worst.flatMap((status) => (counts[status] > 0 ? `${counts[status]} ${status}` : []));
    return {
      text: `${checked.length} checks: ${[...told, `${counts.ok} ok`].join(', ')}.`,
      data: {
        counts: { ...counts },
        checks: wrong.slice(0, mostChecks).map(checkShape),
        left: Math.max(0, wrong.length - mostChecks),
        ok: withOk ? checked.filter(({ status }) => status === 'ok').map(({ id }) => id) : [],
        troubles: speaking.slice(0, mostTroubles).map(({ guide, instance, title, status }) => {
          return { guide, instance, title, status };
        }),
      },
    };
  },
});

const worst = ['fail', 'warn', 'unknown'] as const;

function checkShape({ id, title, status, found, why, fix, causes }: Checked): z.infer<typeof CheckShape> {
  return {
    ...{ id, title, status, found: toldFor(found), why: toldFor(why ?? ''), fix: toldFor(fix ?? '') },
    causes: [...causes],
  };
}
