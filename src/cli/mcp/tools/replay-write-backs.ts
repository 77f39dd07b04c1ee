import { z } from 'zod';
import { ConnectorError } from '../../../domain/errors.ts';
import type { Deps } from '../../../flows/deps.ts';
import { replayChosen, replayFailed } from '../../../flows/replay-write-backs.ts';
import { count, Reason } from '../shapes.ts';
import { defineTool } from '../tool.ts';
import { chosenRows, knownDialer } from './preview-replay.ts';

/** Makes failed write-backs due again. */
export const replayWriteBacks = defineTool({
  name: 'replay_write_backs',
  title: 'Replay write-backs',
  description:
    'Makes failed write-backs due again: the running service writes them to the dialer. Ask `preview_replay` first, show the person what would change, and give its `mark` with the same `ids` or `dialer`. It can not be taken back.',
  input: z.strictObject({
    ...chosenRows,
    mark: z.string().min(1).max(64).describe('As `preview_replay` gave it.'),
    reason: Reason,
  }),
  output: z.object({
    chosen: z.number(),
    due: z.number().describe('So many go out again; the others are not wanted any more.'),
    left: z.number().describe('So many failed ones of the dialer are left for another time.'),
  }),
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  async run({ open, by }, { ids, dialer, mark, reason: why }) {
    const deps = await open();
    await mustHaveFailed(deps, ids);
    const answer =
      ids.length > 0
        ? await replayChosen(deps, { ids, mark, by, why })
        : await replayFailed(deps, { dialer: knownDialer(deps, dialer), mark, by, why });
    if (answer.kind === 'changed') {
      throw new ConnectorError(
        'store_conflict',
        'what a replay would change is not what was previewed: nothing was done',
        {
          hint: 'Ask `preview_replay` again for the same write-backs, and look at what is different.',
        },
      );
    }
    const left = 'left' in answer && typeof answer.left === 'number' ? answer.left : 0;
    return {
      text: `${count(answer.due, 'write-back is', 'write-backs are')} due again. The running service sends them.`,
      data: { chosen: answer.chosen, due: answer.due, left },
    };
  },
});

/** Who may replay what failed may not by that have written what runs in shadow. */
async function mustHaveFailed({ store }: Pick<Deps, 'store'>, ids: readonly string[]): Promise<void> {
  const shown = (await store.writeBacksById(ids)).filter(({ state }) => state === 'shadow');
  if (shown.length === 0) return;
  throw new ConnectorError(
    'bad_request',
    `${count(shown.length, 'write-back')} of these run in shadow: nothing was done`,
    {
      hint: 'Going live is for a person to decide: `npx patchbay replay`, or the page Shadow of the console.',
    },
  );
}
