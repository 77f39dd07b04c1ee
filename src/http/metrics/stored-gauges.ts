import { Gauge, type Registry } from 'prom-client';
import type { PlatformLoad } from '../../domain/slots.ts';

/** Opt-outs that some dialer does not hold yet. */
export interface OptOutCounts {
  open: number;
  oldestSec: number;
  overdue: number;
}

/** What only the store can tell. Undefined when it can't within a moment: the last value stays. */
export interface StoredSources {
  /** Write-backs that are not at their end; `overdueSec`: for how long the oldest of them has been due. */
  openWriteBacks(): Promise<readonly OpenCount[] | undefined>;
  optOuts(): Promise<OptOutCounts | undefined>;
  /** What waits for a person, by kind. */
  attention(): Promise<readonly { kind: string; count: number }[] | undefined>;
  /** What the autopilot saw last, by dialer; none that it never looked at. */
  aiHealth(): Promise<readonly AiHealth[] | undefined>;
  /** Epoch ms of the last sync that went through; null when there was none. */
  syncs(): Promise<readonly { dialer: string; succeededAt: number | null; isFailed: boolean }[] | undefined>;
  /** Calls that platforms have now, and what they take. */
  loads(): Promise<readonly PlatformLoad[] | undefined>;
  /** Epoch ms of the last reconciliation that read everything; null when there was none. */
  reconciledAt(): Promise<number | null | undefined>;
}

/** The signals behind the share of the AI. A ratio of nothing is null. */
export interface AiHealth {
  dialer: string;
  answered: number | null;
  firstWordSec: number | null;
  toolFailures: number | null;
}

interface OpenCount {
  dialer: string;
  state: string;
  count: number;
  overdueSec: number;
}

/** Gauges of what all processes on one store tell alike. Gives what reads them anew. */
export function addStoredGauges(registry: Registry, sources: StoredSources): () => Promise<void> {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help: `${help} The same on every process.`, labelNames, registers: [registry] });

  const writeBacks = gauge(
    'patchbay_write_backs',
    'Write-backs that are not at their end, by state; `dead` and `refused` wait for a person.',
    ['dialer', 'state'],
  );
  const oldestDue = gauge(
    'patchbay_write_backs_oldest_due_seconds',
    'For how long the oldest write-back that is due waits to be delivered.',
    ['dialer'],
  );
  const openOptOuts = gauge('patchbay_opt_outs_open', 'Opt-outs that some dialer does not hold yet.');
  const oldestOptOut = gauge('patchbay_opt_outs_oldest_seconds', 'For how long the oldest open opt-out waits.');
  const overdueOptOuts = gauge('patchbay_opt_outs_overdue', 'Opt-outs that are open past the alarm.');
  const attention = gauge('patchbay_attention_items', 'What waits for a person: the attention page has it.', ['kind']);
  const answered = gauge(
    'patchbay_ai_answered_ratio',
    'Which part of the recent calls the AI answered, as the autopilot saw it last.',
    ['dialer'],
  );
  const firstWord = gauge(
    'patchbay_ai_first_word_p90_seconds',
    "How long nine of ten of the AI's first words took at most, as the autopilot saw it last.",
    ['dialer'],
  );
  const toolFailures = gauge(
    'patchbay_ai_tool_failure_ratio',
    "Which part of the agents' recent tool calls failed, as the autopilot saw it last.",
    ['dialer'],
  );
  const syncedAt = gauge(
    'patchbay_lead_sync_last_success_timestamp_seconds',
    'When the leads of a dialer were last read to the end.',
    ['dialer'],
  );
  const syncFailed = gauge('patchbay_lead_sync_failed', '1 while the last sync of a dialer was cut off.', ['dialer']);
  const reconciledAt = gauge(
    'patchbay_reconciliation_last_success_timestamp_seconds',
    'When everything was last compared to the end.',
  );
  const going = gauge('patchbay_platform_calls', 'Calls that the AI of a platform has now, as far as was told.', [
    'platform',
  ]);
  const concurrency = gauge(
    'patchbay_platform_concurrency',
    'Calls at once that a platform takes; nothing where nobody said.',
    ['platform'],
  );
  // A gauge without labels begins with a 0: what was never read is not known, and no opt-out that waits is not good news then.
  for (const each of [openOptOuts, oldestOptOut, overdueOptOuts, reconciledAt]) each.remove();

  return async () => {
    const [open, optOuts, kinds, health, syncs, loads, reconciled] = await Promise.all([
      sources.openWriteBacks(),
      sources.optOuts(),
      sources.attention(),
      sources.aiHealth(),
      sources.syncs(),
      sources.loads(),
      sources.reconciledAt(),
    ]);
    if (open) showOpen(open);
    if (optOuts) {
      openOptOuts.set(optOuts.open);
      oldestOptOut.set(optOuts.oldestSec);
      overdueOptOuts.set(optOuts.overdue);
    }
    if (kinds) attention.reset();
    for (const { kind, count } of kinds ?? []) attention.set({ kind }, count);
    if (health) showHealth(health);
    // What a reload took out is told no more.
    if (syncs) for (const each of [syncFailed, syncedAt]) each.reset();
    if (loads) for (const each of [going, concurrency]) each.reset();
    for (const { dialer, succeededAt, isFailed } of syncs ?? []) {
      syncFailed.set({ dialer }, Number(isFailed));
      if (succeededAt !== null) syncedAt.set({ dialer }, succeededAt / 1000);
    }
    for (const load of loads ?? []) {
      going.set({ platform: load.platform }, load.going);
      if (load.concurrency !== null) concurrency.set({ platform: load.platform }, load.concurrency);
    }
    if (typeof reconciled === 'number') reconciledAt.set(reconciled / 1000);
  };

  function showHealth(rows: readonly AiHealth[]): void {
    for (const each of [answered, firstWord, toolFailures]) each.reset();
    for (const row of rows) {
      const { dialer } = row;
      if (row.answered !== null) answered.set({ dialer }, row.answered);
      if (row.firstWordSec !== null) firstWord.set({ dialer }, row.firstWordSec);
      if (row.toolFailures !== null) toolFailures.set({ dialer }, row.toolFailures);
    }
  }

  function showOpen(rows: readonly OpenCount[]): void {
    writeBacks.reset();
    oldestDue.reset();
    const waiting = rows.filter(({ state }) => state === 'pending');
    for (const { dialer, state, count } of rows) writeBacks.inc({ dialer, state }, count);
    for (const [dialer, own] of Map.groupBy(waiting, (row) => row.dialer)) {
      oldestDue.set({ dialer }, Math.max(0, ...own.map(({ overdueSec }) => overdueSec)));
    }
  }
}
