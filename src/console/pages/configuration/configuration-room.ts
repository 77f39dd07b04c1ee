import { answerWords, carryOut, type ProcessAnswer } from '../../../flows/carry-out-reload.ts';
import { address } from '../../address.ts';
import { badge, type Tone } from '../../components/badge.ts';
import { table } from '../../components/table.ts';
import { html } from '../../html.ts';
import type { Action, Room, View } from '../../page.ts';
import { configurationPage } from './configuration-page.ts';

const path = 'configuration';

/** Only what was shown is taken up: the file may be changed while somebody reads. */
const reload: Action = {
  path: 'configuration/reload',
  least: 'admin',
  async run({ deps, form, user }) {
    const preview = await deps.site?.previewReload();
    if (preview?.kind !== 'good' || preview.version !== form.version?.[0]) {
      const notice = 'Nothing was taken up: the file is not any more what was shown. Look at it again.';
      return { kind: 'see', path, notice, tone: 'warn' };
    }
    return { kind: 'show', view: answersView(await carryOut(deps, user.name), preview.version) };
  },
};

/** Which configuration runs, what lies there, and the way to take it up. */
export const configurationRoom: Room = {
  nav: { title: 'Configuration', path },
  pages: [configurationPage],
  actions: [reload],
};

const tones: Readonly<Record<ProcessAnswer['result'], Tone>> = {
  applied: 'good',
  same: 'info',
  refused: 'bad',
  silent: 'warn',
};

function answersView(answers: readonly ProcessAnswer[], version: string): View {
  const isMixed = answers.some(({ result, version: own }) => result !== 'silent' && own !== version);
  const body = html`${table({
    caption: 'What each process made of it',
    head: ['Process', 'What it did', 'Runs now'],
    rows: answers.map(({ name, result, version: own, faults }) => [
      name,
      html`${badge(answerWords[result], tones[result])}${faults.length > 0 && html`<ul>${faults.map((fault) => html`<li>${fault}</li>`)}</ul>`}`,
      own,
    ]),
    empty: 'No process has told of itself yet, so nobody was asked. Look again in a minute.',
  })}
${isMixed && html`<p>The processes do not run the same configuration: their files or secrets differ.</p>`}
<p><a href="${address(path)}">Back to the configuration</a></p>`;
  return { title: 'Reload', body };
}
