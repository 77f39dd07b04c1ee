import { z } from 'zod';
import type { Json } from '../../../src/domain/setup.ts';
import type { CallOptions, Five9Api } from '../soap/api.ts';

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
