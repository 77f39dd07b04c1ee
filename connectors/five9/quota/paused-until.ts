import type { Aspect } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import type { Operation } from '../soap/operations.ts';
import { watchesAgents } from '../write/judge-contact.ts';

/** When an aspect can be sent again (epoch ms): the earliest of its ways; 0 when one is open. */
export function pausedUntil(five9: Pick<Five9, 'api' | 'config'>, aspect: Aspect): number {
  const openAt = (way: readonly Operation[]) => Math.max(...way.map((operation) => five9.api.openAt(operation)));
  return Math.min(...waysOf(five9, aspect).map(openAt));
}

/** The rows of an aspect can go by any of these; each needs all of its operations. */
function waysOf(five9: Pick<Five9, 'config'>, aspect: Aspect): readonly (readonly Operation[])[] {
  const looks: readonly Operation[] = watchesAgents(five9) ? ['getContactRecords'] : [];
  switch (aspect) {
    case 'disposition':
      return [
        ['asyncUpdateCampaignDispositions', ...looks],
        ['updateDispositions', ...looks],
      ];
    case 'callback':
      // One that is taken back must not wait for the limit of additions: the customer would be called.
      return [['asyncAddRecordsToList', ...looks], ['deleteRecordFromList']];
    case 'fields':
      return [['asyncUpdateCrmRecords'], ['updateCrmRecord'], ['updateContacts']];
    case 'dnc':
      // Looking comes first, and what is listed already needs nothing else.
      return [['checkDncForNumbers']];
  }
}

/** The same for looking what became of imports. */
export function confirmPausedUntil({ api }: Pick<Five9, 'api'>): number {
  return api.openAt('isImportRunning');
}
