import type { Room } from '../../page.ts';
import { controlsPage } from './controls-page.ts';
import { otherControls } from './other-controls.ts';
import { pauses } from './pauses.ts';
import type { ControlSection } from './section.ts';
import { shares } from './shares.ts';

/** In the order of the page. */
const sections: readonly ControlSection[] = [pauses, shares, otherControls];

/** What people in charge decide live. */
export const controlsRoom: Room = {
  nav: {
    title: 'Controls',
    path: 'controls',
    async badge({ controls }) {
      const count = controls.now().all.filter(({ kind }) => kind === 'pause').length;
      return count > 0 ? { count, words: count === 1 ? 'pause holds' : 'pauses hold', tone: 'bad' } : null;
    },
  },
  pages: [controlsPage(sections)],
  actions: sections.flatMap(({ actions = [] }) => actions),
};
