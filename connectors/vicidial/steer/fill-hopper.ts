import type { UsableAnswer, VicidialApi } from '../api/api.ts';
import { findLine, wordsOf } from '../api/api-answer.ts';

/** What VICIdial said of the leads that it was asked to put into the hopper. */
export interface HopperAnswer {
  accepted: number;
  /** By lead id, in VICIdial's words. */
  refused: { leadId: string; why: string }[];
  /** `update_lead`: the release is too old for the bulk function, and each lead was sent by itself. */
  by: 'hopper_bulk_insert' | 'update_lead';
}

/** So many leads fit into one request. */
export const leadsPerRequest = 1000;

/** Nobody is called outside of the local calling hours: VICIdial looks, when it is told to. */
const options = { hopper_local_call_time_check: 'Y' };

/** Puts leads into the hopper of their lists' campaigns. */
export async function fillHopper(
  api: VicidialApi,
  leadIds: readonly string[],
  priority: string,
): Promise<HopperAnswer> {
  const answer = await api.call('hopper_bulk_insert', {
    lead_ids: leadIds.join(','),
    hopper_priority: priority,
    ...options,
  });
  if (answer.kind === 'noFunction') return fillOneByOne(api, leadIds, priority);

  const [accepted] = findLine(answer, 'success', 'INSERTED INTO THE HOPPER')?.parts ?? [];
  const refused = noticesOf(answer, leadIds);
  if (accepted === undefined && refused.length === 0) {
    const why = wordsOf(answer);
    return { accepted: 0, refused: leadIds.map((leadId) => ({ leadId, why })), by: 'hopper_bulk_insert' };
  }
  return { accepted: Number(accepted) || 0, refused, by: 'hopper_bulk_insert' };
}

/** One NOTICE a lead, in the order of the request; the place of the id in it differs, so it is looked for. */
function noticesOf(answer: UsableAnswer, leadIds: readonly string[]): HopperAnswer['refused'] {
  if (answer.kind !== 'lines') return [];
  const asked = new Set(leadIds);
  const notices = answer.lines.filter((line) => line.kind === 'notice');
  return notices.flatMap(({ words, parts }, index) => {
    if (!words.includes('NOT ADDED')) return [];
    const inTurn = leadIds[index] ?? '';
    const leadId = parts.includes(inTurn) ? inTurn : (parts.find((part) => asked.has(part)) ?? inTurn);
    return [{ leadId, why: words }];
  });
}

async function fillOneByOne(api: VicidialApi, leadIds: readonly string[], priority: string): Promise<HopperAnswer> {
  const result: HopperAnswer = { accepted: 0, refused: [], by: 'update_lead' };
  for (const leadId of leadIds) {
    const answer = await api.call('update_lead', {
      search_method: 'LEAD_ID',
      lead_id: leadId,
      no_update: 'Y',
      add_to_hopper: 'Y',
      hopper_priority: priority,
      ...options,
    });
    const notice =
      answer.kind === 'lines' ? answer.lines.find(({ words }) => words.includes('ADDED TO HOPPER')) : undefined;
    if (notice && !notice.words.includes('NOT ADDED')) result.accepted += 1;
    else result.refused.push({ leadId, why: notice?.words ?? wordsOf(answer) });
  }
  return result;
}
