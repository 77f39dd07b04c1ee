import { z } from 'zod';
import { instantOf } from '../../../domain/clock.ts';
import { type DaySpan, dayOf, namedSpan, readSpan, spanNames } from '../../../domain/day-span.ts';
import { ConnectorError } from '../../../domain/errors.ts';
import { stepWords } from '../../../domain/first-word-steps.ts';
import type { Score, Scorecard } from '../../../domain/scorecard.ts';
import { leastSample, shareWords } from '../../../domain/shares.ts';
import { scorecardOf } from '../../../flows/make-scorecard.ts';
import { count } from '../shapes.ts';
import { toldFor } from '../sight.ts';
import { defineTool, looks } from '../tool.ts';

const mostLines = 60;
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);

const Figures = z.object({
  calls: z.number(),
  open: z.number().describe('Without an outcome yet.'),
  contacts: z.number().describe('A person was spoken with.'),
  contactShare: z.string(),
  qualified: z.number(),
  qualifiedShare: z.string().describe('Of the contacts.'),
  transfers: z.number(),
  optOuts: z.number(),
  aiMinutes: z.number(),
  costPerQualified: z.number().nullable(),
  firstWordMedian: z
    .string()
    .nullable()
    .describe("How long half of the customers waited at most for the AI's first word."),
  firstWordP95: z.string().nullable(),
});

const Line = Figures.extend({
  campaign: z.string(),
  dialer: z.string(),
  agent: z.string(),
  agentVersion: z.string(),
  before: Figures.nullable().describe('The same in the span before; null: there was no such call.'),
});

/** How campaigns and AI agents did. */
export const scorecard = defineTool({
  name: 'scorecard',
  title: 'Scorecard',
  description:
    'How campaigns and AI agents did in a span of days, compared with the span before: calls, contacts, qualified, transfers, opt-outs, minutes, cost, first word. Without `from` a span by its name.',
  input: z.strictObject({
    span: z.enum(spanNames).default('7-days').describe('Whole days before today, but for `today`.'),
    from: day.optional().describe("The first day, by the site's time zone; it goes before `span`."),
    to: day.optional().describe('The last day, which counts too; without it today.'),
  }),
  output: z.object({
    firstDay: z.string(),
    lastDay: z.string(),
    timeZone: z.string(),
    comparedWith: z.string(),
    currency: z.string().nullable().describe('Null: no rate is configured, so costs are not known.'),
    lines: z.array(Line).describe('One per campaign, agent and version; the campaigns with the most calls first.'),
    left: z.number().describe('How many lines more there are.'),
    total: Figures.extend({ before: Figures.nullable() }),
  }),
  hints: looks,
  async run(desk, { span: name, from, to }) {
    const deps = await desk.open();
    const zone = deps.settings.console.timeZone;
    const now = instantOf(deps.clock);
    const span = from ? readSpan(zone, from, to ?? dayOf(zone, now)) : namedSpan(name, zone, now);
    if (typeof span === 'string') throw new ConnectorError('bad_request', span);
    const card = await scorecardOf(deps, span);
    return { text: gistOf(card, span), data: dataOf(card, span, zone) };
  },
});

function gistOf({ total }: Scorecard, { firstDay, lastDay }: DaySpan): string {
  const days = firstDay === lastDay ? firstDay : `${firstDay} to ${lastDay}`;
  if (total.calls === 0) return `${days}: no call was registered, or the calls are not counted yet.`;
  const few = `Shares of fewer than ${leastSample} calls are told as numbers.`;
  return `${days}: ${count(total.calls, 'call')}, ${total.contacts} contacts, ${total.qualified} qualified. ${few}`;
}

function dataOf(card: Scorecard, { firstDay, lastDay, previous }: DaySpan, timeZone: string) {
  const { lines, total, hasCosts, currency } = card;
  return {
    ...{ firstDay, lastDay, timeZone, comparedWith: previous.words, currency: hasCosts ? currency : null },
    lines: lines.slice(0, mostLines).map((line) => ({
      campaign: toldFor(line.campaign),
      dialer: line.dialer,
      agent: toldFor(line.agent),
      agentVersion: toldFor(line.agentVersion),
      ...figuresOf(line),
      before: line.before && figuresOf(line.before),
    })),
    left: Math.max(0, lines.length - mostLines),
    total: { ...figuresOf(total), before: total.before && figuresOf(total.before) },
  };
}

function figuresOf(score: Score): z.infer<typeof Figures> {
  const { calls, open, contacts, qualified, transfers, optOuts, aiMinutes, costPerQualified, firstWord } = score;
  return {
    ...{ calls, open, contacts, qualified, transfers, optOuts },
    aiMinutes: Math.round(aiMinutes * 10) / 10,
    costPerQualified: costPerQualified === null ? null : Math.round(costPerQualified * 100) / 100,
    contactShare: plain(shareWords(score.contactShare)),
    qualifiedShare: plain(shareWords(score.qualifiedShare)),
    firstWordMedian: firstWord.median && plain(stepWords(firstWord.median)),
    firstWordP95: firstWord.p95 && plain(stepWords(firstWord.p95)),
  };
}

/** Without the blanks that keep a line together on a page. */
function plain(words: string): string {
  return words.replaceAll('\u00A0', ' ');
}
