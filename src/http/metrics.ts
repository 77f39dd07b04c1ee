import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Contributions, Metric } from '../domain/connector.ts';
import type { Counters } from '../flows/deps.ts';
import type { OpenWriteBacks } from '../store/reads/open-write-backs.ts';

export interface Metrics {
  count: Counters;
  /** @param ms how long an endpoint took */
  observe(endpoint: string, ms: number): void;
  render(): Promise<{ contentType: string; body: string }>;
}

/** Opt-outs that some dialer does not hold yet. */
export interface OptOutCounts {
  open: number;
  oldestSec: number;
  overdue: number;
}

/** What Prometheus reads. No label ever holds an id of a call, a lead or a person. */
export function createMetrics(sources: {
  /** Undefined while it can't be told. */
  openWriteBacks(): Promise<readonly Pick<OpenWriteBacks, 'dialer' | 'state' | 'count'>[] | undefined>;
  instances(): Iterable<Contributions>;
  spooled(): number;
  breakers(): Iterable<{ dialer: string; isOpen: boolean }>;
  /** Undefined while it can't be told. */
  optOuts(): Promise<OptOutCounts | undefined>;
}): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers });

  const registrations = counter('patchbay_registrations_total', 'Registered calls.', ['dialer', 'status', 'route']);
  const outcomes = counter('patchbay_outcome_answers_total', 'Answers to scripts that asked for an outcome.', [
    'dialer',
    'status',
  ]);
  const facts = counter('patchbay_facts_total', 'Facts that were told to us.', ['kind', 'result']);
  const deliveries = counter('patchbay_deliveries_total', 'Answers of dialers to write-backs.', [
    'dialer',
    'aspect',
    'answer',
  ]);
  const leads = counter('patchbay_leads_synced_total', 'Leads read from dialers.', ['dialer']);
  const denied = counter('patchbay_events_denied_total', 'Webhooks that did not prove their sender.', ['platform']);
  const matched = counter('patchbay_matched_total', 'Conversations, by how they were found to be a call of ours.', [
    'platform',
    'by',
  ]);
  const logIns = counter('patchbay_log_ins_total', 'Log-ins to the console, by what became of them.', ['result']);
  const duration = new Histogram({
    name: 'patchbay_request_duration_seconds',
    help: 'How long endpoints took to answer.',
    labelNames: ['endpoint'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const firstWord = new Histogram({
    name: 'patchbay_answer_to_first_word_seconds',
    help: "From the customer's answer, as the dialer tells it or as estimated, to the start of the AI's conversation.",
    labelNames: ['dialer', 'answer'],
    buckets: [0.25, 0.5, 1, 1.5, 2, 3, 5, 8, 13, 20, 60],
    registers,
  });
  const clockless = counter(
    'patchbay_first_word_unusable_total',
    "Calls whose first word was not measured: the dialer's and the platform's clocks do not agree.",
    ['dialer'],
  );
  const backlog = new Gauge({
    name: 'patchbay_write_backs',
    help: 'Write-backs that are not at their end, by state. What was confirmed is in patchbay_deliveries_total.',
    labelNames: ['dialer', 'state'],
    registers,
    async collect() {
      const rows = await sources.openWriteBacks().catch(() => undefined);
      if (!rows) return;
      this.reset();
      for (const { dialer, state, count } of rows) this.inc({ dialer, state }, count);
    },
  });
  const spool = new Gauge({
    name: 'patchbay_spool_entries',
    help: 'Facts that wait on disk for the store.',
    registers,
    collect() {
      this.set(sources.spooled());
    },
  });

  const breaker = new Gauge({
    name: 'patchbay_breaker_open',
    help: '1 while write-backs of a dialer wait because it does not answer.',
    labelNames: ['dialer'],
    registers,
    collect() {
      for (const { dialer, isOpen } of sources.breakers()) this.set({ dialer }, isOpen ? 1 : 0);
    },
  });

  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const overdueOptOuts = gauge('patchbay_opt_outs_overdue', 'Opt-outs that are open past the alarm.');
  const oldestOptOut = gauge('patchbay_opt_outs_oldest_seconds', 'For how long the oldest open opt-out waits.');
  const openOptOuts = gauge('patchbay_opt_outs_open', 'Opt-outs that some dialer does not hold yet.');
  async function countOptOuts(): Promise<void> {
    const counts = await sources.optOuts().catch(() => undefined);
    if (!counts) return;
    openOptOuts.set(counts.open);
    oldestOptOut.set(counts.oldestSec);
    overdueOptOuts.set(counts.overdue);
  }

  return {
    count: {
      registered: (dialer, status, route) => registrations.inc({ dialer, status, route: labelOf(route) }),
      outcomeAnswered: (dialer, status) => outcomes.inc({ dialer, status }),
      factRecorded: (kind, result) => facts.inc({ kind, result }),
      delivered: (dialer, aspect, answer) => deliveries.inc({ dialer, aspect, answer }),
      leadsSynced: (dialer, count) => leads.inc({ dialer }, count),
      firstWord: (dialer, answer, seconds) =>
        seconds === null ? clockless.inc({ dialer }) : firstWord.observe({ dialer, answer }, seconds),
      eventDenied: (platform) => denied.inc({ platform }),
      matched: (platform, by) => matched.inc({ platform, by }),
      loggedIn: (result) => logIns.inc({ result }),
    },
    observe: (endpoint, ms) => duration.observe({ endpoint }, ms / 1000),
    async render() {
      void backlog;
      void spool;
      void breaker;
      await countOptOuts();
      const own = await registry.metrics();
      const contributed = [...sources.instances()].flatMap((instance) => instance.metrics?.() ?? []);
      // Two instances of a kind speak of the same metric: its head comes once.
      const named = Map.groupBy(contributed, ({ name }) => name);
      return { contentType: registry.contentType, body: [own, ...[...named.values()].map(renderMetric)].join('') };
    },
  };
}

function labelOf(route: string): string {
  return ['ai', 'skill', 'hangup', 'callback', 'dnc'].includes(route) ? route : 'other';
}

function renderMetric(metrics: readonly Metric[]): string {
  const [metric] = metrics;
  if (!metric) return '';
  const lines = [`# HELP ${metric.name} ${metric.help}`, `# TYPE ${metric.name} ${metric.type}`];
  for (const { labels, value } of metrics.flatMap(({ samples }) => samples)) {
    const text = Object.entries(labels).map(([name, label]) => `${name}=${JSON.stringify(label)}`);
    lines.push(`${metric.name}${text.length > 0 ? `{${text.join(',')}}` : ''} ${value}`);
  }
  return `${lines.join('\n')}\n`;
}
