import { z } from 'zod';
import { type ControlScope, scopeText } from '../../../domain/controls.ts';
import { ConnectorError } from '../../../domain/errors.ts';
import type { Deps } from '../../../flows/deps.ts';
import { faultOfControl, unknownCampaign } from '../../../flows/judge-control.ts';
import { type PauseOutlook, pauseOutlook, waitingWords } from '../../../flows/pause-outlook.ts';
import { liftControl, setControl } from '../../../flows/set-control.ts';
import { AspectName, DialerName, Reason } from '../shapes.ts';
import { toldFor } from '../sight.ts';
import { defineTool } from '../tool.ts';

const Scope = {
  everywhere: z.boolean().default(false).describe('All that is written anywhere. Nothing else is named then.'),
  dialer: DialerName.optional(),
  campaign: z.string().trim().min(1).optional().describe('A campaign, as the dialer names it.'),
  aspect: AspectName.optional(),
};
type Scope = z.output<z.ZodObject<typeof Scope>>;

const Done = z.object({
  scope: z.string(),
  waiting: z
    .number()
    .nullable()
    .describe('So many write-backs wait in it, or waited; null: too many to count in time.'),
  waitingOptOuts: z
    .number()
    .nullable()
    .describe('So many of them are opt-outs: their numbers may be called until they are written.'),
  optOutsLegalBy: z.string().nullable().describe('When the law wants the first of these held; null: none waits.'),
});

/** Stops writing to dialers. */
export const pause = defineTool({
  name: 'pause',
  title: 'Pause writing',
  description:
    'Stops what is written to the dialers, opt-outs too, within a second on every process: everywhere, or for a dialer, a campaign, an aspect. What arrives meanwhile is kept, and `resume` lets it go on. Ask the person first.',
  input: z.strictObject({ ...Scope, reason: Reason }),
  output: Done.extend({
    warning: z
      .string()
      .optional()
      .describe('The pause holds, but no configuration names its campaign: tell the person.'),
  }),
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async run({ open, by }, { reason: note, ...asked }) {
    const deps = await open();
    const scope = scopeOf(deps, asked, note);
    await setControl(deps, { kind: 'pause', scope, percent: 0, note, by });
    const unknown = unknownCampaign(deps, scope);
    const warning = unknown && toldFor(`${unknown.words} ${unknown.hint}`);
    const outlook = await countIn(deps, scope);
    const text = `Paused: ${toldFor(scopeText(scope))}. Every process holds still within a second. ${wordsOf(outlook)}`;
    return {
      text: warning ? `${text} ${warning}` : text,
      data: { ...doneIn(scope, outlook), ...(warning && { warning }) },
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
    const scope = scopeOf(deps, asked, note);
    const where = toldFor(scopeText(scope));
    if (!(await liftControl(deps, { kind: 'pause', scope, by, note }))) {
      throw new ConnectorError('not_found', `there is no pause of ${where}`, {
        hint: '`controls` tells the pauses that there are, each with its scope.',
      });
    }
    const outlook = await countIn(deps, scope);
    const text = `Resumed: ${where}. What no other pause holds goes out in order. ${wordsOf(outlook)}`;
    return { text, data: doneIn(scope, outlook) };
  },
});

/** Nothing named is no scope: everywhere has to be said. */
function scopeOf(deps: Deps, { everywhere, ...named }: Scope, note: string): ControlScope {
  const isNamed = Object.values(named).some((part) => part !== undefined);
  if (everywhere === isNamed) {
    throw new ConnectorError('bad_request', isNamed ? 'everywhere, and something by name' : 'nothing is named', {
      hint: 'Name a dialer, a campaign, an aspect, or several of them; or say `everywhere: true` alone.',
    });
  }
  const { dialer = '', campaign = '', aspect = '' } = named;
  const scope: ControlScope = { dialer, campaign, aspect };
  const fault = faultOfControl(deps, { kind: 'pause', scope, percent: 0, note });
  if (fault) throw new ConnectorError('bad_request', fault.words, { hint: fault.hint });
  return scope;
}

/** After the act, which must not fail because so much waits that it can't be counted in time: then null. */
export function countIn(deps: Deps, scope: ControlScope): Promise<PauseOutlook | null> {
  return pauseOutlook(deps, scope).catch(() => null);
}

function wordsOf(outlook: PauseOutlook | null): string {
  return outlook ? `${waitingWords(outlook)} in it.` : 'What waits in it could not be counted.';
}

function doneIn(scope: ControlScope, outlook: PauseOutlook | null): z.infer<typeof Done> {
  const { waiting = null, optOuts = null, optOutsDue } = outlook ?? {};
  const optOutsLegalBy = optOutsDue?.legalBy ?? null;
  return { scope: toldFor(scopeText(scope)), waiting, waitingOptOuts: optOuts, optOutsLegalBy };
}
