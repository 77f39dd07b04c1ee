import type { SeenProcess } from '../../../domain/link-report.ts';
import type { ReloadPreview } from '../../../domain/reload.ts';
import { answerWords } from '../../../flows/carry-out-reload.ts';
import { runningProcesses } from '../../../flows/wish-reload.ts';
import { button } from '../../components/field.ts';
import { notice } from '../../components/notice.ts';
import { panel } from '../../components/panel.ts';
import { table } from '../../components/table.ts';
import { clockOf, type PageClock, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html } from '../../html.ts';
import type { Page } from '../../page.ts';

/** What runs, and what lies there. It does not change by itself while somebody reads: what was shown is what is asked for. */
export const configurationPage: Page = {
  path: 'configuration',
  least: 'admin',
  async render(question) {
    const { deps } = question;
    const [processes, preview] = await Promise.all([runningProcesses(deps), deps.site?.previewReload()]);
    const body = html`${panel('What runs', processesTable(processes, clockOf(question)))}
${panel('What lies there', preview ? previewBody(preview, processes) : withoutSite)}`;
    return { title: 'Configuration', body };
  },
};

const withoutSite = notice(
  'This service was started without its command line, so it can’t read its file.',
  'info',
  html`On the machine, run <code>npx patchbay reload</code>.`,
);

function processesTable(processes: readonly SeenProcess[], clock: PageClock): Html {
  return table({
    caption: 'The processes and their configurations',
    head: ['Process', 'Version', 'Since', 'At the last reload'],
    rows: processes.map(({ name, configuration }) => [
      name,
      configuration?.version ?? 'not told',
      configuration ? time(configuration.since, clock) : '–',
      configuration?.answer ? answerWords[configuration.answer.result] : '–',
    ]),
    empty: 'No process of the service tells of itself.',
  });
}

function previewBody(preview: ReloadPreview, processes: readonly SeenProcess[]): Html {
  if (preview.kind === 'faulty') {
    return html`${notice('It can not be taken up, and what runs goes on. Mend the file, and look again.', 'bad')}
${lines(preview.faults)}`;
  }
  const { version, changes, effects, warnings } = preview;
  const isTaken = processes.every(({ configuration }) => configuration?.version === version);
  return html`<p>The file of the process that shows this page: version ${version}. Each process takes up its own file.</p>
${changes.length > 0 ? html`<pre class="raw" tabindex="0">${changes.join('\n')}</pre>` : html`<p>It says what this process runs with.</p>`}
${effects.map((effect) => notice(effect, 'warn'))}
${warnings.map((warning) => notice(warning, 'info'))}
${!isTaken && form('configuration/reload', html`<input type="hidden" name="version" value="${version}"><div class="actions">${button('Take it up now', { look: 'primary' })}</div>`)}`;
}

function lines(all: readonly string[]): Html {
  return html`<ul>${all.map((line) => html`<li>${line}</li>`)}</ul>`;
}
