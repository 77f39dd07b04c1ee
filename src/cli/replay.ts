import type { Command } from 'commander';
import type { App } from '../app.ts';
import { cancelWriteBacks, keptWords } from '../flows/cancel-write-backs.ts';
import { mostPreviewed, type PreviewedRow, previewReplay, type ReplayVerdict } from '../flows/preview-replay.ts';
import { failedOf, replay } from '../flows/replay-write-backs.ts';
import type { CliContext } from './context.ts';
import { operatorName } from './operator.ts';
import { type Cell, tableLines } from './terminal-table.ts';
import { wantedText } from './wanted-text.ts';
import { withApp } from './with-app.ts';

/** `patchbay replay` and `patchbay cancel`: what an operator decides about write-backs. */
export function addReplayCommands(program: Command, context: CliContext): void {
  program
    .command('replay')
    .description('make dead and refused write-backs due again')
    .argument('[ids...]', 'write-backs; none: all that --dialer names')
    .option('--dialer <id>', 'all of this dialer')
    .option('--preview', 'only show what the dialer holds now, and what would change')
    .option('--json', 'with --preview: one JSON line each')
    .action((ids: string[], options: ReplayOptions) =>
      withApp(context, (app) => replayOrPreview(context, app, ids, options)),
    );

  program
    .command('cancel')
    .description('take write-backs back that wait or failed; the same is not planned again')
    .argument('<ids...>', 'write-backs, as `patchbay writebacks` shows them')
    .requiredOption('--why <text>', 'for those who look later')
    .action((ids: string[], { why }: { why: string }) => withApp(context, (app) => cancel(context, app, ids, why)));
}

interface ReplayOptions {
  dialer?: string;
  preview?: boolean;
  json?: boolean;
}

async function replayOrPreview(
  context: CliContext,
  app: App,
  ids: readonly string[],
  { dialer, preview, json }: ReplayOptions,
): Promise<void> {
  if (ids.length === 0 && !dialer) {
    context.err('Name write-backs by id, or a dialer with --dialer.');
    return context.exit(1);
  }
  if (preview) return show(context, app, ids, { dialer, json });
  const what = ids.length > 0 ? { ids } : { dialer: dialer ?? '' };
  const { due } = await replay(app.deps, { ...what, by: operatorName(), subject: dialer ?? ids.join(' ') });
  context.out(`${due} write-backs are due again. The running service sends them.`);
}

async function show(
  context: CliContext,
  { deps }: App,
  named: readonly string[],
  { dialer, json }: { dialer: string | undefined; json: boolean | undefined },
): Promise<void> {
  const failed = named.length === 0 && dialer ? await failedOf(deps, dialer) : null;
  const { rows } = await previewReplay(deps, failed ? failed.rows.map(({ id }) => id) : named);
  if (json) {
    for (const { row, ...told } of rows) {
      const { id, correlationId, aspect, state, desired } = row;
      context.out(
        JSON.stringify({ id, correlationId, dialer: row.dialer, aspect, state, wanted: wantedText(desired), ...told }),
      );
    }
    return;
  }
  if (rows.length === 0) return context.out('There is nothing to replay.');
  const head = ['write-back', 'call', 'holds now', 'wanted', 'a replay', 'why'];
  for (const line of tableLines({ head, rows: rows.map(cellsOf) })) context.out(line);
  const count = failed?.count ?? named.length;
  if (count > rows.length) context.out(`These are the first ${Math.min(rows.length, mostPreviewed)} of ${count}.`);
}

function cellsOf({ row, verdict, held, why }: PreviewedRow): Cell[] {
  const name = `${row.aspect} on ${row.dialer} [${row.id}]`;
  const [text, colour] = verdictWords[verdict];
  return [name, row.correlationId, held || 'not known', wantedText(row.desired), { text, colour }, why];
}

const verdictWords: Readonly<Record<ReplayVerdict, [text: string, colour: 'green' | 'yellow' | 'cyan' | 'gray']>> = {
  writes: ['writes it', 'cyan'],
  'holds-it': ['only confirms it', 'green'],
  unsure: ['looks, then decides', 'cyan'],
  'human-first': ['is not offered', 'yellow'],
  'not-now': ['is not possible', 'gray'],
};

async function cancel(context: CliContext, { deps }: App, ids: readonly string[], why: string): Promise<void> {
  const { cancelled, kept } = await cancelWriteBacks(deps, { ids, by: operatorName(), why });
  if (cancelled.length > 0) context.out(`${cancelled.length} taken back. The same is not planned again.`);
  for (const { id, because } of kept) context.err(`${id} ${keptWords[because]}`);
  if (kept.length > 0) context.exit(1);
}
