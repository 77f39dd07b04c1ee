import { z } from 'zod';
import { ConnectorError } from '../../../domain/errors.ts';
import { shortTime } from '../../../domain/short-time.ts';
import { backlogWords } from '../../../flows/link-words.ts';
import { readSiteState } from '../../../flows/site-state.ts';
import { defineTool, looks } from '../tool.ts';

const storeWithinMs = 15_000;

const OpenShape = z.object({
  dialer: z.string(),
  aspect: z.string(),
  state: z.string(),
  count: z.number(),
  due: z.number().describe('Those whose time has come.'),
  oldestDueAt: z.string(),
});

const ForecastShape = z.object({
  dialer: z.string(),
  aspect: z.string(),
  waiting: z.number(),
  submitted: z.number().describe('The dialer has them, and has not confirmed them yet.'),
  opensAt: z.string().nullable().describe("When the dialer's window opens; null: it takes them now."),
  throughAt: z.string().nullable().describe('When all will be through; null: not in sight.'),
  paused: z.enum(['all', 'some']).optional().describe('People hold all of it back, or some campaigns of it.'),
});

/** What waits for each dialer, and when it will be through. */
export const backlog = defineTool({
  name: 'backlog',
  title: 'What waits for the dialers',
  description:
    'How many write-backs (dispositions, callbacks, DNC entries, fields) are open, by dialer, aspect and state, and when what waits will be through. `list_write_backs` shows them one by one.',
  input: z.strictObject({}),
  output: z.object({ open: z.array(OpenShape), forecast: z.array(ForecastShape) }),
  hints: looks,
  async run(desk) {
    const deps = await desk.open();
    const state = await readSiteState(deps, storeWithinMs);
    if (state.isStoreAway) {
      throw new ConnectorError('store_away', 'the store does not answer', { hint: 'See whether the database runs.' });
    }
    const zone = deps.settings.console.timeZone;
    const words = backlogWords(state.backlog, (at) => `${shortTime(at, { zone, now: state.at })} (${zone})`);
    const failed = state.open.filter((each) => each.state === 'dead' || each.state === 'refused');
    const failedCount = failed.reduce((sum, each) => sum + each.count, 0);
    return {
      text: `${words.charAt(0).toUpperCase()}${words.slice(1)}; ${failedCount} failed.`,
      data: { open: [...state.open], forecast: [...state.backlog] },
    };
  },
});
