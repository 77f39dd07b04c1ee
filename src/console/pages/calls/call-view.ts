import type { Outcome } from '../../../domain/outcome.ts';
import { isAtLeast } from '../../../domain/roles.ts';
import { shownEverywhere } from '../../../domain/shadow.ts';
import type { CallPage } from '../../../flows/call-page.ts';
import type { SpokenCall } from '../../../flows/fetch-transcript.ts';
import { badge, outcomeBadge } from '../../components/badge.ts';
import { definitions } from '../../components/definitions.ts';
import { button, field, textArea } from '../../components/field.ts';
import { externalLink } from '../../components/links.ts';
import { notice } from '../../components/notice.ts';
import { panel } from '../../components/panel.ts';
import { duration, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html, live, type Renderable } from '../../html.ts';
import type { View } from '../../page.ts';
import {
  attentionPanel,
  auditPanel,
  leadPanel,
  namesPanel,
  othersPanel,
  rawPanel,
  writeBackPanel,
} from './call-parts.ts';
import { leadFor, phoneFor, type Sight, seesWords, wordsFor } from './sight.ts';
import { timelineList } from './timeline-list.ts';

export interface CallView {
  page: CallPage;
  sight: Sight;
  /** What was spoken, where it was asked for. */
  spoken?: readonly SpokenCall[];
  /** Something to be read first. */
  note?: Html;
}

/** Everything of one call. The answer to a reveal stands still: what is sent anew is masked. */
export function callView({ page, sight, spoken, note }: CallView): View {
  const part = (id: string, content: Html) => (sight.isRevealed || spoken ? content : live(id, content));
  const body = html`${note}
${part('call-head', headPanel(page, sight))}
${spoken && spokenPanel(spoken, sight)}
<div class="columns wide-first">
<div class="stack">
${part('call-timeline', panel('Timeline', timelineList(page, sight)))}
${part('call-write-backs', writeBackPanel(page, sight))}
</div>
<div class="stack">
${part('call-attention', attentionPanel(page, sight))}
${part('call-recordings', recordingPanel(page, sight))}
${leadPanel(page, sight)}
${part('call-others', othersPanel(page, sight))}
${part('call-names', namesPanel(page))}
${part('call-audit', auditPanel(page, sight))}
${undoPanel(page, sight)}
</div>
</div>
${part('call-raw', rawPanel(page, sight))}`;
  return { title: `Call ${page.call.correlationId}`, body };
}

function headPanel(page: CallPage, sight: Sight): Html {
  const { call, timeline } = page;
  const { outcome, correlationId } = call;
  const canAct = isAtLeast(sight.role, 'operator');
  const name = [page.lead?.fields.first_name, page.lead?.fields.last_name].filter(Boolean).join(' ');
  const beside = canAct
    ? html`<a class="button" href="/console/calls/${correlationId}/correct">Correct the outcome</a>`
    : null;
  return panel(
    outcome ? 'Outcome' : 'No outcome yet',
    html`<p class="call-outcome">${outcomeBadge(outcome?.code)} ${outcome && html`<span class="quiet">${basisWords(outcome)}, ${time(outcome.at, sight.clock)}</span>`}
${outcome?.callbackAt && html` <span>to be called ${time(outcome.callbackAt, sight.clock)}</span>`}
${page.shadow.length > 0 && html` ${badge(page.shadow.includes(shownEverywhere) ? 'in shadow' : 'in part in shadow', 'info', 'What is wanted is shown, and not written')}`}
${outcome?.optedOutAt && html` ${badge('opted out', 'bad')} ${time(outcome.optedOutAt, sight.clock)} <a href="/console/opt-outs/${correlationId}">its clocks</a>`}</p>
${outcome?.summary && seesWords(sight) && html`<p class="summary">${wordsFor(sight, outcome.summary)}</p>`}
${definitions([
  ['Name', seesWords(sight) && name],
  ['Number', numberLine(page, sight)],
  ['Dialer', call.dialer],
  ['Campaign', call.campaign],
  [
    'Lead',
    call.leadKey &&
      leadFor(sight, { dialer: call.dialer, key: call.leadKey }, [call.phone, ...(page.lead?.phones ?? [])]),
  ],
  ['Route', html`${call.route}${call.reason && html` <span class="quiet">(${call.reason})</span>`}`],
  ['Registered', call.isRegistered ? time(call.registeredAt, sight.clock, { seconds: true }) : 'by no dialer yet'],
  ['First word', firstWordLine(timeline.firstWord)],
  ['Matched by', timeline.matchedBy],
])}`,
    { beside },
  );
}

function numberLine({ call }: CallPage, sight: Sight): Renderable {
  if (!call.phone) return html`<span class="quiet">not known</span>`;
  const canReveal = isAtLeast(sight.role, 'operator') && !sight.isRevealed;
  return html`<span class="nowrap">${phoneFor(sight, call.phone)}</span> ${
    canReveal && form(`calls/${call.correlationId}/number`, button('Show the number', { look: 'link' }), 'inline')
  }`;
}

function firstWordLine(word: CallPage['timeline']['firstWord']): Renderable {
  if (word.kind === 'unknown') return html`<span class="quiet">not known: one side does not tell its time</span>`;
  if (word.kind === 'unusable') return html`<span class="quiet">the clocks of both sides differ</span>`;
  const estimate = word.answer === 'estimate' ? ', by our own clock' : '';
  return html`${duration(word.seconds * 1000)} after the answer${estimate}`;
}

const bases: Readonly<Record<Outcome['basis'], string>> = {
  'opt-out': 'an opt-out',
  operator: 'corrected by hand',
  human: "a person's disposition",
  callback: 'committed by the AI',
  committed: 'committed by the AI',
  analysis: 'by analysis after the call',
  technical: 'by how the conversation ended',
  silence: 'nobody told',
};

export function basisWords({ basis }: Pick<Outcome, 'basis'>): string {
  return bases[basis];
}

function recordingPanel({ call, timeline, mayHaveTranscript }: CallPage, sight: Sight): Html {
  const { recordings } = timeline;
  if (!seesWords(sight)) return html``;
  const links = recordings.map(({ source, url }) => html`<li>${externalLink(url, `Recording of ${source}`)}</li>`);
  const ask = form(
    `calls/${call.correlationId}/transcript`,
    html`${button('Show what was spoken')} <span class="quiet">Reading it is written down.</span>`,
  );
  return panel(
    'Recordings and transcript',
    html`${links.length > 0 ? html`<ul>${links}</ul>` : html`<p class="quiet">No recording is known. It comes with the end of the call.</p>`}
${mayHaveTranscript && ask}`,
  );
}

function spokenPanel(spoken: readonly SpokenCall[], sight: Sight): Html {
  if (spoken.length === 0) {
    return notice(
      'Nothing is known of what was spoken.',
      'info',
      'No platform has it, or not yet: try again after the call.',
    );
  }
  return html`${spoken.map(({ platform, spoken: text, from }) =>
    panel(
      `Transcript of ${platform}`,
      html`<p class="quiet">${from === 'store' ? 'As it is kept here.' : 'Asked for just now; it is not kept.'}</p>
<div class="transcript" tabindex="0">${wordsFor(sight, text)}</div>`,
    ),
  )}`;
}

/** Only an operator's word takes an opt-out back, and only an admin may give it. */
function undoPanel({ call, optOut }: CallPage, sight: Sight): Html | null {
  if (!optOut || optOut.isUndone || !isAtLeast(sight.role, 'admin')) return null;
  return panel(
    'Take the opt-out back',
    html`<div class="danger-zone"><p>The person may be called again, and the numbers that Patchbay listed are taken off the dialers' lists.</p>
${form(
  `calls/${call.correlationId}/undo-opt-out`,
  html`${textArea({ name: 'why', label: 'Why', isRequired: true, rows: 2, id: 'undo-why', hint: 'It is kept for good.' })}
${field({ name: 'said_by', label: 'On whose word', id: 'undo-said-by', hint: 'Empty: yours.' })}
<div class="actions">${button('Take it back', { look: 'danger' })}</div>`,
)}</div>`,
  );
}
