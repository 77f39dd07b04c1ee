import { afterAll, beforeAll, expect, it } from 'vitest';
import { toServerText } from '../../../connectors/vicidial/server-time.ts';
import { startVicidialFixture, type VicidialFixture } from './vicidial-fixture.ts';

let vicidial: VicidialFixture;
let rows = 0;

beforeAll(async () => {
  vicidial = await startVicidialFixture();
  await vicidial.sql('DELETE FROM vicidial_log', []);
});
afterAll(() => vicidial.stop());

async function log(count: number, status: string, hoursAgo: number, campaign = 'SPRING'): Promise<void> {
  const at = toServerText(vicidial.clock.now() - hoursAgo * 3_600_000, 'America/Denver');
  for (let call = 0; call < count; call += 1) {
    rows += 1;
    await vicidial.sql(
      'INSERT INTO vicidial_log SET uniqueid = ?, lead_id = 1001, campaign_id = ?, call_date = ?, start_epoch = 1, status = ?',
      [`80000.${rows}`, campaign, at, status],
    );
  }
}

it('tells of each campaign what its log, its remote agents and its own row say', async () => {
  await vicidial.sql(
    "UPDATE vicidial_campaigns SET dial_method = 'RATIO', auto_dial_level = '2.5' WHERE campaign_id = ?",
    ['SPRING'],
  );
  await log(40, 'XFER', 2);
  await log(3, 'DROP', 3);
  await log(1, 'PDROP', 3);
  await log(50, 'NA', 3);
  await log(5, 'DROP', 50);
  await log(7, 'DROP', 2, 'OTHER');

  const figures = await vicidial.dialer.dialFigures?.();

  expect(figures).toHaveLength(1);
  expect(figures?.[0]).toMatchObject({ campaign: 'SPRING', level: 2.5, isAdaptive: false });
  expect(figures?.[0]?.lines).toBeGreaterThan(0);
  expect(figures?.[0]?.spans.map(({ answered, dropped }) => [answered, dropped])).toEqual([
    [44, 4],
    [49, 9],
  ]);
});

it('says of an adaptive method that it sets its level by itself', async () => {
  await vicidial.sql("UPDATE vicidial_campaigns SET dial_method = 'ADAPT_TAPERED' WHERE campaign_id = ?", ['SPRING']);

  const [spring] = (await vicidial.dialer.dialFigures?.()) ?? [];

  expect(spring).toMatchObject({ isAdaptive: true, levelAt: expect.stringContaining('Drop Percentage Limit') });
});
