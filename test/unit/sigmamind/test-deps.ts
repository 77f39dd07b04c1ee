import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import { noDialling } from '../../support/no-dialling.ts';
import { realClock } from '../../support/real-clock.ts';

function notNeeded(): never {
  throw new Error('this test hands no store to the connector');
}

/** What a connector is handed in a test that needs neither store nor flows. */
export const testConnectorDeps: ConnectorDeps = {
  clock: realClock,
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  newId: () => 'id-1',
  random: () => 0.5,
  hashNumber: () => 'hash',
  publicUrl: 'https://patchbay.example.com',
  ignoresIdempotency: false,
  failAt: () => undefined,
  recordFacts: async () => notNeeded(),
  registerCall: async () => notNeeded(),
  readCursor: async () => notNeeded(),
  writeCursor: async () => notNeeded(),
  withLease: async () => notNeeded(),
  nudge: () => {},
  settleSoon: async () => notNeeded(),
  describeCalls: async () => notNeeded(),
  backlog: async () => notNeeded(),
  isOptedOut: async () => notNeeded(),
  mayCall: async () => notNeeded(),
  dialling: noDialling,
  takenBackAt: () => null,
  inboundCallUrls: () => [],
  promptWords: () => ({ headers: [], outcomes: [] }),
};
