import { z } from 'zod';
import { writeBackStates } from '../../../domain/write-back.ts';
import type { WriteBackPlace } from '../../../store/reads/write-back-pages.ts';
import { After, AspectName, count, DialerName, Limit, Next, WriteBackShape, writeBackShape } from '../shapes.ts';
import { defineTool, looks } from '../tool.ts';

/** These are over: the latest come first. */
const ended: readonly string[] = ['confirmed', 'superseded', 'cancelled'];

/** Write-backs one by one. */
export const listWriteBacks = defineTool({
  name: 'list_write_backs',
  title: 'List write-backs',
  description:
    'Write-backs of one state, with what the dialer said and what can be done. `dead` and `refused` failed and can be replayed, `held` wait for the mapping, `pending` wait for their turn.',
  input: z.strictObject({
    state: z.enum(writeBackStates),
    dialer: DialerName.optional(),
    aspect: AspectName.optional(),
    after: After,
    limit: Limit,
  }),
  output: z.object({ writeBacks: z.array(WriteBackShape), next: Next }),
  hints: looks,
  async run(desk, { state, dialer, aspect, after, limit }) {
    const { store } = await desk.open();
    const place = after ? placeIn(after) : null;
    const { rows, next } = await store.writeBackPage({
      ...{ state, limit, order: ended.includes(state) ? ('newest' as const) : ('oldest' as const) },
      ...(dialer && { dialer }),
      ...(aspect && { aspect }),
      ...(place && { after: place }),
    });
    return {
      text: `${count(rows.length, 'write-back is', 'write-backs are')} ${state}${next ? ', and there are more' : ''}.`,
      data: {
        writeBacks: rows.map((row) => writeBackShape(desk.sight, row)),
        next: next && `${next.dueAt}~${next.row}`,
      },
    };
  },
});

function placeIn(text: string): WriteBackPlace {
  const [dueAt = '', row = ''] = text.split('~');
  return { dueAt, row };
}
