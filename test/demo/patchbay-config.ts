import type { Role } from '../../src/domain/roles.ts';
import type { PrivateMariaDb } from '../support/private-mariadb.ts';
import type { DemoOptions } from './options.ts';
import * as site from './site.ts';

export interface DemoSecrets {
  five9Key: string;
  asteriskKey: string;
  toolsKey: string;
  operatorKey: string;
  eventToken: string;
  webhookSecret: string;
  soapPassword: string;
  apiPassword: string;
  platformKey: string;
}

/** Somebody who may log in to the demo's console. */
export interface DemoUser {
  name: string;
  role: Role;
  password: string;
  passwordHash: string;
}

export interface DemoPlaces {
  folder: string;
  port: number;
  /** Where Patchbay's FastAGI server listens. */
  agiPort: number;
  vicidialWebUrl: string;
  five9Url: string;
  sigmamindUrl: string;
  database: Pick<PrivateMariaDb, 'port' | 'user' | 'password'> & { host: string };
  databaseName: string;
  /** Where dialers and the platform reach Patchbay. (Default: where it listens) */
  publicUrl?: string;
  /** Section `store`. (Default: a SQLite file in the folder) */
  store?: object;
  /** (Default: `spool` in the folder) */
  spoolFolder?: string;
  /** How long a stop lets a balancer see it. (Default: not at all) */
  drainMs?: number;
  /** Simulated seconds in which a busy machine is sure to be through with a request. (Default: time is the dialer's own) */
  patienceSec?: number;
}

/** The signature of the demo's webhooks: the platform's assumed one. */
export const webhookSignature = {
  header: 'X-SigmaMind-Signature',
  algo: 'sha256',
  encoding: 'hex',
  prefix: 'sha256=',
  signed: 'body',
} as const;

/** What an operator would write by hand for this site, as plain data. */
export function writeConfig(
  options: DemoOptions,
  secrets: DemoSecrets,
  hashes: Record<string, string>,
  places: DemoPlaces,
  users: readonly DemoUser[],
) {
  const { database, patienceSec } = places;
  return {
    server: {
      host: '127.0.0.1',
      port: places.port,
      publicUrl: places.publicUrl ?? `http://127.0.0.1:${places.port}`,
      drainMs: places.drainMs ?? 0,
    },
    store: places.store ?? { kind: 'sqlite', file: `${places.folder}/patchbay.sqlite` },
    spool: { folder: places.spoolFolder ?? `${places.folder}/spool` },
    log: { level: 'info', format: 'json' },
    secret: secrets.webhookSecret,
    clients: {
      five9: { keys: [hashes.five9Key], may: ['dialer'] },
      asterisk: { keys: [hashes.asteriskKey], may: ['dialer'] },
      sigmamind: { keys: [hashes.toolsKey], may: ['tools'] },
      desk: { keys: [hashes.operatorKey], may: ['operator'] },
    },
    console: {
      timeZone: site.zone,
      users: Object.fromEntries(users.map(({ name, role, passwordHash }) => [name, { role, passwordHash }])),
      costs: { currency: 'USD', perMinute: 0.12, perCall: 0.02 },
    },
    outcomes: { technicalEndWaitSec: 300, humanWaitSec: 1800 },
    calls: { idHours: 24 },
    // The made-up numbers of the day lie in every zone; what the gate asks is tested elsewhere.
    gate: { hours: { enabled: false } },
    dialers: {
      vicidial: {
        type: 'vicidial',
        api: {
          url: `${places.vicidialWebUrl}/vicidial/non_agent_api.php`,
          agentUrl: `${places.vicidialWebUrl}/agc/api.php`,
          user: 'patchbay',
          pass: secrets.apiPassword,
          timeoutMs: 1500,
        },
        database: {
          host: database.host,
          port: database.port,
          user: database.user,
          password: database.password,
          name: places.databaseName,
        },
        timeZone: site.serverZone,
        // By the machine's clock, as the time limits are; the simulator carries out what is late within a second.
        settle: { lateSec: 3 },
        fastAgi: { port: places.agiPort },
        headers: [
          { name: 'X-correlation_id', from: 'correlation_id' },
          { name: 'X-lead_id', from: 'lead_id' },
          { name: 'X-first_name', from: 'first_name' },
          { name: 'X-last_name', from: 'last_name' },
          { name: 'X-city', from: 'city' },
        ],
        campaigns: {
          [site.vicidialCampaign]: { dispositions: site.vicidialDispositions, fields: { comments: 'summary' } },
        },
        sync: { lists: [site.vicidialList] },
      },
      five9: {
        type: 'five9',
        soap: {
          host: places.five9Url,
          users: [{ user: 'patchbay', password: secrets.soapPassword }],
          timeoutMs: 1500,
        },
        domainTimeZone: 'America/Los_Angeles',
        keyField: 'number1',
        // Thousands of calls wait for company as in production, or their imports are more than Five9 takes in a day.
        batch: { flushMs: patienceSec === undefined ? 2000 : 60_000 },
        ...(patienceSec !== undefined && {
          // A script that hangs up, and an import whose answer was late, take the machine's time, not the day's.
          settle: { afterEndSec: patienceSec, maxWaitSec: 20 * patienceSec },
          imports: { lostAfterSec: patienceSec },
        }),
        headers: [
          { name: 'X-correlation_id', from: 'correlation_id' },
          { name: 'X-call_id', from: 'call_id' },
          { name: 'X-first_name', from: 'first_name' },
          { name: 'X-city', from: 'city' },
        ],
        campaigns: {
          [site.five9Campaign]: {
            dispositions: site.five9Dispositions,
            fields: { ai_summary: 'summary', ai_outcome: 'outcome' },
            screenPop: ['intent'],
            // An agent holds the line until Patchbay is back: seconds of the machine are hours of the demo's day.
            script: { transferTo: site.platformNumber, skill: 'Sales', maxCallSec: 14_400 },
          },
        },
        callbackList: site.five9CallbackList,
        fields: {
          lastDisposition: 'last_disposition',
          lastDispositionAt: 'last_disposition_at',
          lastAgentDisposition: 'last_agent_disposition',
          lastAgentDispositionAt: 'last_agent_disposition_at',
          callbackMark: 'patchbay_callback',
        },
        sync: { partitions: [{ field: 'state', values: ['CO'] }] },
      },
    },
    platforms: {
      sigmamind: {
        type: 'sigmamind',
        apiUrl: places.sigmamindUrl,
        apiKey: secrets.platformKey,
        webhook: {
          tokens: [secrets.eventToken],
          signature: { ...webhookSignature, secrets: [secrets.webhookSecret] },
        },
        analysis: {
          outcomeFrom: 'qualification',
          outcomes: { 'Not Interested': 'not_interested', Interested: 'qualified' },
        },
      },
    },
    sync: { onStart: true },
    outbox: { leaseSec: 5, backoff: { firstMs: 5000, maxMs: 300_000 }, pollMs: 100 },
    ...((options.ignoresIdempotency || options.dropsFact) && {
      drill: {
        ...(options.ignoresIdempotency && { ignoreIdempotency: true }),
        ...(options.dropsFact && { dropCommittedFact: 3 }),
      },
    }),
  };
}
