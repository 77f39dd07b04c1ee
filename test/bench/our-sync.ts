import { VicidialConfig, vicidial } from '../../connectors/vicidial/index.ts';
import { spareMemory } from '../../src/cli/spare-memory.ts';
import type { ConnectorDeps } from '../../src/domain/connector.ts';
import type { ReadPace } from '../../src/domain/lead.ts';
import { syncLeads } from '../../src/flows/sync-leads.ts';
import { openStore } from '../../src/store/open-store.ts';
import { realClock } from '../support/real-clock.ts';
import { type DatabaseLogin, report, taskOf } from './child.ts';

// Patchbay's own lead sync, from the connector through the flow into the store, as `npx patchbay sync` runs it.

export interface SyncTask {
  database: DatabaseLogin;
  file: string;
  pace: ReadPace;
  /** Ends after so many pages; 0: when the sync is through. */
  pages: number;
}

const { database, file, pace, pages } = taskOf<SyncTask>();
spareMemory();
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const unused = () => Promise.reject(new Error('not used by a sync'));
const store = await openStore({
  config: { kind: 'sqlite', file },
  rules: { dialers: {}, technicalEndWaitSec: 1, humanWaitSec: 1, handOverOutcomes: [] },
  newId: () => crypto.randomUUID(),
  ignoresIdempotency: false,
  onWarning() {},
});
const config = VicidialConfig.parse({
  type: 'vicidial',
  api: { url: 'http://127.0.0.1:9/vicidial/non_agent_api.php', user: 'unused', pass: 'unused' },
  database,
  timeZone: 'UTC',
});
const connectorDeps: ConnectorDeps = {
  clock: realClock,
  log: silent,
  newId: () => crypto.randomUUID(),
  random: Math.random,
  hashNumber: () => '',
  publicUrl: 'http://127.0.0.1',
  ignoresIdempotency: false,
  failAt() {},
  recordFacts: unused,
  registerCall: unused,
  readCursor: unused,
  writeCursor: unused,
  withLease: unused,
  nudge() {},
} as unknown as ConnectorDeps;
const dialer = vicidial.create('vicidial', config, connectorDeps);
const stop = new AbortController();
const count = { leadsSynced() {} } as never;
let leads = 0;

const startedAt = performance.now();
await syncLeads({ store, clock: realClock, log: silent, count }, dialer, stop.signal, {
  pace,
  onPage(progress) {
    leads = progress.leads;
    if (progress.pages === pages) stop.abort();
  },
}).catch((error: unknown) => {
  if (!stop.signal.aborted) throw error;
});
report(leads, startedAt);
await dialer.close();
await store.close();
