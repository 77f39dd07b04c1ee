import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { madeUpApiUser } from '../../simulators/vicidial/made-up-site.ts';
import type { DatabaseLogin } from '../child.ts';

// The site that a benched Patchbay serves, as an operator would write it.

export const key = 'pb_key-of-the-bench';
export const eventToken = 'token-of-the-bench-0123456789';
export const webhookSecret = 'secret-of-the-webhook';
export const soapUser = { name: 'patchbay', password: 'made-up' };
export const vicidialZone = 'America/Denver';
export const vicidialLeads = 1000;
export const five9Dispositions = { sale: 'AI - Sale', hung_up: 'AI - Hung up' };

export interface SitePlaces {
  folder: string;
  port: number;
  agiPort: number;
  five9Url: string;
  vicidialUrl: string;
  /** VICIdial's own database. */
  vicidialDatabase: DatabaseLogin;
  /** Ours; null: SQLite in the folder. */
  database: DatabaseLogin | null;
}

/**
 * What dialers are told: nothing, so that nothing but requests is measured (outcomes wait for a mapping); fields of a
 * contact, which Five9 takes one at a time, 160 a minute; or dispositions, which go as imports.
 */
export type Told = 'nothing' | 'fields' | 'dispositions';

export const five9Field = 'ai_outcome';

export function siteConfig(places: SitePlaces, told: Told) {
  const { database, vicidialDatabase } = places;
  const fields = ['first_name', 'last_name', 'city', 'state', 'phone'];
  return {
    server: { port: places.port },
    store: database
      ? { kind: 'mysql', ...placeOf(database), database: database.name }
      : { kind: 'sqlite', file: join(places.folder, 'patchbay.sqlite') },
    spool: { folder: join(places.folder, 'spool') },
    log: { level: 'info', format: 'json' },
    secret: 'secret-of-the-bench-0123456789',
    clients: {
      bench: { keys: [createHash('sha256').update(key).digest('hex')], may: ['dialer', 'tools', 'operator'] },
    },
    // The gate asks for the hours and finds them good, whenever the bench runs.
    gate: { hours: { standard: '00:00-24:00', regions: { CO: 'standard' } } },
    // What is decided is due at once.
    outcomes: { technicalEndWaitSec: 0, humanWaitSec: 0 },
    dialers: {
      five9: {
        type: 'five9',
        soap: { host: places.five9Url, users: [{ user: soapUser.name, password: soapUser.password }] },
        domainTimeZone: 'America/Denver',
        keyField: 'number1',
        campaigns: {
          Spring: {
            dispositions: told === 'dispositions' ? five9Dispositions : {},
            fields: told === 'fields' ? { [five9Field]: 'outcome' } : {},
          },
        },
        batch: { flushMs: 0 },
        settle: { afterEndSec: 0, maxWaitSec: 0 },
      },
      vicidial: {
        type: 'vicidial',
        api: { url: `${places.vicidialUrl}/vicidial/non_agent_api.php`, ...madeUpApiUser },
        database: { ...placeOf(vicidialDatabase), name: vicidialDatabase.name },
        timeZone: vicidialZone,
        headers: ['correlation_id', 'caller_code', 'lead_id', ...fields].map((from) => ({ name: `X-${from}`, from })),
        headerBudget: { bytes: 2048 },
        campaigns: { SPRING: { dispositions: { sale: 'SALE' } } },
        fastAgi: { port: places.agiPort },
        prefetch: { leadsPerPoll: vicidialLeads },
        settle: { recheckSec: 1 },
      },
    },
    platforms: {
      sigmamind: {
        type: 'sigmamind',
        apiKey: 'unused',
        apiUrl: 'http://127.0.0.1:1',
        webhook: {
          tokens: [eventToken],
          signature: {
            header: 'X-SigmaMind-Signature',
            algo: 'sha256',
            encoding: 'hex',
            prefix: 'sha256=',
            signed: 'body',
            secrets: [webhookSecret],
          },
        },
      },
    },
    sync: { onStart: false },
  };
}

function placeOf({ host, port, user, password }: DatabaseLogin) {
  return { host, port, user, password };
}
