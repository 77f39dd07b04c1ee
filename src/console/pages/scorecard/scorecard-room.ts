import type { Room } from '../../page.ts';
import { scorecardDownloads } from './downloads.ts';
import { scorecardPage } from './scorecard-page.ts';

export const scorecardRoom: Room = {
  nav: { title: 'Scorecard', path: 'scorecard' },
  pages: [scorecardPage],
  downloads: scorecardDownloads,
};
