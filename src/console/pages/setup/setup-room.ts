import { runbookMarkdown } from '../../../flows/setup/write-runbook.ts';
import { notice } from '../../components/notice.ts';
import { clockOf } from '../../components/time.ts';
import { html } from '../../html.ts';
import type { Download, Page, Room, View } from '../../page.ts';
import { setupPage } from './setup-page.ts';

const title = 'Setup';

const page: Page = {
  path: 'setup',
  least: 'admin',
  live: { everyMs: 2000 },
  async render(question) {
    const { site } = question.deps;
    if (!site) return withoutSite;
    const before = site.runbook.look();
    if (!before.made && !before.fault) site.runbook.make();
    const { checks } = await site.doctor.picture();
    return { title, body: await setupPage(site.runbook.look(), checks, clockOf(question)) };
  },
};

const withoutSite: View = {
  title,
  body: notice(
    'This service was started without its command line, so it can’t write the runbook.',
    'info',
    html`On the machine, run <code>npx patchbay setup --runbook</code>.`,
  ),
};

const download: Download = {
  path: 'setup/runbook.md',
  least: 'admin',
  async send({ deps }) {
    const made = deps.site?.runbook.look().made;
    if (!made) return null;
    return {
      contentType: 'text/markdown; charset=utf-8',
      fileName: 'patchbay.runbook.md',
      body: runbookMarkdown(made.runbook),
    };
  },
};

/** The set-up from top to bottom, each step with what the doctor saw of it. */
export const setupRoom: Room = {
  nav: { title, path: 'setup' },
  pages: [page],
  actions: [
    {
      path: 'setup/anew',
      least: 'admin',
      async run({ deps }) {
        deps.site?.runbook.make();
        return { kind: 'see', path: 'setup' };
      },
    },
  ],
  downloads: [download],
};
