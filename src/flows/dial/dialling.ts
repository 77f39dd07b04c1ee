import { instantOf } from '../../domain/clock.ts';
import type { Dialling } from '../../domain/dialling.ts';
import type { Deps } from '../deps.ts';
import { recordFacts } from '../record-facts.ts';
import { claimDials, judgeDials } from './claim-dials.ts';
import { resultNote } from './dial-notes.ts';

const budgetMs = 10_000;

/** What a platform's commands work with that have it call leads. */
export function createDialling(own: () => Deps, platform: string): Dialling {
  return {
    leadsOfList: (query) => own().store.leadsOfList(query),
    lead: (dialer, key) => own().store.leadByKey(dialer, key),
    judge: async (requests) => (await judgeDials(own(), platform, requests)).map(({ claim }) => claim),
    claim: (requests) => claimDials(own(), platform, requests),
    async settle(results) {
      const deps = own();
      const notes = results.map((result) => resultNote(platform, result, instantOf(deps.clock)));
      if (notes.length > 0) await recordFacts(deps, notes, { budgetMs });
    },
  };
}
