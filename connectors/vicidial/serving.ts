import type { ConnectorDeps } from '../../src/domain/connector.ts';
import type { Dialer, DialerConnector } from '../../src/domain/dialer.ts';
import type { Lead } from '../../src/domain/lead.ts';
import { type ApiDeps, createApi } from './api/api.ts';
import { apiReads } from './api/api-reads.ts';
import { takeTurns } from './api/in-turn.ts';
import { watchLineJobs } from './api/watch-lines.ts';
import { VicidialConfig } from './config.ts';
import { findCall } from './find-call.ts';
import { openBulkDatabase } from './leads/bulk-database.ts';
import { findLead } from './leads/find-lead.ts';
import { createLeadReader } from './leads/read-leads.ts';
import { createLineUsers } from './line-users.ts';
import { liveCallControl } from './live/control.ts';
import { createFastAgi } from './live/fast-agi.ts';
import { createPrefetch, noPrefetch } from './live/prefetch.ts';
import { routes } from './live/routes.ts';
import { watchJobs } from './live/watch.ts';
import { readLegRecord } from './read-leg-record.ts';
import { recogniseCall } from './recognise.ts';
import { aiLines } from './steer/ai-lines.ts';
import { whyNotDialled } from './steer/why-not-dialled.ts';
import { openDatabase, openLiveDatabase, type VicidialDatabase } from './tables/database.ts';
import { tableReads } from './tables/table-reads.ts';
import type { Vicidial } from './vicidial.ts';
import { confirm, deliver } from './write/deliver.ts';
import { look } from './write/look.ts';
import { reviewCampaigns } from './write/review-campaigns.ts';

/** Requests that write: enough for speed, few enough for a busy web server. */
const writesAtOnce = 4;

/** VICIdial as the running service needs it. */
export const vicidialServing = {
  type: 'vicidial',
  config: VicidialConfig,
  create: (id, config, deps) => openVicidial(id, config, deps).dialer,
} satisfies DialerConnector<VicidialConfig>;

/** With what it is made of, for those who add to it. */
export function openVicidial(id: string, config: VicidialConfig, deps: ConnectorDeps) {
  const { clock } = deps;
  const api = createApi(config.api, apiDeps(config.api, deps));
  const database = config.database ? openDatabase(config.database) : null;
  const bulk = database && config.database ? openBulkDatabase(config.database, database) : null;
  const asked = apiReads({ id, config, api, clock });
  const reads = database ? tableReads({ id, config, database, clock }) : asked;
  const lines = createLineUsers(reads, clock);
  const instance: Vicidial = { id, config, database, reads, api, lines, inTurn: takeTurns(writesAtOnce), deps };
  const forCalls = config.database ? withOwnConnections(instance, openLiveDatabase(config.database)) : instance;
  const prefetch = database ? createPrefetch({ ...instance, database }) : noPrefetch;
  const fastAgi = config.fastAgi && createFastAgi(forCalls, config.fastAgi);
  const dialer = {
    id,
    type: 'vicidial',
    settings: config,
    aspects: ['disposition', 'callback', 'dnc', 'fields'],
    batchSize: 160,
    lateMs: config.settle.lateSec * 1000,
    deliver: (rows, _keep, hold) => deliver(instance, rows, hold),
    confirm: (receipt, rows, hold) => confirm(instance, receipt, rows, hold),
    // Without the tables the API lists neither statuses nor leads; the checks tell the operator.
    ...(database &&
      bulk && {
        lines: aiLines(instance, database),
        reviewCampaigns: () => reviewCampaigns(instance),
        // Loaded when somebody asks for advice: most services run for weeks without.
        dialFigures: async () => (await import('./setup/dial-figures.ts')).readDialFigures(instance, database),
        readLeads: createLeadReader({ ...instance, database, bulk }),
        whyNotDialled: (leads: readonly Lead[]) => whyNotDialled(instance, database, leads),
      }),
    recogniseCall: (variables) => recogniseCall({ id, config, clock: deps.clock }, variables),
    findCall: (variables, signal) => findCall(forCalls, variables, signal),
    heldLead: (sighting) => prefetch.held(sighting),
    findLead: (sighting, signal) => findLead({ reads: forCalls.reads, prefetch }, sighting, signal),
    readLegRecord: (leg, signal) => readLegRecord(instance, leg, signal),
    look: (rows, signal) => look(instance, rows, signal),
    control: liveCallControl(forCalls),
    routes: routes(forCalls),
    listeners: fastAgi ? [fastAgi.listener] : [],
    jobs: [...prefetch.jobs, ...(database ? watchJobs(instance) : watchLineJobs(instance, asked))],
    metrics: () => [...prefetch.metrics(), ...(fastAgi?.metrics() ?? [])],
    async close() {
      api.close();
      await database?.close();
      await forCalls.database?.close();
      if (bulk !== database) await bulk?.close();
    },
    checks: () => [],
  } satisfies Dialer;
  return { instance, dialer };
}

/** For what a customer waits for: the same VICIdial, read beside all that has time. */
function withOwnConnections(instance: Vicidial, database: VicidialDatabase): Vicidial {
  const { id, config, deps } = instance;
  return { ...instance, database, reads: tableReads({ id, config, database, clock: deps.clock }) };
}

/** A refused log-in is remembered over a restart; a new password is another log-in, and a keyed hash tells neither. */
function apiDeps({ user, pass }: VicidialConfig['api'], deps: ConnectorDeps): ApiDeps {
  const memory = {
    read: () => deps.readCursor('api-login'),
    write: (text: string) => deps.writeCursor('api-login', text),
  };
  const { clock, tracing } = deps;
  return { clock, tracing, memory, who: deps.hashNumber(`${user} ${pass}`) };
}
