import type { TestCalls } from '../../../src/domain/test-call.ts';
import { campaignNames } from '../setup/wanted-agents.ts';
import { readRemoteAgents } from '../tables/site-set-up.ts';
import type { Vicidial } from '../vicidial.ts';
import { beginTestCall } from './begin.ts';
import { endTestCall } from './end.ts';
import { judgeTables } from './judge.ts';
import { readByApi } from './read-by-api.ts';
import { readRecords } from './read-records.ts';

/** One test call by the dialer itself: a lead of that number goes to the head of the hopper. */
export function createTestCalls(vicidial: Vicidial): TestCalls {
  const { config, database } = vicidial;
  return {
    async campaigns() {
      const named = campaignNames(config);
      if (named.length > 0 || !database) return named;
      const leading = (await readRemoteAgents(database)).filter(({ extension }) =>
        extension.startsWith(config.carrier.prefix),
      );
      return [...new Set(leading.map(({ campaign }) => campaign))];
    },
    begin: (order) => beginTestCall(vicidial, order),
    async look(call) {
      if (!database) return readByApi(vicidial, call);
      return judgeTables(call, await readRecords({ ...vicidial, database }, call));
    },
    end: (call) => endTestCall(vicidial, call),
  };
}
