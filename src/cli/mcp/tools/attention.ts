import { z } from 'zod';
import { candidatesOf, isForEverybody } from '../../../console/pages/attention/details.ts';
import { kindWords } from '../../../console/pages/attention/kinds.ts';
import { type Attention, attentionKinds } from '../../../domain/attention.ts';
import type { Deps } from '../../../flows/deps.ts';
import { needWords } from '../../../flows/need-words.ts';
import { needsAPerson } from '../../../flows/needs-a-person.ts';
import { count, Limit } from '../shapes.ts';
import { actorFor, type Sight, toldFor } from '../sight.ts';
import { defineTool, looks } from '../tool.ts';

/** No page of a list that is longer is of use. */
const mostSkipped = 500;

const ItemShape = z.object({
  id: z.string().describe('Names it to `settle_attention`.'),
  kind: z.string(),
  title: z.string(),
  meaning: z.string(),
  advice: z.string().describe('What a person can do about it.'),
  correlationId: z.string().describe('The call that it is about; empty when none is known.'),
  candidates: z.array(z.string()).describe('Calls that it can be.'),
  details: z.array(z.object({ name: z.string(), value: z.string() })),
  hidden: z.number().describe('How many details more are in the console: they are of a person, or were said by one.'),
  count: z.number().describe('How often it was told.'),
  firstAt: z.string(),
  lastAt: z.string(),
  settledAt: z.string().nullable(),
});

/** What needs a person. */
export const attention = defineTool({
  name: 'attention',
  title: 'What needs a person',
  description:
    'What waits for a person to decide: overdue and unplaced opt-outs, ambiguous calls, findings of the reconciliation, forged webhooks and more, with what it means and what can be done. The most pressing kind first.',
  input: z.strictObject({
    kind: z.enum(attentionKinds).optional(),
    isOpen: z.boolean().default(true).describe('False: what was settled, the latest first.'),
    skip: z.int().min(0).max(mostSkipped).default(0).describe('Leaves out so many from the beginning.'),
    limit: Limit,
  }),
  output: z.object({
    waiting: z.array(z.object({ what: z.string(), count: z.number(), oldestAt: z.string() })),
    items: z.array(ItemShape),
    hasMore: z.boolean(),
  }),
  hints: looks,
  async run(desk, { kind, isOpen, skip, limit }) {
    const deps = await desk.open();
    const [needs, page] = await Promise.all([
      needsAPerson(deps),
      deps.store.attentionPage({ isOpen, limit: skip + limit, ...(kind && { kind }) }),
    ]);
    const waiting = needs.map((each) => count(each.count, ...needWords[each.kind]));
    return {
      text: waiting.length === 0 ? 'Nothing needs a person.' : `Needs a person: ${waiting.join(', ')}.`,
      data: {
        waiting: needs.map((need) => ({ what: needWords[need.kind][1], count: need.count, oldestAt: need.oldestAt })),
        items: page.items.slice(skip).map((item) => itemShape(deps, desk.sight, item)),
        hasMore: page.next !== null,
      },
    };
  },
});

/** Its name for an assistant: the real one may hold a number, or words of a platform. */
export function itemId(
  { hashNumber }: Pick<Deps, 'hashNumber'>,
  { kind, key }: Pick<Attention, 'kind' | 'key'>,
): string {
  return hashNumber(`attention ${kind} ${key}`);
}

function itemShape(deps: Deps, sight: Sight, item: Attention): z.infer<typeof ItemShape> {
  const { kind, correlationId, firstAt, lastAt, settledAt } = item;
  const { title, meaning, advice } = kindWords[kind];
  const told = Object.entries(item.details).filter(
    ([name, value]) => value !== '' && !/^(candidate\d+|nameKind)$/.test(name),
  );
  const shown = told.filter(([name]) => sight.showsWords || isForEverybody(name));
  return {
    ...{ id: itemId(deps, item), kind, title, meaning, advice, correlationId, firstAt, lastAt, settledAt },
    candidates: candidatesOf(item).map(toldFor),
    details: shown.map(([name, value]) => {
      return { name: toldFor(name), value: name === 'by' ? actorFor(sight, value) : toldFor(value) };
    }),
    hidden: told.length - shown.length,
    count: item.count,
  };
}
