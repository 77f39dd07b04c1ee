import { maskedKey, maskedPhone } from '../console/components/phone.ts';
import { maskNumbers } from '../console/mask-numbers.ts';
import type { Call } from '../domain/call.ts';
import { type CallTimeline, callTimeline, type StepKind } from '../domain/call-timeline.ts';
import type { CallDescription } from '../domain/connector.ts';
import type { FirstWord } from '../domain/first-word.ts';
import { type Colour, coloured, type Screen, screenOf } from './terminal-table.ts';

/** A call in one line. */
export function headOf(
  { correlationId, registeredAt, dialer, campaign, leadKey, phone, outcome }: Call,
  { showsNumbers }: { showsNumbers: boolean },
): string {
  const ended = outcome ? `${outcome.code} (${outcome.basis})` : 'no outcome yet';
  const number = showsNumbers ? phone : maskedPhone(phone);
  const lead = showsNumbers ? leadKey : maskedKey(leadKey, phone);
  return `call ${correlationId}  ${registeredAt}  ${dialer} ${campaign}  lead ${lead || '?'}  ${number}  ${ended}`;
}

/** One call as people read it: its names, and what happened in the order of time. */
export function linesOfCall(
  described: CallDescription,
  { showsNumbers = false, screen = screenOf() }: { showsNumbers?: boolean; screen?: Screen } = {},
): string[] {
  const { call, refs } = described;
  const clear = (text: string) => (showsNumbers ? text : maskNumbers(text));
  const timeline = callTimeline(described);
  const summary = call.outcome?.summary;
  return [
    coloured(headOf(call, { showsNumbers }), 'bold', screen),
    ...(summary ? [`  summary     ${clear(summary)}`] : []),
    ...(timeline.matchedBy ? [`  matched by  ${timeline.matchedBy}`] : []),
    `  first word  ${firstWordLine(timeline.firstWord)}`,
    ...timeline.recordings.map(({ source, url }) => `  recording   ${source}  ${url}`),
    ...refs.map(({ instance, kind, key }) => `  name        ${instance} ${kind} ${key}`),
    ...stepLines(timeline, clear, screen),
  ];
}

/** How long the customer waited for the AI's first word, and by whose clocks. */
export function firstWordLine(word: FirstWord): string {
  if (word.kind === 'unknown') return 'not known: one side does not tell its time';
  const ends = `answered ${word.answeredAt}${word.answer === 'estimate' ? ' (estimate)' : ''}, began ${word.startedAt}`;
  if (word.kind === 'unusable') return `${word.seconds} s can't be right, the clocks of both sides differ: ${ends}`;
  return `${word.seconds.toFixed(1)} s after the answer: ${ends}`;
}

function stepLines({ steps }: CallTimeline, clear: (text: string) => string, screen: Screen): string[] {
  const width = Math.max(0, ...steps.map(({ source }) => source.length));
  return steps.map(({ at, gapSec, source, kind, what, slow }) => {
    const gap = coloured(`+${gapSec.toFixed(1)} s`.padStart(10), slow ? 'red' : 'gray', screen);
    const words = coloured(clear(what), colourOf(kind, what), screen);
    const late = slow ? `  ${coloured(`slow: ${slow}`, 'red', screen)}` : '';
    return `  ${at}  ${gap}  ${source.padEnd(width)}  ${words}${late}`;
  });
}

/** What decides stands out: who spoke, what came of it, and whether it is in the dialer. */
function colourOf(kind: StepKind, what: string): Colour | undefined {
  if (kind === 'settled')
    return what.startsWith('confirmed') ? 'green' : /^(dead|refused)/.test(what) ? 'red' : 'yellow';
  return stepColours[kind];
}

const stepColours: Partial<Record<StepKind, Colour>> = {
  registered: 'cyan',
  started: 'cyan',
  committed: 'bold',
  corrected: 'magenta',
  dispositioned: 'magenta',
  'opt-out-undone': 'magenta',
  silent: 'red',
  planned: 'gray',
  noted: 'gray',
};
