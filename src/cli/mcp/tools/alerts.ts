import { z } from 'zod';
import { type Alert, natureOf } from '../../../domain/alert.ts';
import { count, Limit } from '../shapes.ts';
import { actorFor, type Sight, toldFor } from '../sight.ts';
import { defineTool, looks } from '../tool.ts';

const AlertShape = z.object({
  id: z.string().describe('Names it to `acknowledge_alert`.'),
  kind: z.string(),
  level: z.string().describe('`urgent`: also at night.'),
  what: z.string(),
  meaning: z.string(),
  advice: z.string().describe('What a person can do about it.'),
  since: z.string(),
  endedAt: z.string().nullable(),
  toldBy: z.array(z.string()).describe('The channels by which somebody was told.'),
  takenBy: z.string().describe('Who takes care of it; empty: nobody yet.'),
});

/** What the site tells of itself. */
export const alerts = defineTool({
  name: 'alerts',
  title: 'Alerts',
  description:
    'The alerts that hold, the latest first: what is wrong with the site, since when, by which channels somebody was told, and whether somebody takes care of it.',
  input: z.strictObject({
    isOpen: z.boolean().default(true).describe('False: those that are over, the latest first.'),
    limit: Limit,
  }),
  output: z.object({ alerts: z.array(AlertShape) }),
  hints: looks,
  async run(desk, { isOpen, limit }) {
    const { store, alertChannels } = await desk.open();
    const found = await store.alertPage({ isOpen, limit });
    const none = alertChannels.size === 0 ? ' No channel is configured, so that nothing is looked for.' : '';
    const said = isOpen
      ? count(found.length, 'alert holds', 'alerts hold')
      : count(found.length, 'alert is over', 'alerts are over');
    return { text: `${said}.${none}`, data: { alerts: found.map((alert) => alertShape(desk.sight, alert)) } };
  },
});

function alertShape(sight: Sight, alert: Alert): z.infer<typeof AlertShape> {
  const { id, kind, level, words, firstAt, endedAt, told, ackedBy } = alert;
  const { meaning, advice } = natureOf(kind);
  return {
    ...{ id, kind, level, meaning, advice, endedAt },
    what: toldFor(words),
    since: firstAt,
    toldBy: Object.keys(told),
    takenBy: actorFor(sight, ackedBy),
  };
}
