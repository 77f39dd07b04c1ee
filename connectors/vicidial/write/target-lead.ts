import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBackTarget } from '../../../src/domain/write-back.ts';
import { nationalDigits } from '../phones.ts';
import type { Vicidial } from '../vicidial.ts';

/** The lead that a row means: by key, else (a mirrored write) the only one of its number in the campaign's lists. */
export async function findTargetLead(
  { reads }: Pick<Vicidial, 'reads'>,
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
  const [first, second] = await reads.leadsWithNumber([...new Set(numbers)], target.campaign);
  if (first && !second) return { leadId: first };
  return {
    kind: 'refused',
    why: first ? 'several leads of the campaign have this number' : 'no lead of the campaign has this number',
    hint: `Only a sole lead can be mirrored to. Look the number up in the lists of campaign ${target.campaign}.`,
  };
}
