import type { Dialling } from '../../src/domain/dialling.ts';

async function notNeeded(): Promise<never> {
  throw new Error('this test has nobody dialled');
}

/** For connectors that dial nobody. */
export const noDialling: Dialling = {
  leadsOfList: notNeeded,
  lead: notNeeded,
  judge: notNeeded,
  claim: notNeeded,
  settle: notNeeded,
};
