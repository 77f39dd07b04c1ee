import { randomUUID } from 'node:crypto';
import { createApi } from '../../../connectors/five9/soap/api.ts';
import { withLease } from '../../../src/workers/lease.ts';
import { openTestStore } from '../../contract/store/store-cast.ts';
import { realClock } from '../../support/real-clock.ts';
import { configOf, silentLog } from './cast.ts';

// A process of its own that calls Five9 without a pause, to be frozen: see frozen-user.test.ts.

const [file = '', url = '', ttlMs = ''] = process.argv.slice(2);
const store = await openTestStore({ kind: 'sqlite', file });
const newId = () => `frozen-${randomUUID()}`;
const api = createApi(
  {
    clock: realClock,
    log: silentLog,
    newId,
    random: () => 0,
    withLease: (name, work) => withLease({ store, newId, log: silentLog }, name, work, Number(ttlMs)),
    readCursor: (name) => store.readCursor(name),
    writeCursor: (name, value) => store.writeCursor(name, value),
  },
  'five9',
  configOf({ soap: { host: url, users: [{ user: 'ada@example', password: 'engine' }], timeoutMs: 10_000 } }),
);
for (;;) await api.campaigns().catch(() => undefined);
