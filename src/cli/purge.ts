import type { Command } from 'commander';
import type { PatchbayConfig } from '../../config/schema.ts';
import type { App } from '../app.ts';
import { ConnectorError } from '../domain/errors.ts';
import { writeArchive } from '../flows/archive/write-archive.ts';
import { type PurgeReport, purge } from '../flows/purge.ts';
import { withLease } from '../workers/lease.ts';
import { purgeLease } from '../workers/retention.ts';
import type { CliContext } from './context.ts';
import { operatorName } from './operator.ts';
import { withApp } from './with-app.ts';

export function addRetentionCommands(program: Command, context: CliContext): void {
  program
    .command('purge')
    .description('drop what is older than the configuration keeps it')
    .option('--preview', 'only say what would go')
    .option('--yes', 'do it')
    .option('--before <day>', 'nothing of this day or later, such as 2021-01-01 (UTC)')
    .option('--json', 'one JSON line')
    .action((options: PurgeCommand) => withApp(context, (app, config) => run(context, app, config, options)));
  program
    .command('archive')
    .description('write old calls and all that belongs to them into files; drops nothing')
    .requiredOption('--to <folder>', 'a folder of its own; an archive that was cut off goes on there')
    .option('--before <day>', 'calls of before this day (Default: today), such as 2021-01-01 (UTC)')
    .action((options: { to: string; before?: string }) =>
      withApp(context, async (app) => {
        const before = readDay(options.before) ?? new Date(app.deps.clock.now()).toISOString().slice(0, 10);
        const { tables } = await writeArchive(app.deps, { folder: options.to, before });
        for (const [table, { rows, bytes }] of Object.entries(tables)) {
          context.out(`${table}: ${rows} rows, ${bytes} bytes`);
        }
        context.out(`The archive is whole: ${options.to}/manifest.json has its hashes.`);
      }),
    );
}

interface PurgeCommand {
  preview?: boolean;
  yes?: boolean;
  before?: string;
  json?: boolean;
}

async function run(context: CliContext, app: App, { retention }: PatchbayConfig, options: PurgeCommand): Promise<void> {
  if ((options.preview === true) === (options.yes === true)) {
    throw new ConnectorError('bad_request', 'purge wants one of --preview and --yes', {
      hint: 'See what would go with --preview. What is purged comes back by no command.',
    });
  }
  const { deps } = app;
  const isPreview = options.yes !== true;
  const before = readDay(options.before);
  const purging = (signal?: AbortSignal) =>
    purge(deps, { retention, isPreview, ...(before && { before }), ...(signal && { signal }) });
  const report = isPreview ? await purging() : await withLease(deps, purgeLease, purging);
  if (!report) {
    throw new ConnectorError('bad_request', 'a purge is under way in another process', { hint: 'Let it end.' });
  }
  if (!isPreview) {
    const details = Object.fromEntries(Object.entries(report.rows).map(([what, count]) => [what, String(count)]));
    const at = new Date(deps.clock.now()).toISOString();
    await deps.store.appendAudit({ at, by: operatorName(), act: 'purge', subject: 'store', details });
  }
  if (options.json) context.out(JSON.stringify({ isPreview, ...report }));
  else for (const line of linesOf(report, isPreview)) context.out(line);
  if (!report.isWhole) context.exit(1);
}

const words: Record<keyof PurgeReport['kept'], string> = {
  'opt-out': 'their opt-out stands',
  evidence: 'they are evidence still',
  open: 'they are not over',
  'write-back': 'a write-back of them is not at its end',
  attention: 'they need a person',
};

function linesOf({ rows, kept, isWhole }: PurgeReport, isPreview: boolean): string[] {
  const gone = Object.entries(rows).map(([what, count]) => `${what}: ${count}`);
  const lines = [
    gone.length === 0 ? 'Nothing is old enough to go.' : isPreview ? 'Would be purged:' : 'Purged:',
    ...gone,
  ];
  for (const [why, count] of Object.entries(kept)) {
    lines.push(`Kept though their time is over: ${count} calls, as ${words[why as keyof typeof words]}.`);
  }
  if (!isWhole) lines.push('It was cut off. Run it again: it goes on.');
  return lines;
}

function readDay(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new ConnectorError('bad_request', `"${text}" is no day`, { hint: 'Write it as 2021-01-01.' });
}
