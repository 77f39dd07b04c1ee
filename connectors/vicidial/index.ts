import type { DialerConnector } from '../../src/domain/dialer.ts';
import { createApi } from './api/api.ts';
import { VicidialConfig } from './config.ts';
import { findLead } from './leads/find-lead.ts';
import { readLeads } from './leads/read-leads.ts';
import { createLineUsers } from './line-users.ts';
import { liveCallControl } from './live/control.ts';
import { routes } from './live/routes.ts';
import { recogniseCall } from './recognise.ts';
import { checks } from './setup/checks.ts';
import { openDatabase } from './tables/database.ts';
import { tableReads } from './tables/table-reads.ts';
import type { Vicidial } from './vicidial.ts';
import { confirm, deliver } from './write/deliver.ts';
import { reviewCampaigns } from './write/review-campaigns.ts';

export { VicidialConfig } from './config.ts';

/** VICIdial: read from its database, written through its HTTP APIs. */
export const vicidial = {
  type: 'vicidial',
  config: VicidialConfig,
  create(id, config, deps) {
    const database = openDatabase(config.database);
    const reads = tableReads({ id, config, database });
    const api = createApi(config.api, deps.clock);
    const instance: Vicidial = { id, config, database, reads, api, lines: createLineUsers(reads, deps.clock), deps };
    return {
      id,
      type: 'vicidial',
      settings: config,
      aspects: ['disposition', 'callback', 'dnc', 'fields'],
      batchSize: 20,
      deliver: (rows) => deliver(instance, rows),
      confirm: (receipt, rows) => confirm(instance, receipt, rows),
      reviewCampaigns: () => reviewCampaigns(instance),
      readLeads: (cursor, signal) => readLeads({ ...instance, database }, cursor, signal),
      recogniseCall: (variables) => recogniseCall({ id, config, clock: deps.clock }, variables),
      findLead: (sighting, signal) => findLead(instance, sighting, signal),
      control: liveCallControl(instance),
      checks: () => checks(instance),
      routes: routes(instance),
      async close() {
        api.close();
        await database.close();
      },
    };
  },
} satisfies DialerConnector<VicidialConfig>;
