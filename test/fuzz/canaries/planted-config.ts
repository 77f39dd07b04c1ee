import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import type { SecretName, Secrets } from './people.ts';

export interface PlantedPlaces {
  folder: string;
  port: number;
  agiPort: number;
  /** Every dialer, platform and service that is asked: it tells whatever it is told. */
  gossip: string;
  /** Where traces go. */
  traces: string;
  secrets: Secrets;
  /** The port of a MariaDB; without one the store is a file. */
  storePort?: number;
  tls?: { certFile: string; keyFile: string };
}

const cheap = { memoryCost: 64, timeCost: 1, parallelism: 1 };

/** As the configuration refers to it. */
function named(name: SecretName): string {
  return `\${${name}}`;
}

/** A configuration with a secret at every option that is marked as one; a test sees to that. */
export async function plantedConfig(places: PlantedPlaces) {
  const { folder, port, gossip, traces, secrets, tls } = places;
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  return {
    server: {
      ...{ host: '127.0.0.1', port, publicUrl: `${tls ? 'https' : 'http'}://127.0.0.1:${port}` },
      ...(tls && { tls }),
    },
    store: storeOf(places),
    spool: { folder: join(folder, 'spool') },
    setup: { journal: join(folder, 'journal.jsonl') },
    log: { level: 'trace', format: 'json' },
    secret: named('SECRET'),
    clients: {
      script: { keys: [sha(secrets.SCRIPT_KEY)], may: ['dialer'] },
      agent: { keys: [sha(secrets.TOOLS_KEY)], may: ['tools'] },
    },
    console: {
      users: {
        vera: { role: 'viewer', passwordHash: await hash(secrets.VIEWER_PASSWORD, cheap) },
        ada: { role: 'admin', passwordHash: await hash(secrets.ADMIN_PASSWORD, cheap) },
      },
      oidc: {
        issuer: `${gossip}/oidc`,
        clientId: 'patchbay',
        clientSecret: named('OIDC_SECRET'),
        roles: { a: 'viewer' },
      },
    },
    gate: {
      hours: { enabled: false },
      scrub: {
        ...{ url: `${gossip}/scrub?number={number}`, onFailure: 'open', blockedWhen: { statuses: [418] } },
        header: { name: 'Authorization', value: `Bearer ${named('SCRUB_KEY')}` },
      },
    },
    tracing: { endpoint: traces, headers: { Authorization: `Bearer ${named('TRACE_KEY')}` } },
    outbox: { pollMs: 50, backoff: { firstMs: 50, maxMs: 200 } },
    dialers: { vicidial: vicidialOf(places), five9: five9Of(places) },
    platforms: { sigmamind: sigmamindOf(places) },
    transcripts: { keep: true },
    alerts: { channels: channelsOf(places), groupSec: 0 },
  };
}

/** Nobody takes the mail; the others tell whatever they are told. */
function channelsOf({ gossip }: PlantedPlaces) {
  const nobody = { host: '127.0.0.1', port: 9, security: 'none', user: 'patchbay', password: named('MAIL_PASSWORD') };
  const pager = { url: `${gossip}/pager/${named('PAGER_HOOK')}`, secrets: [`whsec_${named('PAGER_SECRET')}`] };
  return {
    office: { kind: 'email', smtp: nobody, from: 'patchbay@example.com', to: ['supervisors@example.com'] },
    chat: { kind: 'slack', url: `${gossip}/chat/${named('CHAT_HOOK')}` },
    pager: { kind: 'webhook', ...pager },
  };
}

function storeOf({ folder, storePort }: PlantedPlaces) {
  if (storePort === undefined) return { kind: 'sqlite', file: join(folder, 'patchbay.sqlite') };
  const server = { host: '127.0.0.1', port: storePort, user: 'keeper', database: 'planted' };
  return { kind: 'mysql', ...server, password: named('STORE_PASSWORD') };
}

const shared = {
  headers: ['correlation_id', 'first_name'].map((from) => ({ name: `X-${from}`, from })),
  campaigns: {
    '*': {
      dispositions: { callback: 'CALLBK', not_interested: 'NI', opt_out: 'DNC', hung_up: 'HU', sale: 'SALE' },
      safeRoute: 'skill',
      screenPop: ['mood'],
    },
  },
};

function vicidialOf({ gossip, agiPort }: PlantedPlaces) {
  // Nobody listens there: every read of the tables fails, with the log-in at hand.
  const nowhere = { host: '127.0.0.1', port: 9, user: 'patchbay' };
  const replica = { ...nowhere, password: named('REPLICA_PASS') };
  const apiUsers = {
    user: 'patchbay',
    pass: named('VICIDIAL_PASS'),
    setupUser: 'admin',
    setupPass: named('SETUP_PASS'),
  };
  return {
    type: 'vicidial',
    api: { url: `${gossip}/vicidial/non_agent_api.php`, ...apiUsers },
    database: { ...nowhere, password: named('VICIDIAL_DB_PASS'), timeoutMs: 1000, replica },
    ...{ timeZone: 'America/Denver', fastAgi: { port: agiPort }, ...shared },
  };
}

function five9Of({ gossip }: PlantedPlaces) {
  return {
    type: 'five9',
    domainTimeZone: 'America/New_York',
    soap: { host: gossip, users: [{ user: 'ada@example', password: named('FIVE9_PASS') }] },
    imports: { callback: { token: named('IMPORT_TOKEN') } },
    ...{ keyField: 'number1', callbackList: 'Callbacks', ...shared },
  };
}

function sigmamindOf({ gossip }: PlantedPlaces) {
  const signature = { header: 'X-SigmaMind-Signature', prefix: 'sha256=', signed: 'body' };
  return {
    ...{ type: 'sigmamind', apiKey: named('PLATFORM_KEY'), apiUrl: gossip, toolsKey: named('TOOLS_KEY') },
    webhook: {
      tokens: [named('EVENT_TOKEN')],
      signature: { ...signature, secrets: [named('WEBHOOK_SECRET')] },
    },
    inboundCall: { tokens: [named('INBOUND_TOKEN')] },
    analysis: { outcomeFrom: 'qualification', outcomes: { Interested: 'sale' } },
  };
}
