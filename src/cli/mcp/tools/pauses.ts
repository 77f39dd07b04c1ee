import { z } from 'zod';
import { type ControlScope, scopeText } from '../../../domain/controls.ts';
import { ConnectorError } from '../../../domain/errors.ts';
import type { Deps } from '../../../flows/deps.ts';
import { liftControl, setControl } from '../../../flows/set-control.ts';
import { AspectName, DialerName, Reason } from '../shapes.ts';
import { toldFor } from '../sight.ts';
import { defineTool } from '../tool.ts';
import { knownDialer } from './preview-replay.ts';

const Scope = {
  everywhere: z.boolean().default(false).describe('All that is written anywhere. Nothing else is named then.'),
  dialer: DialerName.optional(),
  campaign: z.string().trim().min(1).max(190).optional().describe('A campaign, as the dialer names it.'),
  aspect: AspectName.optional(),
};
type Scope = z.output<z.ZodObject<typeof Scope>>;

const Done = z.object({ scope: z.string(), isChanged: z.boolean() });

/** Stops writing to dialers. */
export const pause = defineTool({
  name: 'pause',
  title: 'Pause writing',
  description:
    'Stops what is written to the dialers, opt-outs too, within a second on every process: everywhere, or for a dialer, a campaign, an aspect. What arrives meanwhile is kept, and `resume` lets it go on. Ask the person first.',
  input: z.strictObject({ ...Scope, reason: Reason }),
  output: Done,
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async run({ open, by }, { reason: note, ...asked }) {
    const deps = await open();
    const scope = scopeOf(deps, asked);
    await setControl(deps, { kind: 'pause', scope, percent: 0, note, by });
    const text = toldFor(scopeText(scope));
    return {
      text: `Paused: ${text}. Every process holds still within a second.`,
      data: { scope: text, isChanged: true },
    };
  },
});

/** Lets writing go on. */
export const resume = defineTool({
  name: 'resume',
  title: 'Resume writing',
  description:
    'Takes back one pause, of exactly the scope that `controls` tells: what waited is written to the dialers in its order. Ask the person first: what is written can not be taken back.',
  input: z.strictObject({ ...Scope, reason: Reason }),
  output: Done,
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  async run({ open, by }, { reason: note, ...asked }) {
    const deps = await open();
    const scope = scopeOf(deps, asked);
    const isChanged = await liftControl(deps, { kind: 'pause', scope, by, note });
    const text = toldFor(scopeText(scope));
    if (!isChanged) {
      throw new ConnectorError('not_found', `there is no pause of ${text}`, {
        hint: '`controls` tells the pauses that there are, each with its scope.',
      });
    }
    return { text: `Resumed: ${text}.`, data: { scope: text, isChanged } };
  },
});

/** Nothing named is no scope: everywhere has to be said. */
function scopeOf(deps: Deps, { everywhere, dialer, campaign, aspect }: Scope): ControlScope {
  const isNamed = dialer !== undefined || campaign !== undefined || aspect !== undefined;
  if (everywhere === isNamed) {
    throw new ConnectorError('bad_request', isNamed ? 'everywhere, and something by name' : 'nothing is named', {
      hint: 'Name a dialer, a campaign, an aspect, or several of them; or say `everywhere: true` alone.',
    });
  }
  if (dialer !== undefined) knownDialer(deps, dialer);
  return { dialer: dialer ?? '', campaign: campaign ?? '', aspect: aspect ?? '' };
}
