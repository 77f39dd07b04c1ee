import { describe, expect, it } from 'vitest';
import { type CampaignMapping, settingsByMapping } from '../../../src/domain/mapping.ts';
import { routeOf } from '../../../src/domain/routes.ts';
import { campaignSettings, type DialerSettings, sharedScreenPop } from '../../../src/domain/settings.ts';

const campaign = (change: Partial<CampaignMapping>): CampaignMapping => ({
  ...{ dispositions: {}, fields: {}, safeRoute: 'skill', routes: {}, screenPop: [], transfers: {} },
  ...change,
});
const settings = (campaigns: DialerSettings['campaigns']) => ({ type: 'made-up', campaigns }) as DialerSettings;

describe('what scripts are answered for a call that began with another mapping', () => {
  const own = {
    Spring: campaign({
      dispositions: { sale: 'Old sale' },
      routes: { sale: 'upstairs' },
      safeRoute: 'hangup',
      screenPop: ['plan'],
    }),
    '*': campaign({ dispositions: { sale: 'Any sale' } }),
  };
  const today = settings({
    Spring: campaign({
      dispositions: { sale: 'New sale', callback: 'Later' },
      routes: { sale: 'downstairs', callback: 'desk' },
      mirror: { dialer: 'other', campaign: 'X' },
      screenPop: ['price'],
    }),
    Autumn: campaign({ dispositions: { sale: 'Autumn sale' } }),
  });
  const merged = settingsByMapping(today, own);

  it('is its own, whole: disposition, route, safe route, fields of the screen pop, and no mirror of today', () => {
    expect(campaignSettings(merged, 'Spring').dispositions.sale).toBe('Old sale');
    expect(routeOf(merged, 'Spring', 'sale')).toBe('upstairs');
    expect(campaignSettings(merged, 'Spring')).toMatchObject({ safeRoute: 'hangup', screenPop: ['plan'] });
    expect(campaignSettings(merged, 'Spring').mirror).toBeUndefined();
    expect(sharedScreenPop(merged)).toEqual(['plan']);
  });

  it('is that of today for an outcome that the own one says nothing of: disposition and route', () => {
    expect(campaignSettings(merged, 'Spring').dispositions.callback).toBe('Later');
    expect(routeOf(merged, 'Spring', 'callback')).toBe('desk');
  });

  it('is the own one of every other campaign, where the campaign itself came later', () => {
    expect(campaignSettings(merged, 'Autumn').dispositions.sale).toBe('Any sale');
    expect(campaignSettings(merged, 'Winter').dispositions.sale).toBe('Any sale');
  });

  it('is that of today for a dialer that was not there', () => {
    expect(settingsByMapping(today, undefined).campaigns).toBe(today.campaigns);
  });
});
