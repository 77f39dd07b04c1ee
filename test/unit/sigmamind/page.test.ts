import { expect, it } from 'vitest';
import { Campaign } from '../../../connectors/sigmamind/api/campaigns.ts';
import { readPage } from '../../../connectors/sigmamind/api/page.ts';

const rows = [{ campaignId: 'camp_1' }, { campaignId: 'camp_2' }];

it.each([
  ['says so', { data: rows, page: 0, totalPages: 1, hasNext: true }, true],
  ['counts pages', { data: rows, page: 0, totalPages: 2 }, true],
  ['is on the last page', { data: rows, page: 1, totalPages: 2 }, false],
  ['counts rows only, as the first generation did', { data: rows, page: 0, size: 2, totalCounts: 3 }, true],
  ['has all rows', { data: rows, page: 1, size: 2, totalCount: 4 }, false],
  ['has no row on this page', { data: [], page: 4, size: 2, totalCount: 4 }, false],
  ['is a bare array', rows, false],
])('knows whether more pages come where the answer %s', (_what, answer, hasNext) => {
  expect(readPage(answer, Campaign)?.hasNext).toBe(hasNext);
});

it('reads a campaign whose errors are objects, or one text', () => {
  const page = readPage(
    [
      { campaignId: 'camp_1', errors: [{ row: 3, message: 'no number' }] },
      { campaignId: 'camp_2', errors: 'Row 1, Row 2' },
    ],
    Campaign,
  );

  expect(page).toMatchObject({
    rejects: 0,
    rows: [{ errors: ['{"row":3,"message":"no number"}'] }, { errors: ['Row 1', 'Row 2'] }],
  });
});
