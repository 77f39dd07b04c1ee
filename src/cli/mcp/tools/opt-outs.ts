import { z } from 'zod';
import type { DialerClock, OptOutClock } from '../../../domain/opt-out-clock.ts';
import { latestOptOuts, openOptOuts } from '../../../flows/list-opt-outs.ts';
import { countOptOuts } from '../../../flows/watch-opt-outs.ts';
import { After, count, Limit, Next } from '../shapes.ts';
import { numberFor, type Sight, sourceFor, toldFor } from '../sight.ts';
import { defineTool, looks } from '../tool.ts';

const DialerShape = z.object({
  dialer: z.string(),
  state: z.string().describe('`failed`: only an operator can mend it.'),
  targetAt: z.string(),
  isOnTime: z.boolean(),
  confirmedAt: z.string().optional().describe('When the dialer first held it.'),
  tookSec: z.number().optional(),
  proof: z.string().describe('What was seen in the dialer.'),
  waitsFor: z.string().optional(),
  waitsUntil: z.string().optional(),
});

const OptOutShape = z.object({
  correlationId: z.string().describe('The call that told it.'),
  toldAt: z.string(),
  source: z.string(),
  numbers: z.array(z.string()).describe('Only their last four digits.'),
  isOpen: z.boolean().describe('Some dialer does not hold it yet.'),
  isOverdue: z.boolean(),
  isPastLegal: z.boolean(),
  isUndone: z.boolean(),
  legalBy: z.string(),
  dialers: z.array(DialerShape),
});

/** Do-not-call requests, and how fast each reached the dialers. */
export const optOuts = defineTool({
  name: 'opt_outs',
  title: 'Opt-outs and their clocks',
  description:
    'Do-not-call requests: how many no dialer may lack and still does, and each with its clock and proof on every dialer. By default those that are open, the most pressing first; `which: all` tells all of them, the latest first.',
  input: z.strictObject({ which: z.enum(['open', 'all']).default('open'), after: After, limit: Limit }),
  output: z.object({
    open: z.number(),
    overdue: z.number(),
    oldestSec: z.number().describe('For how long the oldest open one has waited.'),
    optOuts: z.array(OptOutShape),
    next: Next.describe('Only of `which: all`: give it as `after` for the page after this one.'),
  }),
  hints: looks,
  async run(desk, { which, after, limit }) {
    const deps = await desk.open();
    const counts = await countOptOuts(deps);
    const { clocks, next } =
      which === 'open' ? { ...(await openOptOuts(deps)), next: null } : await latestOptOuts(deps, { limit, after });
    const still = counts.open === 0 ? 'Every dialer holds every opt-out' : `${count(counts.open, 'opt-out')} open`;
    return {
      text: `${still}, ${counts.overdue} overdue.`,
      data: {
        ...{ open: counts.open, overdue: counts.overdue, oldestSec: Math.round(counts.oldestSec), next },
        optOuts: clocks.slice(0, limit).map((clock) => optOutShape(desk.sight, clock)),
      },
    };
  },
});

function optOutShape(sight: Sight, clock: OptOutClock): z.infer<typeof OptOutShape> {
  const { correlationId, toldAt, source, phones, isOpen, isOverdue, isPastLegal, isUndone, legalBy, dialers } = clock;
  return {
    ...{ correlationId, toldAt, isOpen, isOverdue, isPastLegal, isUndone, legalBy },
    source: sourceFor(sight, source),
    numbers: phones.map(numberFor),
    dialers: dialers.map(dialerShape),
  };
}

function dialerShape(clock: DialerClock): z.infer<typeof DialerShape> {
  const { dialer, state, targetAt, isOnTime, confirmedAt, tookSec, proof, waitsFor, waitsUntil } = clock;
  return {
    ...{ dialer, state, targetAt, isOnTime, proof: toldFor(proof) },
    ...(confirmedAt && { confirmedAt }),
    ...(tookSec !== undefined && { tookSec }),
    ...(waitsFor && { waitsFor: toldFor(waitsFor) }),
    ...(waitsUntil && { waitsUntil }),
  };
}
