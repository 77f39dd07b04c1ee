import { type ControlScope, scopeText } from '../../../domain/controls.ts';
import { isAtLeast } from '../../../domain/roles.ts';
import { longestNote, namedCampaigns } from '../../../flows/judge-control.ts';
import { shadowPage as readPage, type ShadowRow, type ShadowVerdict } from '../../../flows/shadow-report.ts';
import { type ShownStage, shownStages } from '../../../flows/stages.ts';
import { address } from '../../address.ts';
import { badge, type Tone } from '../../components/badge.ts';
import { button, field, select } from '../../components/field.ts';
import { callLink } from '../../components/links.ts';
import { pager } from '../../components/pager.ts';
import { panel } from '../../components/panel.ts';
import { maskedKey } from '../../components/phone.ts';
import { table } from '../../components/table.ts';
import { clockOf, type PageClock, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html } from '../../html.ts';
import { maskNumbers } from '../../mask-numbers.ts';
import type { Page, Question } from '../../page.ts';
import { hiddenScope, scopeFields } from '../controls/scope-fields.ts';
import { linkTo, placeIn, placeText } from '../write-backs/list-page.ts';
import { wantedInShort } from '../write-backs/wanted.ts';

/** The dialers are asked about so many while somebody waits. */
const rowsShown = 25;

/** The stages, and what would have been written beside what the dialers hold. */
export const shadowPage: Page = {
  path: 'shadow',
  least: 'viewer',
  async render(question) {
    const { deps, query, user } = question;
    const { dialer, campaign } = query;
    const clock = clockOf(question);
    const asked = { dialer, campaign };
    const after = query.after ? placeIn(query.after) : undefined;
    const page = await readPage(deps, asked, { limit: rowsShown, ...(after && { after }) });
    const isAdmin = isAtLeast(user.role, 'admin');
    const body = html`<p class="quiet">Calls in shadow run and are recorded as ever, and nothing of them is written to a dialer. A stage takes in
leads in a fixed order: who is live at 10 % is live at 20 %. It decides for calls that begin after it.</p>
${panel('Stages', html`${stageTable(shownStages(deps), clock, isAdmin)}${isAdmin && decideForm(question)}`)}
${panel('What would have been written', html`${filters(question)}${page.isCutShort && lookedFar}${(page.rows.length > 0 || !page.isCutShort) && rowTable(page.rows, clock)}`)}
${pager({ path: 'shadow', query: { ...asked, after: query.after }, next: page.next && placeText(page.next) })}
<p><a href="${address('write-backs', { view: 'shadow', dialer })}">Choose some of them to be written</a>. The whole report as a file: <code>npx patchbay shadow report --csv</code>.</p>`;
    return { title: 'Shadow and stages', body };
  },
};

const lookedFar = html`<p class="quiet">Looked through a thousand write-backs for these; go on for more.</p>`;

function stageTable(stages: readonly ShownStage[], clock: PageClock, isAdmin: boolean): Html {
  return table({
    caption: 'Of how many percent of the leads calls are written',
    head: [
      ...['Dialer', 'Campaign', 'Stage', 'Decided', 'Why'],
      ...(isAdmin ? [{ title: 'Take back', isTitleHidden: true }] : []),
    ],
    rows: stages.map(({ dialer, campaign, percent, control }) => [
      dialer,
      campaign || html`<span class="quiet">every other</span>`,
      stageBadge(percent),
      control
        ? html`${time(control.at, clock)} by ${control.by} <span class="quiet">for ${scopeText(control.scope)}</span>`
        : html`<span class="quiet">by the configuration</span>`,
      control?.note ?? '',
      ...(isAdmin ? [control ? liftForm(control.scope) : ''] : []),
    ]),
    empty: 'No dialer is configured.',
  });
}

function stageBadge(percent: number): Html {
  if (percent === 0) return badge('shadow', 'info');
  return percent === 100 ? badge('all', 'good') : badge(`${percent} %`, 'warn');
}

function liftForm(scope: ControlScope): Html {
  const words = scopeText(scope);
  return form(
    'shadow/lift',
    html`${hiddenScope(scope)}
${button(html`Take back<span class="heard"> the stage of ${words}</span>`, { look: 'link' })}`,
    'inline',
  );
}

function decideForm(question: Question): Html {
  const range = { min: '0', max: '100', step: '1' };
  return form(
    'shadow/stage',
    html`${scopeFields(question, 'stage')}
${field({ name: 'percent', label: 'Percent of the leads', type: 'number', isRequired: true, more: range })}
${field({ name: 'why', label: 'Why', isRequired: true, more: { maxlength: longestNote } })}
${button('Decide', { look: 'primary' })}`,
    'filters',
  );
}

function filters({ deps, query }: Question): Html {
  return html`<form class="filters" method="get" action="${address('shadow')}">
${select({ name: 'dialer', label: 'Dialer', options: [...deps.dialers.keys()], value: query.dialer, none: 'all' })}
${field({ name: 'campaign', label: 'Campaign', value: query.campaign, offers: namedCampaigns(deps) })}
${button('Show')}
</form>`;
}

function rowTable(rows: readonly ShadowRow[], clock: PageClock): Html {
  return table({
    caption: 'What would have been written, beside what the dialers hold now',
    head: ['What', 'Call', 'Campaign', 'Lead', 'Would write', 'The dialer holds', 'So', 'Planned'],
    rows: rows.map(({ row, verdict, held, why }) => [
      linkTo(row),
      callLink(row.correlationId),
      row.target.campaign,
      maskedKey(row.target.leadKey, row.target.phone),
      wantedInShort(row.desired, clock),
      held ? html`<code>${maskNumbers(held)}</code>` : html`<span class="quiet">not known</span>`,
      html`${badge(...verdictWords[verdict])}${why && html` <span class="quiet">${maskNumbers(why)}</span>`}`,
      time(row.createdAt, clock),
    ]),
    empty: 'Nothing was only shown here: no call of this choice ran in shadow.',
  });
}

const verdictWords: Readonly<Record<ShadowVerdict, [word: string, tone: Tone]>> = {
  'would-change': ['would change it', 'busy'],
  'holds-it': ['holds it already', 'good'],
  'set-since': ['somebody set it since', 'warn'],
  unknown: ['can’t be told', 'info'],
};
