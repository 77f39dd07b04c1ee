import { z } from 'zod';
import type { MarkedCall } from '../../../domain/call-marks.ts';
import { searchCalls } from '../../../flows/search-calls.ts';
import { After, CallHead, callHead, count, DialerName, instantIn, Limit, Next } from '../shapes.ts';
import { type Sight, toldFor, wordsFor } from '../sight.ts';
import { defineTool, looks } from '../tool.ts';

const word = z.string().trim().min(1).max(200);
const time = z.string().trim().min(1).max(40);

const SearchInput = z.strictObject({
  text: word
    .optional()
    .describe("A number, a name of a call in any system, a lead's key, an agent: whatever is known."),
  phone: word.optional().describe('Only of this number, in any writing.'),
  lead: word.optional().describe("Only of this lead, by the dialer's own key."),
  dialer: DialerName.optional(),
  campaign: word.optional(),
  outcome: word.optional().describe('Only with this outcome code; `none`: those that have none yet.'),
  agent: word.optional().describe('Only of this AI agent.'),
  from: time.optional().describe('Registered from then on: a day (2026-03-02) or an instant (2026-03-02T14:00:00Z).'),
  to: time.optional().describe('Registered before then.'),
  after: After,
  limit: Limit,
});

const FoundCall = CallHead.extend({
  agent: z.string().describe('The AI agent that spoke; empty when nobody told.'),
  person: z.string().optional().describe('The human agent who dispositioned it last.'),
  talkSec: z.number().describe('How long the AI spoke with the customer.'),
  isTransferred: z.boolean(),
});

const SearchOutput = z.object({
  calls: z.array(FoundCall).describe('The newest first.'),
  readAs: z.string().describe('As what `text` was understood; empty when nothing has it.'),
  lookedBackTo: z.string().nullable().describe('Set when the look ended for its length: older calls may fit.'),
  next: Next,
});

/** Finds calls. */
export const searchCallsTool = defineTool({
  name: 'search_calls',
  title: 'Find calls',
  description:
    'Finds calls by what is known of them, the newest first. All conditions that are given must hold. `show_call` tells everything of one.',
  input: SearchInput,
  output: SearchOutput,
  hints: looks,
  async run(desk, { from, to, ...asked }) {
    const deps = await desk.open();
    const zone = deps.settings.console.timeZone;
    const span = { from: instantIn(zone, from), before: instantIn(zone, to) };
    const { calls, next, readAs, lookedBackTo } = await searchCalls(deps, { ...asked, ...span });
    const more = next ? ' There are more.' : '';
    return {
      text: calls.length === 0 ? 'No call fits.' : `${count(calls.length, 'call')}, the newest first.${more}`,
      data: { calls: calls.map((call) => foundCall(desk.sight, call)), readAs, lookedBackTo, next },
    };
  },
});

function foundCall(sight: Sight, call: MarkedCall): z.infer<typeof FoundCall> {
  const { agent, person, talkSec, isTransferred } = call.marks;
  const shown = wordsFor(sight, person);
  return {
    ...callHead(sight, call),
    agent: toldFor(agent),
    ...(shown && { person: shown }),
    talkSec,
    isTransferred,
  };
}
