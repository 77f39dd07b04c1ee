import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { Five9 } from '../five9.ts';
import { defaultLimit } from '../quota/windows.ts';

const minuteMs = 60_000;
/** Who comes beyond that takes a new turn then: limits and rows may be others by that time. */
const farthestMs = 3_600_000;

/**
 * When a row whose look the limit refused comes again. So many have their turn in each minute as the limit lets through:
 * a backlog that would all come with the next minute is claimed and put back whole, again and again.
 *
 * @param answer what the refused look means; any other answer stays as it is
 */
export function takeTurn(
  { api, deps, memory }: Pick<Five9, 'api' | 'deps' | 'memory'>,
  answer: DeliveryAnswer,
): DeliveryAnswer {
  if (answer.kind !== 'notYet' || api.openAt('getContactRecords') <= deps.clock.now()) return answer;
  const { turns } = memory;
  const opensAt = Date.parse(answer.until);
  if (turns.at < opensAt) [turns.at, turns.taken] = [opensAt, 0];
  if (turns.taken >= defaultLimit('Query', 60) && turns.at - deps.clock.now() < farthestMs) {
    [turns.at, turns.taken] = [turns.at + minuteMs, 0];
  }
  turns.taken += 1;
  return { ...answer, until: new Date(turns.at).toISOString() };
}
