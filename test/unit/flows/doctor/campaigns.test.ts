import { expect, it } from 'vitest';
import type { DoctorSite } from '../../../../src/flows/doctor/site.ts';
import { campaignChecks } from '../../../../src/flows/doctor/site-checks/campaigns.ts';

const called = [
  { dialer: 'carousel', campaign: 'Autumn', calls: 1 },
  { dialer: 'carousel', campaign: 'Winter', calls: 1200 },
  // Of a dialer that is not configured any more, and of no campaign.
  { dialer: 'orbit', campaign: 'Autumn', calls: 7 },
  { dialer: 'carousel', campaign: '', calls: 3 },
];

function judge(campaigns: object, platforms: readonly string[] = ['mind'], kind = 'ready') {
  const site = {
    dialers: new Map([['carousel', { settings: { campaigns } }]]),
    platforms: new Map(platforms.map((id) => [id, {}])),
    store: { name: 'a store', look: async () => ({ kind }), calledCampaigns: async () => called },
  } as unknown as DoctorSite;
  return campaignChecks(site)[0]?.run();
}

it('warns of campaigns that calls came from and that no configuration names', async () => {
  expect(await judge({ Autumn: {} })).toMatchObject({
    status: 'warn',
    found: 'carousel Winter: 1,200 calls, and no configuration names it',
    fix: expect.stringContaining('Add Winter to `dialers.carousel.campaigns`'),
  });
});

it('warns of campaigns that name none of several platforms, and says where to name it', async () => {
  const campaigns = { Autumn: { platform: 'mind' }, '*': {} };

  expect(await judge(campaigns, ['mind', 'oracle'])).toMatchObject({
    status: 'warn',
    found: 'carousel Winter: 1,200 calls, and of several platforms it names none',
    fix: 'Set `dialers.carousel.campaigns.*.platform` to one of mind, oracle.',
  });
  expect(await judge(campaigns)).toMatchObject({ status: 'ok' });
});

it.each([
  [{ Autumn: {}, Winter: {} }, 'ready', 'carousel Autumn\ncarousel Winter'],
  [{ '*': {} }, 'ready', 'carousel Autumn\ncarousel Winter'],
  [{}, 'new', 'not used: no call has been kept yet'],
])('finds nothing wrong with %j on a store that is %s', async (campaigns, kind, found) => {
  expect(await judge(campaigns, ['mind'], kind)).toEqual({ status: 'ok', found });
});
