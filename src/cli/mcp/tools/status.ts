import { z } from 'zod';
import { shortTime } from '../../../domain/short-time.ts';
import { linkWords } from '../../../flows/link-words.ts';
import { needWords } from '../../../flows/need-words.ts';
import { lookAt } from '../../status.ts';
import { actorFor, toldFor } from '../sight.ts';
import { defineTool, looks } from '../tool.ts';

const Link = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  traffic: z.string(),
  errors: z.string(),
  itWaitsForUs: z.string(),
  weWaitForIt: z.string(),
  quotas: z.array(z.object({ name: z.string(), used: z.number(), limit: z.number(), per: z.string() })),
});

const Status = z.object({
  at: z.string(),
  level: z.enum(['good', 'warn', 'bad']),
  isServing: z.boolean().describe('Whether a service runs.'),
  isStoreAway: z.boolean().describe('True: the store does not answer, and nothing else can be told.'),
  complaints: z.array(z.object({ level: z.string(), words: z.string(), hint: z.string() })),
  links: z.array(Link).describe('Each dialer and platform, as the last five minutes were.'),
  needs: z.array(z.object({ what: z.string(), count: z.number(), oldestAt: z.string() })),
  optOuts: z.object({ open: z.number(), overdue: z.number() }),
  syncs: z.array(
    z.object({
      dialer: z.string(),
      startedAt: z.string(),
      endedAt: z.string().nullable(),
      leads: z.number(),
      error: z.string(),
    }),
  ),
  processes: z.array(z.object({ name: z.string(), version: z.string(), startedAt: z.string(), silentSec: z.number() })),
  spooled: z.number().describe('Facts that wait on disk for the store.'),
});

/** How the whole site does. */
export const status = defineTool({
  name: 'status',
  title: 'How the site does',
  description:
    'How Patchbay and its links to dialers and AI platforms do right now: what is wrong, traffic, errors, latency, quotas, lead syncs, running processes. Begin here.',
  input: z.strictObject({}),
  output: Status,
  hints: looks,
  async run(desk) {
    const deps = await desk.open();
    const { state, complaints: all, level } = await lookAt({ deps });
    const complaints = all.map(({ by, ...each }) => ({
      ...each,
      words: toldFor(by ? each.words.replace(by, actorFor(desk.sight, by)) : each.words),
    }));
    const zone = deps.settings.console.timeZone;
    const said = complaints.map(({ level: each, words }) => `${each}: ${words}`);
    return {
      text: `At ${shortTime(state.at, { zone, now: state.at })} (${zone}): ${said.join('; ') || 'all is well'}.`,
      data: {
        ...{ at: state.at, level, isServing: state.isServing, isStoreAway: state.isStoreAway, spooled: state.spooled },
        complaints: complaints.map((each) => ({ ...each, hint: toldFor(each.hint) })),
        links: state.links.map((link) => {
          const { asked, asking, ...words } = linkWords(link);
          const quotas = link.quotas.map(({ name, used, limit, per }) => ({ name, used, limit, per }));
          return { id: link.id, kind: link.kind, ...words, itWaitsForUs: asked, weWaitForIt: asking, quotas };
        }),
        needs: state.needs.map(({ kind, count, oldestAt }) => ({ what: needWords[kind][1], count, oldestAt })),
        optOuts: { open: state.optOuts.length, overdue: state.optOuts.filter(({ isOverdue }) => isOverdue).length },
        syncs: state.syncs.map(({ dialer, startedAt, endedAt, leads, error }) => {
          return { dialer, startedAt, endedAt, leads, error: toldFor(error) };
        }),
        processes: state.processes.slice(0, mostProcesses),
      },
    };
  },
});

const mostProcesses = 50;
