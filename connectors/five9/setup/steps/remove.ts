import type { UndoAnswer } from '../../../../src/domain/setup.ts';
import type { Five9 } from '../../five9.ts';
import { faultOf } from '../../soap/errors.ts';
import type { Operation } from '../../soap/operations.ts';
import { Anything } from '../../soap/schema.ts';

const gone = new Set([
  ...['ObjectNotFound', 'DispositionNotFound', 'ListNotFound', 'CampaignNotFound', 'SkillNotFound', 'DNISNotFound'],
  ...['DispositionIsNotAssisgned', 'DispositionIsNotAssigned', 'ListIsNotAssigned', 'DNISIsNotAssigned'],
]);
const inUse = new Set(['ObjectInUse', 'ListCantBeRemoved', 'SkillCantBeDeleted', 'CantModifyObject', 'CommonCampaign']);

/** Removes something; what Five9 won't let go is left alone. */
export async function remove(five9: Five9, operation: Operation, args: object): Promise<UndoAnswer> {
  try {
    await five9.api.call(operation, args, Anything, { purpose: 'interactive' });
    return { kind: 'undone' };
  } catch (error) {
    const fault = faultOf(error)?.fault ?? '';
    if (gone.has(fault)) return { kind: 'gone' };
    if (inUse.has(fault)) return changed(`something in Five9 uses it still (${fault})`);
    throw error;
  }
}

export function changed(why: string): UndoAnswer {
  return { kind: 'changed', why };
}
