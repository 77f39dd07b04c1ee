import { validate as isCron } from 'node-cron';
import { z } from 'zod';
import { builtInHandOvers } from '../src/domain/routes.ts';
import type { DialerSettings } from '../src/domain/settings.ts';
import { AlertsConfig } from './alerts.ts';
import { AutopilotConfig } from './autopilot.ts';
import { ConsoleConfig } from './console.ts';
import { ControlsConfig } from './controls.ts';
import { crossCheck, instanceIdPattern } from './cross-checks.ts';
import { DrillConfig } from './drill.ts';
import { EvidenceConfig } from './evidence.ts';
import { GateConfig } from './gate.ts';
import { HistoryConfig } from './history.ts';
import { McpConfig } from './mcp.ts';
import { OptOutsConfig } from './opt-outs.ts';
import { ReconcileConfig } from './reconcile.ts';
import type { ConnectorRegistry } from './registry.ts';
import { RetentionConfig } from './retention.ts';
import { ServerConfig } from './server.ts';
import { SetupConfig } from './setup.ts';
import { ToolsConfig } from './tools.ts';
import { TracingConfig } from './tracing.ts';
import { TranscriptsConfig } from './transcripts.ts';

/** The schema of the whole configuration. Unknown keys are faults; secrets carry the mark `secret` (see redact.ts). */
export function configSchema(registry: ConnectorRegistry) {
  const schema = z.strictObject({
    server: ServerConfig,
    store: StoreSection,
    spool: SpoolConfig,
    log: LogConfig,
    secret: z
      .string()
      .min(16, 'must have at least 16 characters')
      .meta({ secret: true })
      .describe(
        'Key of the hashes that stand for phone numbers in logs, and of the correlation IDs. Random text, the same on every machine.',
      ),
    clients: z.record(z.string(), ClientConfig).default({}).describe('Who may call the API, by name.'),
    outcomes: OutcomesConfig,
    calls: CallsConfig,
    gate: GateConfig,
    autopilot: AutopilotConfig,
    dialers: instancesOf<DialerSettings>(registry.dialers)
      .default({})
      .describe('The dialers, by an id of your own, such as vicidial or five9-eu.'),
    platforms: instancesOf<{ type: string }>(registry.platforms)
      .default({})
      .describe('The AI platforms, by an id of your own.'),
    sync: SyncConfig,
    outbox: OutboxConfig,
    reconcile: ReconcileConfig,
    optOuts: OptOutsConfig,
    controls: ControlsConfig,
    evidence: EvidenceConfig,
    retention: RetentionConfig,
    tools: ToolsConfig,
    transcripts: TranscriptsConfig,
    setup: SetupConfig,
    history: HistoryConfig,
    console: ConsoleConfig,
    mcp: McpConfig,
    alerts: AlertsConfig,
    tracing: TracingConfig.optional(),
    drill: DrillConfig.optional(),
  });
  return schema.superRefine((config, context) => crossCheck(config, context, schema), { when: () => true });
}

export type PatchbayConfig = z.output<ReturnType<typeof configSchema>>;

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const port = z.int().min(1).max(65_535);
const positive = z.int().min(1);

const StoreSection = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('sqlite').describe('One file, for one process on one machine.'),
      file: z.string().min(1).default('var/patchbay.sqlite').describe('The database file; its folder is made.'),
    }),
    z.strictObject({
      kind: z.literal('mysql').describe('MariaDB 10.6 or MySQL 8, for several processes.'),
      host: z.string().min(1).describe('Host name or address.'),
      port: port.default(3306).describe('Port.'),
      user: z.string().min(1).describe('User with all rights on the one database.'),
      password: z.string().meta({ secret: true }).describe("The user's password."),
      database: z.string().min(1).describe('Name of the database; it must exist.'),
      poolSize: z.int().min(1).max(100).default(10).describe('Connections per process.'),
    }),
  ])
  .prefault({ kind: 'sqlite' })
  .describe("Patchbay's own database. (Default: SQLite)");

const SpoolConfig = z
  .strictObject({
    folder: z.string().min(1).default('var/spool').describe('Folder of its own for each process; it is made.'),
  })
  .prefault({})
  .describe('Local files for what arrives while the store is away.');

const LogConfig = z
  .strictObject({
    level: z.enum(logLevels).default('info').describe('Least level that is written. LOG_LEVEL goes before it.'),
    format: z.enum(['json', 'pretty']).default('json').describe('json for machines, pretty for a terminal.'),
  })
  .prefault({})
  .describe('The log, on standard output.');

const ClientConfig = z
  .strictObject({
    keys: z
      .array(
        z
          .string()
          .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the key: 64 lower-case hexadecimal digits')
          .meta({ secret: true }),
      )
      .min(1, 'must hold at least one')
      .describe('SHA-256 of each API key of the client. Two keys at once allow a rotation.'),
    may: z
      .array(z.enum(['dialer', 'tools', 'operator']))
      .min(1, 'must hold at least one')
      .describe("What it may ask: a dialer's endpoints, the AI agent's tools, or what operators see."),
  })
  .describe('One client.');

const OutcomesConfig = z
  .strictObject({
    extra: z
      .array(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'must be lower-case letters, digits and _'))
      .default([])
      .describe('Outcome codes of your own, besides those that ship.'),
    technicalEndWaitSec: z
      .int()
      .min(0)
      .default(60)
      .describe('How long a technical end (hung up, no answer) waits for a better word, in seconds.'),
    humanWaitSec: z
      .int()
      .min(0)
      .default(1800)
      .describe('How long an outcome that sends the customer to a human waits for their own disposition, in seconds.'),
    handOver: z
      .array(z.string())
      .default([...builtInHandOvers])
      .describe('Outcomes after which a human takes over.'),
  })
  .prefault({})
  .describe('What calls can end as.');

const CallsConfig = z
  .strictObject({
    idHours: positive.max(168).default(24).describe('How long a correlation ID is good for, in hours.'),
    contextWindowMinutes: positive.max(1440).default(60).describe('How far back a call is looked for by its number.'),
  })
  .prefault({})
  .describe('How calls are known again.');

const SyncConfig = z
  .strictObject({
    cron: z
      .string()
      .refine(isCron, 'must be a cron expression')
      .default('*/15 * * * *')
      .describe("When leads are read from the dialers, as cron's five fields."),
    onStart: z.boolean().default(true).describe('Also read them when the service starts.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be a time zone such as America/New_York')
      .default('UTC')
      .describe('The time zone of the cron expression.'),
  })
  .prefault({})
  .describe('The sync of leads.');

const OutboxConfig = z
  .strictObject({
    batchSize: positive.max(1000).optional().describe('Most write-backs at once. (Default: what the dialer takes)'),
    leaseSec: z.int().min(5).max(3600).default(60).describe('How long a worker may hold a row, in seconds.'),
    maxAttempts: positive.max(100).default(12).describe('Failed tries after which a write-back is dead.'),
    outageHours: z
      .int()
      .min(0)
      .max(720)
      .default(72)
      .describe(
        'So many hours after it was planned, no write-back is dead because its dialer is away; 0: tries count always.',
      ),
    backoff: z
      .strictObject({
        firstMs: positive.default(1000).describe('Wait after the first failure, in milliseconds; it doubles.'),
        maxMs: positive.default(300_000).describe('Longest wait, in milliseconds.'),
      })
      .prefault({})
      .describe('Waits between tries.'),
    breaker: z
      .strictObject({
        failures: positive.default(5).describe('Failures in a row after which a dialer is left alone.'),
        waitMs: positive.default(30_000).describe('For how long, in milliseconds.'),
      })
      .prefault({})
      .describe('Protection of a dialer that is down.'),
    pollMs: z.int().min(10).max(60_000).default(250).describe('How often due write-backs are looked for.'),
  })
  .prefault({})
  .describe('The delivery of write-backs.');

/** A record of instances, each checked by the connector that its `type` names. */
function instancesOf<Config extends { type: string }>(
  connectors: readonly { type: string; config: z.ZodType<Config> }[],
) {
  type Options = Parameters<typeof z.discriminatedUnion>[1];
  const one =
    connectors.length === 0
      ? z.never('no connector of this kind is installed')
      : z.discriminatedUnion('type', connectors.map((connector) => connector.config) as unknown as Options);
  // Ids are judged in cross-checks.ts: a record with a key schema would hide the faults inside an instance whose id is odd.
  return z
    .record(z.string(), one as unknown as z.ZodType<Config>)
    .meta({ propertyNames: { pattern: instanceIdPattern.source } });
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
