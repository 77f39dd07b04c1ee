import type { Advice, Verdict } from '../../../domain/advice.ts';
import { advise, type CampaignAdvice } from '../../../flows/advise.ts';
import { address } from '../../address.ts';
import { badge, type Tone } from '../../components/badge.ts';
import { panel } from '../../components/panel.ts';
import { table } from '../../components/table.ts';
import { type Html, html } from '../../html.ts';
import type { Page, Question, Room } from '../../page.ts';
import { withinTime } from '../../within-time.ts';
import { loadPanel, readLoads } from './load-panel.ts';

const title = 'Capacity';
/** Dialers are asked, and some take their time. */
const adviceWithinMs = 25_000;

/** Not live: asking for advice asks the dialers. */
const page: Page = {
  path: 'capacity',
  least: 'viewer',
  async render({ deps, query }) {
    const isAsked = query.advice !== undefined;
    const [loads, advice] = await Promise.all([readLoads(deps), isAsked ? adviceOf(deps) : null]);
    return { title, body: html`${loadPanel(loads)}${isAsked ? advicePanel(advice) : offer}` };
  },
};

/** What the platforms have to do now, and what the campaigns should change. */
export const capacityRoom: Room = { nav: { title, path: 'capacity' }, pages: [page] };

const adviceTitle = 'Advice on lines and dial level';

const offer = panel(
  adviceTitle,
  html`<p>From the calls of a week, and what the dialers tell of lines, dial level and dropped calls. It reads only; changing something is yours.</p>
<p><a class="button" href="${address('capacity', { advice: 'all' })}">Ask for advice</a></p>`,
);

/** Null when the store or a dialer does not answer in time. */
async function adviceOf(deps: Question['deps']): Promise<CampaignAdvice[] | null> {
  if (deps.gate.isAway()) return null;
  return withinTime(adviceWithinMs, () => advise(deps)).catch(() => null);
}

function advicePanel(advice: readonly CampaignAdvice[] | null): Html {
  if (!advice) return panel(adviceTitle, html`<p class="quiet">The store or a dialer did not answer in time.</p>`);
  return panel(
    adviceTitle,
    table({
      caption: adviceTitle,
      head: ['Campaign', 'Of', 'Advice', 'Why', 'How'],
      rows: advice.flatMap((each) => [rowOf(each, 'lines', each.lines), rowOf(each, 'dial level', each.level)]),
      empty: 'No campaign had a call within a week, and no dialer tells of one.',
    }),
  );
}

const tones: Readonly<Record<Verdict, Tone>> = { raise: 'info', lower: 'warn', keep: 'good', 'too little data': 'off' };

function rowOf({ dialer, campaign, missing }: CampaignAdvice, what: string, advice: Advice): Html[] {
  const { verdict, now, wanted, why, how } = advice;
  const isChange = verdict === 'raise' || verdict === 'lower';
  const reasons = missing ? [...why, `${dialer} could not be asked: ${missing}`] : why;
  return [
    html`${campaign} (${dialer})`,
    html`${what}`,
    html`${badge(verdict, tones[verdict])}${isChange && html` from ${now ?? '?'} to ${wanted ?? 'what its own limits allow'}`}`,
    html`<ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`,
    html`${how || '–'}`,
  ];
}
