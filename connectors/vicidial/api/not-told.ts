import type { SiteReads, WriteBackReads } from '../reads.ts';

/** What no API function tells; `gaps` says so to the operator. */
export const notTold: SiteReads & WriteBackReads = {
  statuses: async () => null,
  campaigns: async () => null,
  inGroups: async () => null,
  archivedLead: async () => null,
  lastWord: async () => null,
  fieldDefinitions: async () => null,
  alternateNumbers: async () => null,
  numbersHeld: async () => null,
};
