import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { configSchema, type PatchbayConfig } from '../../config/schema.ts';
import { warningsOf } from '../../config/warnings.ts';
import { connectors } from '../../connectors/index.ts';
import { type App, createApp } from '../../src/app.ts';
import { type OfflineSite, openOfflineSite } from '../../src/cli/offline-site.ts';
import { freePort } from './free-port.ts';
import { type HealthyFive9, startHealthyFive9 } from './healthy/five9.ts';
import { type HealthySigmamind, startHealthySigmamind } from './healthy/sigmamind.ts';
import { type HealthyVicidial, startHealthyVicidial } from './healthy/vicidial.ts';

const keys = { script: 'pb_key', tools: 'pb_key-of-the-tools' };
const hash = (key: string) => createHash('sha256').update(key).digest('hex');

/** Both dialers and the platform on which nothing is wrong, and a Patchbay that runs before them. */
export interface WholeSite {
  vicidial: HealthyVicidial;
  five9: HealthyFive9;
  sigmamind: HealthySigmamind;
  /** The configuration as it is written: a test changes it. */
  raw: { dialers: Record<string, Record<string, unknown>>; platforms: Record<string, Record<string, unknown>> };
  /** What the doctor sees, opened anew. */
  open(): OfflineSite;
  stop(): Promise<void>;
}

/** @param startSigmamind in place of the healthy workspace */
export async function startWholeSite(startSigmamind = startHealthySigmamind): Promise<WholeSite> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-whole-'));
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const vicidial = await startHealthyVicidial({ publicUrl, sipHost: '127.0.0.1' });
  const [five9, sigmamind] = await Promise.all([
    startHealthyFive9({ publicUrl }),
    startSigmamind({ publicUrl, toolsKey: keys.tools }),
  ]);
  const raw = {
    server: { host: '127.0.0.1', port },
    store: { kind: 'sqlite', file: join(folder, 'store.sqlite') },
    spool: { folder: join(folder, 'spool') },
    secret: randomBytes(16).toString('hex'),
    clients: {
      script: { keys: [hash(keys.script)], may: ['dialer'] },
      agent: { keys: [hash(keys.tools)], may: ['tools'] },
    },
    sync: { onStart: false },
    gate: { hours: { enabled: false } },
    // Patient: on a busy machine a simulator takes its time.
    dialers: { vicidial: patient(vicidial.section), five9: five9.section as Record<string, unknown> },
    platforms: { sigmamind: sigmamind.section },
  };
  const app: App = await createApp({ config: parse(raw), registry: connectors, logger: pino({ level: 'silent' }) });
  await app.start();

  return {
    vicidial,
    five9,
    sigmamind,
    raw,
    open() {
      const config = parse(raw);
      const environment = { variables: {}, configFile: undefined, clockFile: undefined };
      const context = { registry: connectors, environment, configFile: () => join(folder, 'patchbay.yaml') };
      return openOfflineSite(context, config, warningsOf(config));
    },
    async stop() {
      await app.stop(1000);
      await Promise.all([vicidial.stop(), five9.stop(), sigmamind.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function patient(section: Record<string, unknown>): Record<string, unknown> {
  return { ...section, api: { ...(section.api as object), timeoutMs: 8000 } };
}

function parse(raw: object): PatchbayConfig {
  return configSchema(connectors).parse(raw);
}
