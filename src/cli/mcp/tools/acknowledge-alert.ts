import { z } from 'zod';
import { takeAlert } from '../../../flows/alerts/take-alert.ts';
import { Reason } from '../shapes.ts';
import { actorFor } from '../sight.ts';
import { defineTool } from '../tool.ts';

/** Takes an alert for the person who asks. */
export const acknowledgeAlert = defineTool({
  name: 'acknowledge_alert',
  title: 'Take an alert',
  description:
    'Says that a person takes care of an alert: it is neither told again nor passed on to others, until it ends by itself. Only for who said so, in their words: it mends nothing, and can not be taken back.',
  input: z.strictObject({
    id: z.string().trim().min(1).max(64).describe('As `alerts` names it.'),
    reason: Reason,
  }),
  output: z.object({ id: z.string() }),
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  async run({ open, by, sight }, { id, reason: why }) {
    await takeAlert(await open(), { id, by, why, nameOf: (who) => actorFor(sight, who) });
    return { text: 'It is taken: nobody else is told of it.', data: { id } };
  },
});
