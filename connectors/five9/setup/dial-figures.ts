import { z } from 'zod';
import type { DialFigures } from '../../../src/domain/dial-figures.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Five9 } from '../five9.ts';

const Dialling = z.object({
  dialingMode: z.preprocess((value) => (typeof value === 'string' ? value : ''), z.string()),
  callsAgentRatio: z.preprocess(
    (value) => (value == null || value === '' ? null : Number(value)),
    z.number().nullable(),
  ),
});

/**
 * How the configured campaigns dial. The configuration API has no counts of dropped calls: they stand in Five9's own reports, and
 * where a limit is set Five9 keeps to it.
 */
export async function readDialFigures({
  id,
  config,
  api,
}: Pick<Five9, 'id' | 'config' | 'api'>): Promise<DialFigures[]> {
  const figures: DialFigures[] = [];
  for (const [campaign, { lines = null }] of Object.entries(config.campaigns)) {
    if (campaign === '*') continue;
    const found = await readDialling(api, campaign);
    figures.push({
      campaign,
      spans: [],
      lines,
      level: found?.callsAgentRatio ?? null,
      isAdaptive: found?.dialingMode === 'PREDICTIVE',
      levelAt: `Campaigns → ${campaign} → Dialing Options`,
      linesAt: `dialers.${id}.campaigns.${campaign}.lines, and as many channels of the trunk`,
      dropsAt: 'Reports → Abandoned calls by campaign; the limit is in Dialing Options → Maximum dropped calls',
    });
  }
  return figures;
}

/** Null for a campaign that is not outbound: it dials nobody. */
async function readDialling({ call }: Five9['api'], campaignName: string) {
  try {
    return await call('getOutboundCampaign', { campaignName }, Dialling, { purpose: 'interactive' });
  } catch (error) {
    if (error instanceof ConnectorError && (error.code === 'dialer_refused' || error.code === 'not_found')) return null;
    throw error;
  }
}
