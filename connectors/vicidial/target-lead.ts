import { z } from 'zod';
import type { DeliveryAnswer } from '../../src/domain/delivery.ts';
import type { WriteBackTarget } from '../../src/domain/write-back.ts';
import { nationalDigits } from './phones.ts';
import type { Vicidial } from './vicidial.ts';

const LeadKeyRow = z.object({ lead_id: z.string() });

/** The lead that a row means: by key, else (a mirrored write) the only one of its number in the campaign's lists. */
export async function findTargetLead(
  { database }: Pick<Vicidial, 'database'>,
  target: WriteBackTarget,
): Promise<{ leadId: string } | Extract<DeliveryAnswer, { kind: 'refused' }>> {
  if (/^[1-9]\d*$/.test(target.leadKey)) return { leadId: target.leadKey };
  const numbers = [nationalDigits(target.phone), target.phone.replace(/\D/g, '')].filter(Boolean);
  if (numbers.length === 0 || !target.campaign) {
    return {
      kind: 'refused',
      why: 'neither a lead nor a number and campaign are known',
      hint: 'Name the campaign in the mirror setting.',
    };
  }
  const rows = await database.select(
    LeadKeyRow,
    `SELECT l.lead_id FROM vicidial_list l JOIN vicidial_lists s ON s.list_id = l.list_id
     WHERE l.phone_number IN (?) AND s.campaign_id = ? LIMIT 2`,
    [[...new Set(numbers)], target.campaign],
  );
  const [first, second] = rows;
  if (first && !second) return { leadId: first.lead_id };
  return {
    kind: 'refused',
    why: first ? 'several leads of the campaign have this number' : 'no lead of the campaign has this number',
    hint: `Only a sole lead can be mirrored to. Look the number up in the lists of campaign ${target.campaign}.`,
  };
}
