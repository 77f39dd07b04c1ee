import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBackTarget } from '../../../src/domain/write-back.ts';
import type { ApiParameters } from '../api/api.ts';
import { type ApiAnswer, findLine, updatedRows, wordsOf } from '../api/api-answer.ts';
import type { Vicidial } from '../vicidial.ts';
import { readLead, type TargetLead } from './situation.ts';

/** How update_lead finds a lead, in the archive too. */
export function leadKeys({ lead_id, isArchived }: Pick<TargetLead, 'lead_id' | 'isArchived'>): ApiParameters {
  return { search_method: 'LEAD_ID', lead_id, ...(isArchived && { archived_lead: 'Y' }) };
}

/** Sets a lead's status. Gives the answer when it did not work. */
export async function writeStatus(
  { api }: Pick<Vicidial, 'api'>,
  lead: TargetLead,
  status: string,
  more: ApiParameters = {},
): Promise<DeliveryAnswer | null> {
  const answer = await api.call('update_lead', { ...leadKeys(lead), status, ...more });
  const rows = updatedRows(answer);
  if (rows === 1 || rows === 0) return null;
  return updateFailure(answer);
}

/**
 * The last look before a write: null while the lead is still as it was read, and no call of it goes on. The API has no
 * way to write on a condition, so this leaves a person no more than the time of one request.
 */
export async function lookOnceMore(
  vicidial: Vicidial,
  target: WriteBackTarget,
  read: TargetLead,
): Promise<DeliveryAnswer | null> {
  const [now, calls] = await Promise.all([
    readLead(vicidial, read.lead_id),
    vicidial.reads.liveCalls(target.callKey, read.lead_id),
  ]);
  const isSame = now !== null && decisive.every((column) => now[column] === read[column]);
  if (isSame && calls.length === 0) return null;
  const until = new Date(vicidial.deps.clock.now() + 1000).toISOString();
  return { kind: 'notYet', until, why: 'the lead changed while it was looked at' };
}

const decisive = ['status', 'user', 'list_id', 'called_count', 'isArchived'] as const;

/** What an update_lead without a usable row count means. */
export function updateFailure(answer: ApiAnswer): DeliveryAnswer {
  if (answer.kind === 'noFunction') {
    return {
      kind: 'refused',
      why: "VICIdial's API does not know update_lead",
      hint: 'The release is too old. Upgrade VICIdial.',
    };
  }
  if (findLine(answer, 'error', 'NO MATCHES FOUND')) {
    return {
      kind: 'refused',
      why: 'VICIdial has no such lead',
      hint: 'The lead was deleted or archived, or the API user may not touch its list.',
    };
  }
  if (findLine(answer, 'error', 'NOT AN ALLOWED LIST ID')) {
    return {
      kind: 'refused',
      why: "the API user may not touch the lead's list",
      hint: "Add the campaign to the allowed campaigns of the API user's user group, then replay.",
    };
  }
  const why = updatedRows(answer) === -1 ? "VICIdial's own SQL failed" : `VICIdial answered: ${wordsOf(answer)}`;
  return { kind: 'retry', why, hint: "See VICIdial's API log (Admin, Reports)." };
}
