import { afterEach, describe } from 'vitest';
import type { Store, StoreConfig, StoreOptions } from '../../../src/store/store.ts';
import { itClaims } from './claiming.ts';
import { itIsControlled } from './controlling.ts';
import { itCounts } from './counting.ts';
import { itKeepsEvidence } from './evidence-and-erasure.ts';
import { itForesees } from './foreseeing.ts';
import { itTellsOfGivenCalls } from './given-calls.ts';
import { itGrowsOld } from './growing-old.ts';
import { itHoldsSlots } from './holding-slots.ts';
import { itKeepsMappings } from './keeping-mappings.ts';
import { itKeepsShadow } from './keeping-shadow.ts';
import { itTakesLargeBatches } from './large-batches.ts';
import { itKeepsLeads } from './leads-and-opt-outs.ts';
import { itLeases } from './leases-and-cursors.ts';
import { itLogsIn } from './logging-in.ts';
import { itIsLookedThrough } from './looking-through.ts';
import { itOptsPeopleOut } from './opted-out-people.ts';
import { itPauses } from './pausing.ts';
import { itShowsToPeople } from './people-in-charge.ts';
import { itIsReconciled } from './reconciling.ts';
import { itRecords } from './recording.ts';
import { itRecordsTogether } from './recording-together.ts';
import { itIsSearched } from './searching.ts';
import { itSettles } from './settling.ts';
import { openTestStore } from './store-cast.ts';
import { itTakesBack } from './taking-back.ts';
import { itKeepsAlerts } from './telling-by-itself.ts';
import { itTellsOfRecords } from './telling-of-records.ts';
import { itTellsOfProcesses } from './telling-of-themselves.ts';

export interface StoreUnderTest {
  /** A store on the test's own empty database; each call opens another one on the same. */
  open(options?: Partial<StoreOptions>): Promise<Store>;
  /** From here on the test's database is one that lacks even the tables. */
  beBare(): Promise<void>;
}

export interface DatabasesUnderTest {
  /** Nothing but its name. */
  create(): Promise<StoreConfig>;
  /** With the tables of this release, and nothing in them. */
  ready(): Promise<StoreConfig>;
}

/** What every store must do, whatever database it stands on. */
export function describeStoreContract(name: string, databases: DatabasesUnderTest): void {
  describe(`the store on ${name}`, () => {
    let config: Promise<StoreConfig> | undefined;
    let opened: Store[] = [];
    const subject: StoreUnderTest = {
      async open(options) {
        config ??= databases.ready();
        const store = await openTestStore(await config, options);
        opened.push(store);
        return store;
      },
      async beBare() {
        config = databases.create();
        await config;
      },
    };

    afterEach(async () => {
      await Promise.all(opened.map((store) => store.close()));
      opened = [];
      config = undefined;
    });

    itRecords(subject);
    itRecordsTogether(subject);
    itForesees(subject);
    itClaims(subject);
    itPauses(subject);
    itSettles(subject);
    itTakesLargeBatches(subject);
    itKeepsLeads(subject);
    itOptsPeopleOut(subject);
    itKeepsEvidence(subject);
    itGrowsOld(subject);
    itLeases(subject);
    itHoldsSlots(subject);
    itLogsIn(subject);
    itShowsToPeople(subject);
    itIsControlled(subject);
    itIsLookedThrough(subject);
    itTakesBack(subject);
    itKeepsShadow(subject);
    itIsReconciled(subject);
    itTellsOfRecords(subject);
    itIsSearched(subject);
    itCounts(subject);
    itTellsOfProcesses(subject);
    itTellsOfGivenCalls(subject);
    itKeepsMappings(subject);
    itKeepsAlerts(subject);
  });
}
