import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { configSchema } from '../../../config/schema.ts';
import { createApp } from '../../../src/app.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import type { Deps } from '../../../src/flows/deps.ts';
import { madeUp } from '../../contract/made-up/made-up-dialer.ts';

export interface OpenDeps {
  deps: Deps;
  dialer: Dialer;
  spoolFolder: string;
  close(): Promise<void>;
}

/** What a flow works with, over a store of its own (SQLite when none is named) and a made-up dialer; no worker runs. */
export async function openDeps(
  options: {
    clock?: Clock;
    url?: string;
    outbox?: object;
    folder?: string;
    campaigns?: object;
    store?: object;
    alerts?: object;
  } = {},
): Promise<OpenDeps> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'patchbay-deps-'));
  const registry = { dialers: [madeUp], platforms: [] };
  const spoolFolder = mkdtempSync(join(folder, 'spool-'));
  const config = configSchema(registry).parse({
    store: options.store ?? { kind: 'sqlite', file: join(folder, 'store.sqlite') },
    spool: { folder: spoolFolder },
    secret: 'a-secret-of-this-test',
    clients: { script: { keys: ['0'.repeat(64)], may: ['dialer'] } },
    dialers: {
      carousel: {
        type: 'made-up',
        url: options.url ?? 'http://127.0.0.1:9',
        campaigns: {
          Autumn: { dispositions: { sale: 'sold', callback: 'later', not_interested: 'gone', opt_out: 'stop' } },
          ...options.campaigns,
        },
      },
    },
    // Tests run at any hour; those of the gate say what they ask.
    gate: { hours: { enabled: false } },
    outbox: options.outbox,
    alerts: options.alerts,
  });
  const app = await createApp({
    config,
    registry,
    logger: pino({ level: 'silent' }),
    ...(options.clock && { clock: options.clock }),
  });
  const dialer = app.deps.dialers.get('carousel');
  if (!dialer) throw new Error('the made-up dialer is missing');
  return {
    deps: app.deps,
    dialer,
    spoolFolder,
    async close() {
      await app.stop(0);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
