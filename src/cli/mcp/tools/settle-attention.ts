import { z } from 'zod';
import type { Attention } from '../../../domain/attention.ts';
import { ConnectorError } from '../../../domain/errors.ts';
import type { Deps } from '../../../flows/deps.ts';
import { leaveAttention } from '../../../flows/settle-ambiguity.ts';
import type { AttentionPlace } from '../../../store/reads/attention-pages.ts';
import { Reason } from '../shapes.ts';
import { defineTool } from '../tool.ts';
import { itemId } from './attention.ts';

const atOnce = 200;
/** Whoever has more open has another trouble. */
const mostPages = 25;

/** Takes a thing off the list of what needs a person. */
export const settleAttention = defineTool({
  name: 'settle_attention',
  title: 'Settle what needs a person',
  description:
    'Takes a thing off the list of what needs a person, as it is: nothing is written for it. Only for what a person has decided, in their words. It can not be taken back.',
  input: z.strictObject({
    id: z.string().min(1).max(64).describe('As `attention` names it.'),
    reason: Reason,
  }),
  output: z.object({ id: z.string(), kind: z.string() }),
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  async run({ open, by }, { id, reason: why }) {
    const deps = await open();
    const { kind, key } = await openItem(deps, id);
    await leaveAttention(deps, { kind, key, why, by });
    return { text: 'It is off the list.', data: { id, kind } };
  },
});

async function openItem(deps: Deps, id: string): Promise<Attention> {
  let after: AttentionPlace | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { items, next } = await deps.store.attentionPage({ isOpen: true, limit: atOnce, ...(after && { after }) });
    const item = items.find((each) => itemId(deps, each) === id);
    if (item) return item;
    if (!next) break;
    after = next;
  }
  throw new ConnectorError('not_found', `nothing that is open is called "${id}"`, {
    hint: 'Ask `attention` for what is open; it may have been settled meanwhile.',
  });
}
