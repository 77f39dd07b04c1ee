import type { Clock } from '../../../src/domain/clock.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { cellRows, tabbed } from './answer-cells.ts';
import type { LookUps } from './look-ups.ts';

/** The campaign of a list; empty when the list has none, or this can't be told. Kept for some minutes. */
export type CampaignOfList = (list: string, signal?: AbortSignal) => Promise<string>;

const keptMs = 600_000;

/** Releases before November 2019 don't tell it, nor do they where the API user may not see lists. */
export function campaignsOfLists(lookUps: LookUps, clock: Pick<Clock, 'now'>): CampaignOfList {
  const known = new Map<string, { campaign: string; readAt: number }>();
  return async (list, signal) => {
    const held = known.get(list);
    if (held && clock.now() - held.readAt < keptMs) return held.campaign;
    if (!/^[1-9]\d*$/.test(list)) return '';
    const campaign = await readCampaign(lookUps, list, signal);
    known.set(list, { campaign, readAt: clock.now() });
    return campaign;
  };
}

/** id, name, campaign, … */
async function readCampaign(lookUps: LookUps, list: string, signal?: AbortSignal): Promise<string> {
  try {
    const answer = await lookUps.ask('list_info', { list_id: list, ...tabbed }, signal);
    if (answer.kind !== 'lines') return '';
    const row = cellRows(answer.body).find(([id]) => id === list);
    const campaign = row?.[2] ?? '';
    return /^[A-Za-z0-9_-]{1,8}$/.test(campaign) ? campaign : '';
  } catch (thrown) {
    // The campaign of the call itself serves as well; a right that is missing is a matter for the doctor.
    if (thrown instanceof ConnectorError && thrown.code === 'dialer_denied' && thrown.afterMs === 60_000) return '';
    throw thrown;
  }
}
