import { Counter, Histogram, type Registry } from 'prom-client';
import { type FactBody, matchedBy } from '../../domain/fact.ts';
import { gateReasons } from '../../domain/gate.ts';
import { aspects } from '../../domain/write-back.ts';
import type { Counters } from '../../flows/deps.ts';
import { labelOf, otherLabel } from './labels.ts';
import { createTally, createTiming } from './tallies.ts';

export interface Counting {
  count: Counters;
  /** Another configuration has come: its instances are named from now on, beside those before. */
  configure(configured: Configured): void;
  /** @param ms how long an endpoint took */
  observe(endpoint: string, ms: number): void;
}

const routes = ['ai', 'skill', 'hangup', 'callback', 'dnc'];
const statuses = ['ok', 'degraded', 'done', 'pending', 'unknown', 'error'];
const answers = ['done', 'submitted', 'notYet', 'refused', 'retry', 'overtaken'];
/** Each kind of fact, so that a new one is not forgotten. */
const kinds: Record<FactBody['kind'], true> = {
  registered: true,
  started: true,
  committed: true,
  ended: true,
  analysed: true,
  dispositioned: true,
  matched: true,
  'leg-record': true,
  noted: true,
  silent: true,
  'handed-over': true,
  corrected: true,
  'opt-out-undone': true,
  erased: true,
  steered: true,
  released: true,
};
const fastBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The instances that are configured: no other is named. */
export interface Configured {
  dialers: readonly string[];
  platforms: readonly string[];
}

/** What is counted as it happens. */
export function createCounting(registry: Registry, configured: Configured): Counting {
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers });
  const histogram = (name: string, help: string, labelNames: string[], buckets: number[]) =>
    new Histogram({ name, help, labelNames, buckets, registers });
  const tally = (name: string, help: string, labelNames: string[]) => createTally(registry, { name, help, labelNames });
  const timing = (name: string, help: string, labelNames: string[], bounds: number[]) =>
    createTiming(registry, { name, help, labelNames }, bounds);

  const registrations = tally('patchbay_registrations_total', 'Registered calls.', ['dialer', 'status', 'route']);
  const gated = tally(
    'patchbay_gate_answers_total',
    "The gate's answers, to scripts and before calls are placed: `allowed`, or why not.",
    ['dialer', 'reason'],
  );
  const outcomes = tally('patchbay_outcome_answers_total', 'Answers to scripts that asked for an outcome.', [
    'dialer',
    'status',
  ]);
  const facts = tally('patchbay_facts_total', 'Facts that were told to us.', ['kind', 'result']);
  const deliveries = counter('patchbay_deliveries_total', 'Answers of dialers to write-backs.', [
    'dialer',
    'aspect',
    'answer',
  ]);
  const leads = counter('patchbay_leads_synced_total', 'Leads read from dialers.', ['dialer']);
  const webhooks = counter(
    'patchbay_webhooks_total',
    'Webhooks of platforms, by what became of them; `denied` did not prove their sender.',
    ['platform', 'result'],
  );
  const matched = counter(
    'patchbay_conversations_matched_total',
    'Conversations, by how they were found to be a call of ours.',
    ['platform', 'by'],
  );
  const logIns = counter('patchbay_log_ins_total', 'Log-ins to the console, by what became of them.', ['result']);
  const reloads = counter(
    'patchbay_config_reloads_total',
    'Configurations that were to be taken up while the service runs, by what became of them.',
    ['result'],
  );
  const purged = counter('patchbay_purged_rows_total', 'Rows that were purged because their time was over.', ['what']);
  const alerts = counter('patchbay_alert_letters_total', 'Letters of alerts that were sent, or not taken.', [
    'kind',
    'result',
  ]);
  const duration = timing(
    'patchbay_request_duration_seconds',
    'How long endpoints took to answer.',
    ['endpoint'],
    fastBuckets,
  );
  const store = timing(
    'patchbay_store_request_duration_seconds',
    'How long the store took for what live calls and events need; failures too.',
    ['lane'],
    fastBuckets,
  );
  const systems = tally(
    'patchbay_system_requests_total',
    'Requests between us and each dialer or platform: `in` is theirs to us, `out` is ours to them.',
    ['system', 'direction', 'result'],
  );
  const systemDuration = timing(
    'patchbay_system_request_duration_seconds',
    'How long they took, but for those that take their time by nature.',
    ['system', 'direction'],
    [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  );
  const firstWord = histogram(
    'patchbay_answer_to_first_word_seconds',
    "From the customer's answer, as the dialer tells it or as estimated, to the start of the AI's conversation.",
    ['dialer', 'answer'],
    [0.25, 0.5, 1, 1.5, 2, 3, 5, 8, 13, 20, 60],
  );
  const clockless = counter(
    'patchbay_first_word_unusable_total',
    "Calls whose first word was not measured: the dialer's and the platform's clocks do not agree.",
    ['dialer'],
  );

  const configuredIds = new Set<string>();
  const system = (id: string) => (configuredIds.has(id) ? id : otherLabel);
  const route = labelOf(routes);
  const status = labelOf(statuses);
  const reason = labelOf([...gateReasons, 'store_away', 'allowed']);
  const kind = labelOf(Object.keys(kinds));
  const aspect = labelOf(aspects);
  const answer = labelOf(answers);
  const by = labelOf([...matchedBy, 'ambiguous', 'none', 'operator']);

  function configure({ dialers, platforms }: Configured): void {
    // An alarm about calls or webhooks that do not come needs a count from the start.
    for (const dialer of dialers) registrations.begin(dialer, 'ok', 'ai');
    for (const platform of platforms) webhooks.inc({ platform, result: 'recorded' }, 0);
    for (const id of [...dialers, ...platforms]) configuredIds.add(id);
  }
  configure(configured);

  return {
    configure,
    observe: (endpoint, ms) => duration(ms / 1000, endpoint),
    count: {
      registered: (id, how, to) => registrations.add(system(id), status(how), route(to)),
      gated: (id, why) => gated.add(system(id), reason(why || 'allowed')),
      outcomeAnswered: (id, how) => outcomes.add(system(id), status(how)),
      factRecorded: (what, result) => facts.add(kind(what), result),
      delivered: (id, what, how) => deliveries.inc({ dialer: system(id), aspect: aspect(what), answer: answer(how) }),
      leadsSynced: (id, count) => leads.inc({ dialer: system(id) }, count),
      firstWord: (id, told, seconds) =>
        seconds === null
          ? clockless.inc({ dialer: system(id) })
          : firstWord.observe({ dialer: system(id), answer: told }, seconds),
      webhook: (id, result) => webhooks.inc({ platform: system(id), result }),
      matched: (id, how) => matched.inc({ platform: system(id), by: by(how) }),
      loggedIn: (result) => logIns.inc({ result }),
      reloaded: (result) => reloads.inc({ result }),
      alertSent: (kind, result) => alerts.inc({ kind, result }),
      purged: (what, rows) => purged.inc({ what }, rows),
      storeAnswered: (lane, ms) => store(ms / 1000, lane),
      systemRequest(id, direction, ms, isError) {
        systems.add(system(id), direction, isError ? 'error' : 'ok');
        if (ms !== null) systemDuration(ms / 1000, system(id), direction);
      },
    },
  };
}
