import type { DialerConnector } from '../../src/domain/dialer.ts';
import { createApi } from './api.ts';
import { checks } from './checks.ts';
import { VicidialConfig } from './config.ts';
import { liveCallControl } from './control.ts';
import { openDatabase } from './database.ts';
import { confirm, deliver } from './deliver.ts';
import { findLead } from './find-lead.ts';
import { createLineUsers } from './line-users.ts';
import { readLeads } from './read-leads.ts';
import { recogniseCall } from './recognise.ts';
import { reviewCampaigns } from './review-campaigns.ts';
import { routes } from './routes.ts';
import type { Vicidial } from './vicidial.ts';

export { VicidialConfig } from './config.ts';

/** VICIdial: read from its database, written through its HTTP APIs. */
export const vicidial = {
  type: 'vicidial',
  config: VicidialConfig,
  create(id, config, deps) {
    const database = openDatabase(config.database);
    const api = createApi(config.api, deps.clock);
    const instance: Vicidial = { id, config, database, api, lines: createLineUsers(database, deps.clock), deps };
    return {
      id,
      type: 'vicidial',
      settings: config,
      aspects: ['disposition', 'callback', 'dnc', 'fields'],
      batchSize: 20,
      deliver: (rows) => deliver(instance, rows),
      confirm: (receipt, rows) => confirm(instance, receipt, rows),
      reviewCampaigns: () => reviewCampaigns(instance),
      readLeads: (cursor, signal) => readLeads(instance, cursor, signal),
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
