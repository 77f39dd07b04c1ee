import type { DialerConnector } from '../../src/domain/dialer.ts';
import type { Aspect } from '../../src/domain/write-back.ts';
import { Five9Config } from './config.ts';
import type { Five9 } from './five9.ts';
import { findLead } from './read/find-lead.ts';
import { readLeads } from './read/read-leads.ts';
import { recogniseCall } from './recognise.ts';
import { checks } from './setup/checks.ts';
import { reviewCampaigns } from './setup/review-campaigns.ts';
import { createApi } from './soap/api.ts';
import { confirm } from './write/confirm.ts';
import { deliver } from './write/deliver.ts';

export { Five9Config } from './config.ts';

/** Five9, over its Configuration Web Services (SOAP). */
export const five9 = {
  type: 'five9',
  config: Five9Config,
  create(id, config, deps) {
    const api = createApi(deps, id, config);
    const instance: Five9 = { id, config, api, deps, memory: { openCallbacks: new Map(), doubts: new Map() } };
    return {
      id,
      type: 'five9',
      settings: config,
      aspects: aspectsOf(config),
      batchSize: config.batch.rows,
      deliver: (rows) => deliver(instance, rows),
      confirm: (receipt, rows) => confirm(instance, receipt, rows),
      reviewCampaigns: () => reviewCampaigns(instance),
      readLeads: (cursor, signal) => readLeads(instance, cursor, signal),
      recogniseCall: (variables) => recogniseCall(id, config, deps.clock, variables),
      findLead: (sighting, signal) => findLead(instance, sighting, signal),
      checks: () => checks(instance),
      close: () => api.close(),
    };
  },
} satisfies DialerConnector<Five9Config>;

function aspectsOf(config: Five9Config): Aspect[] {
  const always: Aspect[] = ['disposition', 'dnc', 'fields'];
  return config.callbackList ? [...always, 'callback'] : always;
}
