import { z } from 'zod';
import { scopeText } from '../../../domain/controls.ts';
import { count } from '../shapes.ts';
import { actorFor, toldFor } from '../sight.ts';
import { defineTool, looks } from '../tool.ts';
import { countIn } from './pauses.ts';

const mostControls = 100;

const ControlShape = z.object({
  kind: z.string().describe('`pause`, `stage` (percent of leads that are live), `share` (percent of calls to the AI).'),
  scope: z.string().describe('`everywhere`, or dialer / campaign / aspect.'),
  dialer: z.string().describe('Empty: every one. So are campaign and aspect.'),
  campaign: z.string(),
  aspect: z.string(),
  percent: z.number(),
  waiting: z
    .number()
    .nullable()
    .describe('Of a pause: so many write-backs wait in it; null: too many to count in time.'),
  note: z.string().describe('Why, in the words of who set it.'),
  by: z.string(),
  at: z.string(),
});

/** What people in charge have decided live. */
export const controls = defineTool({
  name: 'controls',
  title: 'Pauses, stages and shares',
  description:
    'What people in charge have decided live beside the configuration: pauses of writing, stages (how many of the leads are live) and shares (how many of the calls the AI gets), with who, when and why.',
  input: z.strictObject({}),
  output: z.object({ controls: z.array(ControlShape) }),
  hints: looks,
  async run(desk) {
    const deps = await desk.open();
    const all = await deps.store.controls();
    const shown = [];
    for (const control of all.slice(0, mostControls)) {
      const outlook = control.kind === 'pause' ? await countIn(deps, control.scope) : null;
      shown.push({ ...control, waiting: outlook?.waiting ?? null });
    }
    const pauses = all.filter(({ kind }) => kind === 'pause');
    const paused = pauses.map(({ scope }) => toldFor(scopeText(scope))).join('; ');
    return {
      text: `${pauses.length > 0 ? `Paused: ${paused}.` : 'Nothing is paused.'} ${count(all.length, 'control')} in all.`,
      data: {
        controls: shown.map(({ kind, scope, percent, waiting, note, by, at }) => ({
          ...{ kind, percent, waiting, at, dialer: scope.dialer, aspect: scope.aspect },
          scope: toldFor(scopeText(scope)),
          campaign: toldFor(scope.campaign),
          note: toldFor(note),
          by: actorFor(desk.sight, by),
        })),
      },
    };
  },
});
