import { measureSync } from '../lead-sync.ts';

export interface SyncedLeads {
  leads: number;
  perSecond: number;
  /** Beside the plainest program that does the same. */
  ofBare: number;
  peakMb: number;
}

const leads = 200_000;

/** The lead sync in short; `npm run bench -- leads` has the million, and the details. */
export async function measureLeadSync(): Promise<SyncedLeads> {
  const { oursPerSec, ofBare, peakMb } = await measureSync(leads, 1);
  return { leads, perSecond: oursPerSec, ofBare, peakMb };
}
