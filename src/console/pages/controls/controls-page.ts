import { isAtLeast } from '../../../domain/roles.ts';
import { panel } from '../../components/panel.ts';
import { html, live } from '../../html.ts';
import type { Page } from '../../page.ts';
import type { ControlSection } from './section.ts';

/** What is decided live, section by section. */
export function controlsPage(sections: readonly ControlSection[]): Page {
  return {
    path: 'controls',
    least: 'viewer',
    live: { everyMs: 5000 },
    async render(question) {
      const controls = await question.deps.store.controls();
      const acts = isAtLeast(question.user.role, 'operator');
      const parts = await Promise.all(
        sections.map(async (section) => {
          const state = live(`control-${section.id}`, await section.state(question, controls));
          return panel(section.title, html`${state}${acts && section.form?.(question)}`, { id: section.id });
        }),
      );
      return {
        title: 'Controls',
        body: html`<p>What is decided here holds on every process within a second, beside the configuration, until it is taken back. Each
act is written down.</p>${parts}`,
      };
    },
  };
}
