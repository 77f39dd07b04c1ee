import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { ConnectorRegistry } from '../../config/registry.ts';
import { configSchema } from '../../config/schema.ts';
import { SignatureConfig } from '../../connectors/sigmamind/config.ts';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { ruleOf, sign } from '../../connectors/sigmamind/signature.ts';
import { type App, createApp } from '../../src/app.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { realClock } from './real-clock.ts';

export const keys = { script: 'pb_key-of-the-script', tools: 'pb_key-of-the-tools' };
export const eventToken = 'token-of-the-webhook-0123456789';
export const inboundToken = 'token-of-inbound-calls-0123456789';
export const webhookSecret = 'secret-of-the-webhook';

const signatureRule = {
  header: 'X-SigmaMind-Signature',
  algo: 'sha256',
  encoding: 'hex',
  prefix: 'sha256=',
  signed: 'body',
} as const;
/** Of an API key, as the configuration has it. */
export const keyHash = (key: string) => createHash('sha256').update(key).digest('hex');

export interface TestApp {
  app: App;
  url: string;
  folder: string;
  /** Its configuration as a file would have it. */
  raw: Record<string, unknown>;
  /** What was logged, as parsed lines. */
  log: Record<string, unknown>[];
  /** Posts a webhook of the platform, signed as it would be. */
  postEvent(body: object, options?: { forge?: boolean }): Promise<Response>;
  stop(): Promise<void>;
}

/** A Patchbay in this process with a made-up dialer, the SigmaMind connector, and a store of its own. */
export async function startTestApp(
  overrides: {
    dialers?: Record<string, unknown>;
    store?: Record<string, unknown>;
    config?: Record<string, unknown>;
    registry?: ConnectorRegistry;
    clock?: Clock;
  } = {},
): Promise<TestApp> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-test-'));
  const registry = overrides.registry ?? { dialers: [madeUp], platforms: [sigmamind] };
  const raw = {
    server: { port: 0 },
    store: overrides.store ?? { kind: 'sqlite', file: join(folder, 'patchbay.sqlite') },
    spool: { folder: join(folder, 'spool') },
    secret: randomBytes(16).toString('hex'),
    clients: {
      script: { keys: [keyHash(keys.script)], may: ['dialer'] },
      agent: { keys: [keyHash(keys.tools)], may: ['tools'] },
    },
    dialers: overrides.dialers ?? {},
    platforms: {
      // Nobody is there.
      sigmamind: platformSection({ apiKey: 'unused', apiUrl: 'http://127.0.0.1:1' }),
    },
    // Tests run at any hour; those of the gate say what they ask.
    gate: { hours: { enabled: false } },
    sync: { onStart: false },
    outbox: { pollMs: 20, backoff: { firstMs: 20, maxMs: 100 } },
    ...overrides.config,
  };
  const config = configSchema(registry).parse(raw);
  const log: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'debug', base: null },
    { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const app = await createApp({ config, registry, clock: overrides.clock ?? realClock, logger });
  const url = await app.start();

  return {
    app,
    url,
    folder,
    raw,
    log,
    postEvent(body, { forge = false } = {}) {
      const raw = Buffer.from(JSON.stringify(body));
      const headers = sign(ruleFor(forge ? 'another secret' : webhookSecret), raw, Date.now(), 'delivery-1');
      return fetch(`${url}/v1/platforms/sigmamind/events/${eventToken}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: raw,
      });
    },
    async stop() {
      await app.stop(2000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The platform as the test's configuration has it. */
export function platformSection(api: { apiKey: string; apiUrl: string }) {
  return {
    type: 'sigmamind',
    ...api,
    webhook: { tokens: [eventToken], signature: { ...signatureRule, secrets: [webhookSecret] } },
    inboundCall: { tokens: [inboundToken] },
    analysis: { outcomeFrom: 'qualification', outcomes: { Interested: 'qualified' } },
  };
}

function ruleFor(secret: string) {
  const rule = ruleOf(SignatureConfig.parse({ ...signatureRule, secrets: [secret] }));
  if (!rule) throw new Error('the test signs its webhooks');
  return rule;
}
