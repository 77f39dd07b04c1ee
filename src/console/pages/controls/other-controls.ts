import { scopeText } from '../../../domain/controls.ts';
import { address } from '../../address.ts';
import { table } from '../../components/table.ts';
import { clockOf, time } from '../../components/time.ts';
import { html } from '../../html.ts';
import type { ControlSection } from './section.ts';
import { isOfOneDialer } from './shares.ts';

/** What no other section shows, as it is set. */
export const otherControls: ControlSection = {
  id: 'others',
  title: 'Stages, and other shares',
  async state(question, controls) {
    const clock = clockOf(question);
    const list = table({
      caption: 'Stages, and other shares',
      head: ['Where', 'What', 'Since', 'By', 'Why'],
      rows: controls
        .filter(({ kind, scope }) => kind === 'stage' || (kind === 'share' && !isOfOneDialer(scope)))
        .map(({ kind, scope, percent, at, by, note }) => [
          scopeText(scope),
          `${kind} ${percent} %`,
          time(at, clock),
          by,
          note,
        ]),
      empty: 'None is set live: the configuration alone says which calls are written.',
    });
    return html`${list}<p class="quiet">Stages are decided and taken back under <a href="${address('shadow')}">Shadow</a>; shares of campaigns, or of every
dialer at once, by who set them (<code>/v1/controls</code>).</p>`;
  },
};
