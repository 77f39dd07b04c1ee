import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import type { App } from '../app.ts';
import { csvRow } from '../domain/csv.ts';
import { ConnectorError } from '../domain/errors.ts';
import { callColumns, type EvidenceRow, optOutColumns } from '../domain/evidence.ts';
import { evidenceOfCalls, evidenceOfOptOuts, type Span } from '../flows/export-evidence.ts';
import type { CliContext } from './context.ts';
import { readTime } from './read-time.ts';
import { withApp } from './with-app.ts';

export function addEvidenceCommand(program: Command, context: CliContext): void {
  program
    .command('evidence')
    .description('what the law wants to be kept of calls and of opt-outs, as a file')
    .argument('<what>', 'calls or opt-outs')
    .requiredOption('--from <time>', 'a day such as 2026-11-01 (UTC), or an instant')
    .requiredOption('--to <time>', 'a day, the whole of which counts, or an instant, which does not')
    .option('--format <format>', 'csv, or json: one object per line', 'csv')
    .option('--out <file>', 'a new file that only you can read (Default: standard output)')
    .action((what: string, options: EvidenceOptions) =>
      withApp(context, (app) => exportEvidence(context, app, what, options)),
    );
}

interface EvidenceOptions {
  from: string;
  to: string;
  format: string;
  out?: string;
}

async function exportEvidence(context: CliContext, app: App, what: string, options: EvidenceOptions): Promise<void> {
  if (!['calls', 'opt-outs'].includes(what) || !['csv', 'json'].includes(options.format)) {
    throw new ConnectorError('bad_request', 'evidence is of calls or opt-outs, as csv or json', {
      hint: 'For example: patchbay evidence calls --from 2026-11-01 --to 2026-11-30 --format csv --out november.csv',
    });
  }
  const span: Span = { from: readTime(options.from, false), before: readTime(options.to, true) };
  const isCalls = what === 'calls';
  const rows = isCalls ? evidenceOfCalls(app.deps, span) : evidenceOfOptOuts(app.deps, span);
  const lines = linesOf(rows, isCalls ? callColumns : optOutColumns, options.format);
  if (!options.out) {
    for await (const line of lines) await print(line);
    return;
  }
  const count = await writeFile(options.out, lines);
  context.err(`${count - (options.format === 'csv' ? 1 : 0)} rows written to ${options.out}`);
}

async function* linesOf(rows: AsyncIterable<EvidenceRow>, columns: readonly string[], format: string) {
  if (format === 'csv') yield csvRow(columns);
  for await (const row of rows) {
    yield format === 'csv' ? csvRow(columns.map((column) => row[column] ?? '')) : `${JSON.stringify(row)}\n`;
  }
}

/** Evidence is never written over. */
async function writeFile(path: string, lines: AsyncIterable<string>): Promise<number> {
  const file = await open(path, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    throw new ConnectorError('bad_request', `${path} can't be made (${cause.code})`, {
      hint: 'Name a file that is not there yet, in a folder that you may write to.',
      cause,
    });
  });
  let count = 0;
  try {
    for await (const line of lines) {
      await file.write(line);
      count += 1;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return count;
}

/** Waits while the reader of a pipe is slower than we are. */
async function print(line: string): Promise<void> {
  if (!process.stdout.write(line)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}
