import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { Dialer } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import { runSync } from '../flows/run-sync.ts';
import type { SyncProgress } from '../flows/sync-leads.ts';
import { withLease } from '../workers/lease.ts';
import type { CliContext } from './context.ts';
import { loadOrReport } from './load-or-report.ts';
import { createLogger, openApp } from './open-app.ts';
import { operatorName } from './operator.ts';
import { spareMemory } from './spare-memory.ts';

export function addSyncCommand(program: Command, context: CliContext): void {
  program
    .command('sync')
    .description('read the leads of the dialers now')
    .argument('[dialer]', 'only this one')
    .option('--json', 'one JSON line per dialer')
    .option('--full', 'read every lead anew, not only what changed')
    .option('--full-speed', 'without pauses: for a first sync while the dialer is idle')
    .action(async (only: string | undefined, options: SyncCommandOptions) => {
      spareMemory();
      const config = await loadOrReport(context);
      if (!config) return;
      const app = await openApp(context, config, createLogger(config, 'warn'));
      try {
        await syncAll(context, app, only, options);
      } finally {
        await app.stop(0);
      }
    });
}

interface SyncCommandOptions {
  json?: boolean;
  full?: boolean;
  fullSpeed?: boolean;
}

async function syncAll(
  context: CliContext,
  app: App,
  only: string | undefined,
  options: SyncCommandOptions,
): Promise<void> {
  const isJson = options.json === true;
  const dialers = [...app.deps.dialers.values()].filter((dialer) => dialer.readLeads && (!only || dialer.id === only));
  if (dialers.length === 0) {
    context.err(
      only
        ? `No dialer called "${only}" has leads to read. There are: ${[...app.deps.dialers.keys()].join(', ')}`
        : 'No dialer has leads to read.',
    );
    context.exit(1);
    return;
  }
  for (const dialer of dialers) {
    try {
      const progress = await withLease(app.deps, `sync:${dialer.id}`, (signal, under) =>
        runSync(app.deps, dialer, signal, {
          by: operatorName(),
          under,
          pace: options.fullSpeed ? 'full' : 'gentle',
          isFull: options.full === true,
          onPage: showProgress(dialer, isJson),
        }),
      );
      report(context, dialer, progress, isJson);
    } catch (error) {
      if (process.stderr.isTTY) process.stderr.write('\n');
      context.err(`${dialer.id}: ${messageOf(error)}. Run it again: it goes on where it was cut off.`);
      context.exit(1);
    }
  }
}

function showProgress(dialer: Dialer, isJson: boolean): (progress: SyncProgress) => void {
  if (isJson || !process.stderr.isTTY) return () => undefined;
  return ({ leads, total, share, pages }) => {
    const done = total ? leads / total : share;
    const percent = done === undefined ? '' : ` (${Math.min(100, Math.round(done * 100))} %)`;
    process.stderr.write(`\r\x1b[K${dialer.id}: ${leads} leads${total ? ` of ${total}` : ''}${percent}, page ${pages}`);
  };
}

function report(context: CliContext, dialer: Dialer, progress: SyncProgress | null, isJson: boolean): void {
  if (process.stderr.isTTY && !isJson) process.stderr.write('\r\x1b[K');
  if (!progress) {
    context.err(`${dialer.id}: another process is syncing it just now.`);
    context.exit(1);
    return;
  }
  if (isJson) {
    context.out(JSON.stringify({ dialer: dialer.id, ...progress }));
    return;
  }
  const rejects = Object.entries(progress.rejects).map(([reason, count]) => `${count} × ${reason}`);
  const tail = rejects.length > 0 ? `; left out: ${rejects.join(', ')}` : '';
  context.out(
    `${dialer.id}: ${progress.leads} leads in ${progress.pages} pages${progress.isResumed ? ' (resumed)' : ''}${tail}`,
  );
}
