import type { ConnectorDeps } from '../../src/domain/connector.ts';
import type { DialerConnector } from '../../src/domain/dialer.ts';
import type { Lead } from '../../src/domain/lead.ts';
import { type ApiDeps, createApi } from './api/api.ts';
import { apiReads } from './api/api-reads.ts';
import { watchLineJobs } from './api/watch-lines.ts';
import { VicidialConfig } from './config.ts';
import { findCall } from './find-call.ts';
import { guide } from './guide.ts';
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
import { checks } from './setup/checks.ts';
import { createSetup } from './setup/steps/steps.ts';
import { view } from './setup/view.ts';
import { wizard } from './setup/wizard/wizard.ts';
import { softphoneOf } from './softphone.ts';
import { steerCommands } from './steer/commands.ts';
import { whyNotDialled } from './steer/why-not-dialled.ts';
import { openDatabase } from './tables/database.ts';
import { tableReads } from './tables/table-reads.ts';
import { createTestCalls } from './test-calls/test-calls.ts';
import type { Vicidial } from './vicidial.ts';
import { confirm, deliver } from './write/deliver.ts';
import { look } from './write/look.ts';
import { proposeMappingCommand } from './write/propose-mapping.ts';
import { reviewCampaigns } from './write/review-campaigns.ts';

export { VicidialConfig } from './config.ts';

/** VICIdial: read from its database, or where there is no access to it through its HTTP API; written through that alone. */
export const vicidial = {
  type: 'vicidial',
  config: VicidialConfig,
  guide,
  wizard,
  create(id, config, deps) {
    const { clock } = deps;
    const api = createApi(config.api, apiDeps(config.api, deps));
    const database = config.database ? openDatabase(config.database) : null;
    const bulk = database && config.database ? openBulkDatabase(config.database, database) : null;
    const asked = apiReads({ id, config, api, clock });
    const reads = database ? tableReads({ id, config, database, clock }) : asked;
    const instance: Vicidial = { id, config, database, reads, api, lines: createLineUsers(reads, clock), deps };
    const prefetch = database ? createPrefetch({ ...instance, database }) : noPrefetch;
    const setup = createSetup(instance);
    const fastAgi = config.fastAgi && createFastAgi(instance, config.fastAgi);
    return {
      id,
      type: 'vicidial',
      settings: config,
      aspects: ['disposition', 'callback', 'dnc', 'fields'],
      batchSize: 20,
      deliver: (rows) => deliver(instance, rows),
      confirm: (receipt, rows) => confirm(instance, receipt, rows),
      // Without the tables the API lists neither statuses nor leads; the checks tell the operator.
      ...(database &&
        bulk && {
          reviewCampaigns: () => reviewCampaigns(instance),
          readLeads: createLeadReader({ ...instance, database, bulk }),
          whyNotDialled: (leads: readonly Lead[]) => whyNotDialled(instance, database, leads),
        }),
      recogniseCall: (variables) => recogniseCall({ id, config, clock: deps.clock }, variables),
      findCall: (variables, signal) => findCall(instance, variables, signal),
      heldLead: (sighting) => prefetch.held(sighting),
      findLead: (sighting, signal) => findLead({ reads, prefetch }, sighting, signal),
      readLegRecord: (leg, signal) => readLegRecord(instance, leg, signal),
      look: (rows, signal) => look(instance, rows, signal),
      control: liveCallControl(instance),
      checks: () => checks(instance),
      view: () => view(instance),
      setupSteps: setup.steps,
      testCalls: createTestCalls(instance),
      softphone: (campaign) => softphoneOf(instance, campaign),
      routes: routes(instance),
      commands: [...steerCommands(instance), proposeMappingCommand(id, reads)],
      listeners: fastAgi ? [fastAgi.listener] : [],
      jobs: [...prefetch.jobs, ...(database ? watchJobs(instance) : watchLineJobs(instance, asked))],
      metrics: () => [...prefetch.metrics(), ...(fastAgi?.metrics() ?? [])],
      async close() {
        api.close();
        setup.close();
        await database?.close();
        if (bulk !== database) await bulk?.close();
      },
    };
  },
} satisfies DialerConnector<VicidialConfig>;

/** A refused log-in is remembered over a restart; a new password is another log-in, and a keyed hash tells neither. */
function apiDeps({ user, pass }: VicidialConfig['api'], deps: ConnectorDeps): ApiDeps {
  const memory = {
    read: () => deps.readCursor('api-login'),
    write: (text: string) => deps.writeCursor('api-login', text),
  };
  const { clock, tracing } = deps;
  return { clock, tracing, memory, who: deps.hashNumber(`${user} ${pass}`) };
}
