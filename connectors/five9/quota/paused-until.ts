import type { Aspect } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import type { Operation } from '../soap/operations.ts';

/** When an aspect can be sent again (epoch ms): the earliest of its ways; 0 when one is open. */
export function pausedUntil({ api }: Pick<Five9, 'api'>, aspect: Aspect): number {
  return Math.min(...ways[aspect].map((operation) => api.openAt(operation)));
}

/** By any of these the rows of an aspect can go. */
const ways: Readonly<Record<Aspect, readonly Operation[]>> = {
  disposition: ['asyncUpdateCampaignDispositions', 'updateDispositions'],
  callback: ['asyncAddRecordsToList'],
  fields: ['asyncUpdateCrmRecords', 'updateCrmRecord', 'updateContacts'],
  // Looking comes first, and what is listed already needs nothing else.
  dnc: ['checkDncForNumbers'],
};
