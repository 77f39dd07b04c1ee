import { z } from 'zod';
import { ConnectorError } from '../../../domain/errors.ts';
import type { Deps } from '../../../flows/deps.ts';
import { type PreviewedRow, previewReplay } from '../../../flows/preview-replay.ts';
import { failedOf } from '../../../flows/replay-write-backs.ts';
import { count, DialerName, WriteBackShape, writeBackShape } from '../shapes.ts';
import { type Sight, toldFor } from '../sight.ts';
import { asks, defineTool } from '../tool.ts';

/** Which write-backs are meant: some by their ids, or all that a dialer did not take. */
export const chosenRows = {
  ids: z
    .array(z.string().min(1).max(64))
    .max(50)
    .default([])
    .describe('Write-backs, as `list_write_backs` names them.'),
  dialer: DialerName.optional().describe('Without `ids`: all that are dead or refused of this dialer.'),
};

const RowShape = WriteBackShape.pick({
  id: true,
  correlationId: true,
  dialer: true,
  aspect: true,
  wanted: true,
}).extend({
  state: z.string(),
  held: z.string().describe('What the dialer holds now; empty where that can not be told.'),
  verdict: z
    .string()
    .describe(
      '`writes`; `holds-it`: only confirms it; `unsure`: looks again first; `human-first`, `not-now`: not replayed.',
    ),
  why: z.string(),
  canReplay: z.boolean(),
});

/** What would change if failed write-backs were replayed. */
export const previewReplayTool = defineTool({
  name: 'preview_replay',
  title: 'Preview a replay',
  description:
    'What a replay of failed write-backs would change, beside what the dialer holds now. It reads the dialer and writes nothing. `replay_write_backs`, where it is allowed, wants the `mark` that this gives.',
  input: z.strictObject(chosenRows),
  output: z.object({
    rows: z.array(RowShape).describe('Those that were looked up in the dialer: at most 100.'),
    count: z.number().describe('How many there are in all.'),
    mark: z.string().describe('Stands for what would change now.'),
  }),
  hints: asks,
  async run(desk, { ids, dialer }) {
    const deps = await desk.open();
    const failed = ids.length === 0 ? await failedOf(deps, knownDialer(deps, dialer)) : null;
    const { rows, mark } = await previewReplay(deps, failed ? failed.rows.map(({ id }) => id) : ids);
    const ready = rows.filter(({ canReplay }) => canReplay).length;
    return {
      text: `${ready} of the ${count(rows.length, 'write-back')} that were looked up can be replayed.`,
      data: { rows: rows.map((row) => rowShape(desk.sight, row)), count: failed?.count ?? rows.length, mark },
    };
  },
});

/** A dialer that there is. */
export function knownDialer({ dialers }: Pick<Deps, 'dialers'>, dialer: string | undefined): string {
  if (dialer !== undefined && dialers.has(dialer)) return dialer;
  const hint = `Dialers are: ${[...dialers.keys()].join(', ') || 'none is configured'}.`;
  const message = dialer === undefined ? 'nothing is named' : `there is no dialer "${dialer}"`;
  throw new ConnectorError('bad_request', message, { hint });
}

function rowShape({ showsWords }: Sight, previewed: PreviewedRow): z.infer<typeof RowShape> {
  const { row, verdict, held, why, canReplay } = previewed;
  const { id, correlationId, dialer, aspect, wanted, state } = writeBackShape({ showsWords }, row);
  const isOfPeople = !showsWords && (verdict === 'human-first' || row.cancelledBy !== undefined);
  return {
    ...{ id, correlationId, dialer, aspect, wanted, state, verdict, canReplay },
    held: toldFor(held),
    why: isOfPeople ? plainWords[verdict] : toldFor(why),
  };
}

/** Without who it was. */
const plainWords: Readonly<Record<PreviewedRow['verdict'], string>> = {
  writes: 'A person took it back; a replay writes it.',
  'holds-it': 'A person took it back, and it is there already: a replay confirms it.',
  unsure: 'A person took it back. The dialer is read again before it is written.',
  'human-first': 'A person set it in the dialer, and a human’s result is never overwritten.',
  'not-now': 'A person took it back, and the call wants something else by now, or nothing.',
};
