import { scopeText } from '../../../domain/controls.ts';
import { table } from '../../components/table.ts';
import { clockOf, time } from '../../components/time.ts';
import type { ControlSection } from './section.ts';

/** Controls of every other kind, as they are set. */
export const otherControls: ControlSection = {
  id: 'others',
  title: 'Stages and shares',
  async state(question, controls) {
    const clock = clockOf(question);
    return table({
      caption: 'Stages and shares',
      head: ['Where', 'What', 'Since', 'By', 'Why'],
      rows: controls
        .filter(({ kind }) => kind !== 'pause')
        .map(({ kind, scope, percent, at, by, note }) => [
          scopeText(scope),
          `${kind} ${percent} %`,
          time(at, clock),
          by,
          note,
        ]),
      empty: 'None is set live: the configuration alone says which calls are written, and which go to the AI.',
    });
  },
};
