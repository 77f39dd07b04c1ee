import type { FactBody } from './fact.ts';
import { shownEverywhere, shownMirror } from './shadow.ts';

/** A fact in a few words, for a person who looks at a call. What was said of the call is not repeated. */
export function factWords(body: FactBody): string {
  switch (body.kind) {
    case 'registered':
      return `registered by ${body.via}, route ${body.route}${body.reason && ` (${body.reason})`}${shadowWords(body)}`;
    case 'matched':
      return `found to be this call by ${body.by}`;
    case 'started':
      return 'conversation began';
    case 'committed':
      return `committed ${body.outcome}${body.callbackAt ? `, callback ${body.callbackAt}` : ''}`;
    case 'steered':
      return `${body.act}${body.to && ` to ${body.to}`} in ${body.dialer}: ${body.result}${body.why && ` (${body.why})`}`;
    case 'ended':
      return `ended ${body.outcome}${body.durationSec === undefined ? '' : ` after ${body.durationSec} s`}`;
    case 'analysed':
      return `analysed${body.outcome ? ` ${body.outcome}` : ''}`;
    case 'dispositioned':
      return `dispositioned ${body.disposition} by ${body.by} in ${body.dialer}`;
    case 'leg-record':
      return `record of ${body.dialer}: answered ${body.answeredAt ?? '?'}, ended ${body.endedAt ?? '?'}, ${body.recordingUrls.length} recording(s)`;
    case 'noted':
      return `noted ${body.event}`;
    case 'silent':
      return `nobody tells how it ended: ${body.why}`;
    case 'handed-over':
      return `people have it${body.to && `, in their call ${body.to}`}`;
    case 'corrected':
      return `corrected to ${body.outcome} by ${body.by}: ${body.why}`;
    case 'opt-out-undone':
      return `opt-out taken back by ${body.by}: ${body.why}`;
    case 'released':
      return `${body.aspect} in ${body.dialer} written after all, by ${body.by}`;
    case 'erased':
      return `erased by ${body.by}`;
  }
}

function shadowWords({ shadow = [] }: Extract<FactBody, { kind: 'registered' }>): string {
  if (shadow.length === 0) return '';
  if (shadow.includes(shownEverywhere)) return ', in shadow';
  return `, in shadow at ${shadow.map((place) => (place === shownMirror ? 'its mirror' : place)).join(' and ')}`;
}

/** The same without a word of the customer's, for a heading. */
export function factHeadline(body: FactBody): string {
  switch (body.kind) {
    case 'registered':
      return `Registered, route ${body.route}${body.reason && ` (${body.reason})`}${shadowWords(body)}`;
    case 'matched':
      return `Conversation found to be this call, by ${body.by}`;
    case 'started':
      return 'The AI answered';
    case 'committed':
      return `Outcome committed: ${body.outcome}`;
    case 'steered':
      return `${body.act === 'transfer' ? 'Transfer' : 'Hang-up'} in ${body.dialer}: ${body.result}`;
    case 'ended':
      return `Conversation ended: ${body.outcome}`;
    case 'analysed':
      return body.outcome ? `Analysed: ${body.outcome}` : 'Analysed, without an outcome';
    case 'dispositioned':
      return `A person's disposition: ${body.disposition} by ${body.by}`;
    case 'leg-record':
      return "The dialer's own record was read";
    case 'noted':
      return body.event === 'outcome-read' ? 'Outcome fetched by the script' : `Noted: ${body.event}`;
    case 'silent':
      return 'Nobody tells how it ended';
    case 'handed-over':
      return 'People have it';
    case 'corrected':
      return `Corrected to ${body.outcome}`;
    case 'opt-out-undone':
      return 'Opt-out taken back';
    case 'released':
      return `Written after all: ${body.aspect} in ${body.dialer}`;
    case 'erased':
      return `Erased by ${body.by}`;
  }
}
