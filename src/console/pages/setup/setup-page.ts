import type { SeenCheck } from '../../../flows/doctor/doctor-desk.ts';
import type { ShelvedRunbook } from '../../../flows/setup/runbook-shelf.ts';
import type { Runbook } from '../../../flows/setup/write-runbook.ts';
import { address } from '../../address.ts';
import { badge } from '../../components/badge.ts';
import { codeBlock } from '../../components/copy.ts';
import { button } from '../../components/field.ts';
import { notice } from '../../components/notice.ts';
import { panel } from '../../components/panel.ts';
import { type PageClock, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html, live } from '../../html.ts';
import { type Markdown, openMarkdown } from './markdown.ts';
import { stepSection, verdictOf } from './step-section.ts';

/** The runbook to read and print, and what to do with it. */
export async function setupPage(
  { made, isBeingMade, fault }: ShelvedRunbook,
  checks: readonly SeenCheck[],
  clock: PageClock,
): Promise<Html> {
  const markdown = await openMarkdown();
  const state = html`
${isBeingMade && notice('The runbook is being written: for this all systems are looked at.', 'busy', html`<noscript><meta http-equiv="refresh" content="2"><a href="${address('setup')}">See whether it is there</a></noscript>`)}
${fault && !isBeingMade && notice(`The runbook could not be written: ${fault}`, 'bad')}
<div class="setup-do">
${!isBeingMade && form('setup/anew', button('Write it anew'))}
${made && html`<a href="${address('setup/runbook.md')}" download>Save as Markdown</a><span class="quiet">Written ${time(made.at, clock)}</span>`}
</div>`;
  return html`${live('setup-state', state)}
${live('setup-runbook', made ? runbook(made.runbook, checks, markdown) : html``)}`;
}

function runbook({ introduction, site, phases }: Runbook, checks: readonly SeenCheck[], markdown: Markdown): Html {
  return html`<div class="runbook">
<div class="prose">${markdown(introduction)}</div>
<div class="setup-apply"><p>What can be done over the APIs, a command does after it has shown it. Run it on the machine of the service:</p>
${codeBlock('npx patchbay setup --apply', 'Copy the command')}</div>
${contents(phases, checks)}
${panel('The site', html`<div class="prose">${markdown(site)}</div>`)}
${phases.map(({ title, steps }) =>
  panel(
    title,
    steps.map((step) => stepSection(step, checks, markdown)),
  ),
)}
</div>`;
}

function contents(phases: Runbook['phases'], checks: readonly SeenCheck[]): Html {
  return html`<nav class="contents" aria-label="Steps">
${phases.map(
  ({ title, steps }) => html`<div><p class="contents-phase">${title}</p>
<ol start="${steps[0]?.number ?? 1}">${steps.map((step) => {
    const { word, tone } = verdictOf(step, checks);
    return html`<li><a href="#step-${step.number}">${step.title}</a> ${tone !== 'off' && badge(word, tone)}</li>`;
  })}</ol></div>`,
)}</nav>`;
}
