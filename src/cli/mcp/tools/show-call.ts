import { z } from 'zod';
import { callTimeline, type Detail, type Step } from '../../../domain/call-timeline.ts';
import { ConnectorError } from '../../../domain/errors.ts';
import { describeCall } from '../../../flows/describe-calls.ts';
import { findCalls } from '../../../flows/find-calls.ts';
import { firstWordLine } from '../../call-lines.ts';
import { CallHead, callHead, WriteBackShape, writeBackShape } from '../shapes.ts';
import { callFor, keyFor, numberFor, type Sight, toldFor, wordsFor } from '../sight.ts';
import { defineTool, looks } from '../tool.ts';

const mostSteps = 60;
const mostNames = 30;
const mostWriteBacks = 30;

const StepShape = z.object({
  at: z.string(),
  gapSec: z.number().describe('Seconds since the step before.'),
  source: z.string().describe('Who told it.'),
  kind: z.string(),
  what: z.string(),
  details: z.array(z.object({ name: z.string(), value: z.string() })),
  slow: z.string().optional().describe('Why the customer waited longer than they should.'),
});

const CallShape = CallHead.extend({
  matchedBy: z.string().describe("How the platform's conversation was found to be this call; empty: there is none."),
  firstWord: z.string().describe("How long the customer waited for the AI's first word."),
  recordings: z.number().describe('How many are known. They are heard in the console.'),
  names: z.array(z.object({ instance: z.string(), kind: z.string(), key: z.string() })),
  steps: z.array(StepShape).describe('What happened, in the order of time.'),
  stepCount: z.number().describe('How many steps there are in all; `fromStep` reads on.'),
  writeBacks: z.array(WriteBackShape).describe('What the dialers shall hold of it, the latest revisions last.'),
});

/** One call from its dial to the proof of its last write-back. */
export const showCall = defineTool({
  name: 'show_call',
  title: 'Show a call',
  description:
    'Everything that is held of one call as a timeline with gaps in seconds: dialled, registered, headers, conversation, outcome, and each write-back with its proof. What was spoken is not told.',
  input: z.strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .describe("Its correlation ID, a dialer's call ID or caller code, the platform's call ID, or a number."),
    fromStep: z.int().min(0).max(10_000).default(0).describe(`Steps from this one on, ${mostSteps} at once.`),
  }),
  output: z.object({
    call: CallShape.nullable().describe('Null when several calls have the name.'),
    others: z.array(CallHead).describe('The calls that have the name, when they are several: show one by its ID.'),
  }),
  hints: looks,
  async run(desk, { name, fromStep }) {
    const { sight } = desk;
    const deps = await desk.open();
    const [only, ...others] = await findCalls(deps, name);
    if (!only) {
      throw new ConnectorError('not_found', 'no call has this name, or this number', {
        hint: '`search_calls` finds calls by campaign, outcome, agent and time.',
      });
    }
    if (others.length > 0) {
      const heads = [only, ...others].slice(0, mostNames).map((call) => callHead(sight, call));
      return { text: `${heads.length} calls have this name.`, data: { call: null, others: heads } };
    }
    const described = callFor(sight, await describeCall(deps, only));
    const { steps, matchedBy, firstWord, recordings } = callTimeline(described);
    const head = callHead(sight, only);
    const page = steps.slice(fromStep, fromStep + mostSteps);
    return {
      text: `Call ${head.correlationId} of ${head.registeredAt}, ${head.dialer} ${head.campaign}: ${head.outcome || 'no outcome yet'}.`,
      data: {
        call: {
          ...head,
          matchedBy,
          firstWord: firstWordLine(firstWord),
          recordings: recordings.length,
          names: described.refs.slice(0, mostNames).map(({ instance, kind, key }) => {
            return { instance, kind: toldFor(kind), key: toldFor(key) };
          }),
          steps: page.map((step) => stepShape(sight, step)),
          stepCount: steps.length,
          writeBacks: described.writeBacks.slice(-mostWriteBacks).map((row) => writeBackShape(sight, row)),
        },
        others: [],
      },
    };
  },
});

function stepShape(
  sight: Sight,
  { at, gapSec, source, kind, headline, details, slow }: Step,
): z.infer<typeof StepShape> {
  const phones = details.flatMap(({ privacy, value }) => (privacy === 'number' ? value : []));
  const shown = details.flatMap((detail) => {
    const value = valueFor(sight, detail, phones);
    return value ? [{ name: toldFor(detail.name), value }] : [];
  });
  return {
    ...{ at, gapSec, source, kind, what: toldFor(headline), details: shown },
    ...(slow && { slow }),
  };
}

/** As the console shows it, but for what is of a person. */
function valueFor(sight: Sight, { value, privacy }: Detail, phones: readonly string[]): string {
  switch (privacy) {
    case 'number':
      return numberFor(value);
    case 'key':
      return keyFor(value, ...phones);
    case 'personal':
      return wordsFor(sight, value);
    case 'told':
    case 'plain':
      return toldFor(value);
  }
}
