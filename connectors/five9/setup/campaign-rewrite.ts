import { z } from 'zod';
import type { Json } from '../../../src/domain/setup.ts';
import type { CallOptions, Five9Api } from '../soap/api.ts';
import type { VisualMode } from './setup-operations.ts';

export type CampaignType = 'OUTBOUND' | 'AUTODIAL' | 'INBOUND';
/** A campaign, or some of it, by the names of its members. */
export type Members = Readonly<Record<string, Json>>;

const reading = {
  OUTBOUND: 'getOutboundCampaign',
  AUTODIAL: 'getAutodialCampaign',
  INBOUND: 'getInboundCampaign',
} as const;
const writing = {
  OUTBOUND: 'modifyOutboundCampaign',
  AUTODIAL: 'modifyAutodialCampaign',
  INBOUND: 'modifyInboundCampaign',
} as const;

const options: CallOptions = { purpose: 'interactive' };
const Raw = z.record(z.string(), z.unknown());
const Nothing = z.unknown();
const flag = z.boolean().optional();
const VisualSettings = z.object({ visualModeSettings: z.object({ visualModeEnabled: flag, chatEnabled: flag }) });

/** All that Five9 tells of a campaign. A password may be in it: it is neither kept nor shown. */
export async function readCampaign({ call }: Pick<Five9Api, 'call'>, name: string, type: CampaignType) {
  const raw = await call(reading[type], { campaignName: name }, Raw, options);
  return carried(raw) as Members;
}

/**
 * Changes some members of a campaign, and sends the others back as they are: what becomes of those that are left out is
 * not documented. Its state is not sent: only starting and stopping changes it.
 *
 * @param changes new values by name; undefined takes a member away
 */
export async function rewriteCampaign(
  { call }: Pick<Five9Api, 'call'>,
  { name, type }: { name: string; type: CampaignType },
  changes: Readonly<Record<string, Json | undefined>>,
): Promise<void> {
  const { state: _state, ...members } = await readCampaign({ call }, name, type);
  await call(writing[type], { campaign: { ...members, ...changes } }, Nothing, options);
}

/** Why a campaign can't be sent back as it is: recordings would stop to be stored. Empty when it can. */
export function obstacleToRewrite({ useFtp, ftpPassword }: Members): string {
  const isHidden = ftpPassword === undefined || /^\*+$/.test(String(ftpPassword));
  if (useFtp !== true || !isHidden) return '';
  return 'Five9 does not tell the FTP password of the recordings, so the campaign can not be sent back whole';
}

/** What callers of an inbound campaign see beside its script; nothing where the schedule does not tell. */
export function visualModeOf(schedule: Json | undefined): VisualMode {
  const found = VisualSettings.safeParse(schedule).data?.visualModeSettings;
  return {
    ...(found?.visualModeEnabled !== undefined && { isVisualModeEnabled: found.visualModeEnabled }),
    ...(found?.chatEnabled !== undefined && { isChatEnabled: found.chatEnabled }),
  };
}

/** True when the campaign holds all of these, whatever else is beside them. */
export function holds(members: Json | undefined, wanted: Json): boolean {
  if (typeof wanted !== 'object' || wanted === null) return String(members) === String(wanted);
  if (typeof members !== 'object' || members === null) return false;
  return Object.entries(wanted).every(([key, value]) => holds((members as Members)[key], value as Json));
}

/** What was told, without empty and nil elements: Five9 takes an empty one for an error. */
function carried(value: unknown): Json | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (Array.isArray(value)) return value.flatMap((item) => carried(item) ?? []);
  if (typeof value !== 'object') return value as Json;
  const kept = Object.entries(value).flatMap(([key, child]) => {
    const content = key === 'attributes' ? undefined : carried(child);
    return content === undefined ? [] : [[key, content] as const];
  });
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
