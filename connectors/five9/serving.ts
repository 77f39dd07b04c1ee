import type { ConnectorDeps, Metric } from '../../src/domain/connector.ts';
import { type Hold, type KeepAnswers, nobodysHold } from '../../src/domain/delivery.ts';
import type { Dialer, DialerConnector } from '../../src/domain/dialer.ts';
import type { Aspect } from '../../src/domain/write-back.ts';
import { carrierCampaigns, uncorrelatedMetric } from './carrier-campaigns.ts';
import { Five9Config } from './config.ts';
import { emptyMemory, type Five9, five9Under } from './five9.ts';
import { importCallbackOf, importRoutes } from './import-route.ts';
import { confirmPausedUntil, pausedUntil } from './quota/paused-until.ts';
import { createQuotaWatch } from './quota/quota-watch.ts';
import { quotas, throughAt } from './quota/quotas.ts';
import { callLogJobs } from './read/call-log-job.ts';
import { findLead } from './read/find-lead.ts';
import { createLeadReader } from './read/read-leads.ts';
import { whyNotDialled } from './read/why-not-dialled.ts';
import { readRequest } from './read-request.ts';
import { recogniseCall } from './recognise.ts';
import { reviewCampaigns } from './setup/review-campaigns.ts';
import { createApi } from './soap/api.ts';
import { windowEnd } from './times.ts';
import { confirm } from './write/confirm.ts';
import { deliver } from './write/deliver.ts';
import { createImportOperations } from './write/import-operations.ts';
import { look } from './write/look.ts';

/** Five9 as the running service needs it. */
export const five9Serving = {
  type: 'five9',
  config: Five9Config,
  create: (id, config, deps) => openFive9(id, config, deps).dialer,
} satisfies DialerConnector<Five9Config>;

/** With what it is made of, for those who add to it. */
export function openFive9(id: string, config: Five9Config, deps: ConnectorDeps) {
  const api = createApi(deps, id, config);
  const imports = createImportOperations(api, importCallbackOf(id, config, deps.publicUrl));
  const instance: Five9 = { id, config, api, imports, deps, memory: emptyMemory() };
  const quota = createQuotaWatch(instance);
  const dialer = {
    id,
    type: 'five9',
    settings: config,
    aspects: aspectsOf(config),
    batchSize: config.batch.bulkRows,
    deliver: (rows, keep?: KeepAnswers, hold: Hold = nobodysHold) => deliver(five9Under(instance, hold), rows, keep),
    pausedUntil: (aspect: Aspect) => pausedUntil(instance, aspect),
    confirmPausedUntil: () => confirmPausedUntil(instance),
    throughAt: (rows) => throughAt(instance, rows),
    quotas: () => quotas(instance),
    optOutWindowEnd: (toldAt) => windowEnd(config.dncWindow, toldAt),
    confirm: (receipt, rows, hold = nobodysHold) => confirm(five9Under(instance, hold), receipt, rows),
    reviewCampaigns: () => reviewCampaigns(instance),
    readLeads: createLeadReader(instance),
    // Loaded when somebody asks for advice: most services run for weeks without.
    dialFigures: async () => (await import('./setup/dial-figures.ts')).readDialFigures(instance),
    readRequest: (variables) => readRequest(config, variables),
    campaignsHandingTo: (number) => carrierCampaigns(config, number),
    recogniseCall: (variables) => recogniseCall(id, config, deps.clock, variables),
    findLead: (sighting, signal) => findLead(instance, sighting, signal),
    look: (rows, signal) => look(instance, rows, signal),
    whyNotDialled: (leads) => whyNotDialled(instance, leads),
    routes: importRoutes({ config, deps, memory: instance.memory }),
    jobs: [...callLogJobs(instance), ...quota.jobs],
    metrics: () => [uncorrelatedMetric(instance), numberKeyMetric(instance), ...quota.metrics()],
    close: () => api.close(),
    checks: () => [],
  } satisfies Dialer;
  return { instance, dialer };
}

function aspectsOf(config: Five9Config): Aspect[] {
  const always: Aspect[] = ['disposition', 'dnc', 'fields'];
  return config.callbackList ? [...always, 'callback'] : always;
}

function numberKeyMetric({ id, memory }: Five9): Metric {
  return {
    name: 'patchbay_five9_number_key_total',
    help: 'Contacts written by their number, for want of a value in the key field.',
    type: 'counter',
    labelNames: ['dialer'],
    samples: [{ labels: { dialer: id }, value: memory.numberKeys }],
  };
}
