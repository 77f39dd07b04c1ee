import type { Room } from '../../page.ts';
import { callPage, showNumber, showTranscript, undoCallsOptOut } from './call-page.ts';
import { confirmCorrect, correctPage, previewCorrect } from './correct-page.ts';
import { searchPage } from './search-page.ts';

/** What happened to a call, and whether the dialers hold it. */
export const callsRoom: Room = {
  nav: { title: 'Calls', path: 'calls' },
  pages: [searchPage, callPage, correctPage],
  actions: [showNumber, showTranscript, previewCorrect, confirmCorrect, undoCallsOptOut],
};
