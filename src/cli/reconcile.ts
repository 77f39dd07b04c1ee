import type { Command } from 'commander';
import type { App } from '../app.ts';
import { type Reconciliation, reconcile } from '../flows/reconcile.ts';
import { withLease } from '../workers/lease.ts';
import { reconcileLease } from '../workers/reconciliation.ts';
import type { CliContext } from './context.ts';
import { loadOrReport } from './load-or-report.ts';
import { createLogger, openApp } from './open-app.ts';

interface ReconcileCommandOptions {
  since?: string;
  dryRun?: boolean;
  healAll?: boolean;
  json?: boolean;
}

export function addReconcileCommand(program: Command, context: CliContext): void {
  program
    .command('reconcile')
    .description('compare platform, dialers and our own calls now, and heal what was lost')
    .option(
      '--since <time>',
      'from when on: 2026-11-21T00:00:00Z, or hours back such as 48h (Default: reconcile.windowHours)',
    )
    .option('--dry-run', 'only show what would be done')
    .option('--heal-all', 'write again even where much is lost, as after a restore of the dialer')
    .option('--json', 'one JSON document')
    .action(async (options: ReconcileCommandOptions) => {
      const config = await loadOrReport(context);
      if (!config) return;
      const app = await openApp(context, config, createLogger(config, 'warn'));
      try {
        await run(context, app, options);
      } finally {
        await app.stop(0);
      }
    });
}

async function run(context: CliContext, app: App, options: ReconcileCommandOptions): Promise<void> {
  const since = options.since === undefined ? '' : readSince(options.since, app.deps.clock.now());
  if (since === null) {
    context.err('--since takes a time such as 2026-11-21T00:00:00Z, or hours back such as 48h.');
    return context.exit(1);
  }
  // A call of which only the platform tells is registered here: it may be one in shadow.
  await app.deps.controls.look();
  const report = await withLease(app.deps, reconcileLease, (signal, under) =>
    reconcile(app.deps, {
      signal,
      under,
      ...(since && { since }),
      isDryRun: options.dryRun === true,
      healsAll: options.healAll === true,
    }),
  );
  if (!report) {
    context.err('Another process reconciles just now.');
    return context.exit(1);
  }
  if (options.json) context.out(JSON.stringify(report));
  else for (const line of linesOf(report, options.dryRun === true)) context.out(line);
  if (report.unread.length > 0) context.exit(1);
}

/** An instant, or null when it is none. */
function readSince(text: string, now: number): string | null {
  const hours = /^(\d{1,4})h$/.exec(text.trim())?.[1];
  const ms = hours === undefined ? Date.parse(text) : now - Number(hours) * 3_600_000;
  return Number.isFinite(ms) && ms <= now ? new Date(ms).toISOString() : null;
}

function linesOf(report: Reconciliation, isDryRun: boolean): string[] {
  const { since, platformCalls, unmatched, factsAdded, callsWithoutEnd, silent, lookedAt, lost } = report;
  const head = isDryRun ? `Since ${since}; nothing was written:` : `Since ${since}:`;
  const lines = [
    head,
    `  platform   ${platformCalls} calls, ${unmatched} of them none of ours; ${factsAdded} facts that were missing`,
    `  our calls  ${callsWithoutEnd} without an end, ${silent} of them known to nobody`,
    `  dialers    ${lookedAt} write-backs looked at: ${lost} lost, ${report.movedOn} moved on, ${report.unknown} not to be told`,
  ];
  if (report.erased > 0) lines.push(`  erased     ${report.erased} records of erased people were there still`);
  if (report.unread.length > 0)
    lines.push(`  not read to the end: ${[...new Set(report.unread)].join(', ')}; see the log`);
  for (const { key, correlationId, details } of report.findings) {
    lines.push(`  finding    ${details.why ?? key}${correlationId ? ` (${correlationId})` : ''}`);
    if (details.hint) lines.push(`             ${details.hint}`);
  }
  return lines;
}
