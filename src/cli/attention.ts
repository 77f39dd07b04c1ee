import type { Command } from 'commander';
import type { App } from '../app.ts';
import { maskNumbers } from '../console/mask-numbers.ts';
import { type Attention, type AttentionKind, attentionKinds } from '../domain/attention.ts';
import { instantOf } from '../domain/clock.ts';
import { chooseCall, leaveAttention } from '../flows/settle-ambiguity.ts';
import type { CliContext } from './context.ts';
import { loadOrReport } from './load-or-report.ts';
import { createLogger, openApp } from './open-app.ts';
import { operatorName } from './operator.ts';

/** `patchbay attention`: what needs a person, and what a person decided about it. */
export function addAttentionCommand(program: Command, context: CliContext): void {
  const attention = program
    .command('attention')
    .description(
      'what needs a person: conversations that several calls can be, events that nobody knows, forged ones …',
    )
    .option('--kind <kind>', `only these: ${attentionKinds.join(', ')}`)
    .option('--all', 'also what was settled')
    .option('--limit <count>', 'at most so many', '50')
    .option('--show-numbers', 'whole numbers; that they were shown is written down')
    .option('--json', 'one JSON line each')
    .action((options: ListOptions) => withApp(context, (app) => list(context, app, options)));

  attention
    .command('choose')
    .description('say which call a conversation is')
    .argument('<key>', 'as `patchbay attention` shows it')
    .argument('<correlation id>', 'one of its candidates')
    .action((key: string, correlationId: string) =>
      withApp(context, async ({ deps }) => {
        await chooseCall(deps, { key, correlationId, by: operatorName() });
        context.out('The conversation belongs to that call now. The running service writes what follows from it.');
      }),
    );

  attention
    .command('leave')
    .description('take a thing off the list; nothing is written for it')
    .argument('<key>', 'as `patchbay attention` shows it')
    .requiredOption('--why <text>', 'for those who look later')
    .action((key: string, { why }: { why: string }) =>
      withApp(context, async ({ deps }) => {
        await leaveAttention(deps, { key, why, by: operatorName() });
        context.out('It is off the list.');
      }),
    );
}

interface ListOptions {
  kind?: string;
  all?: boolean;
  limit: string;
  showNumbers?: boolean;
  json?: boolean;
}

async function list(
  context: CliContext,
  app: App,
  { kind, all, limit, showNumbers, json }: ListOptions,
): Promise<void> {
  const { deps } = app;
  if (kind !== undefined && !attentionKinds.includes(kind as AttentionKind)) {
    context.err(`There is no kind "${kind}": ${attentionKinds.join(', ')}.`);
    return context.exit(1);
  }
  const found = await deps.store.attention({
    ...(kind !== undefined && { kind: kind as AttentionKind }),
    ...(!all && { isOpen: true }),
    limit: Number.parseInt(limit, 10) || 50,
  });
  const items = showNumbers ? found : found.map(masked);
  if (showNumbers) await noteShown(app, found);
  for (const item of items) {
    if (json) {
      context.out(JSON.stringify(item));
      continue;
    }
    const { count, firstAt, lastAt, settledAt, settledBy, settlement } = item;
    const times = count > 1 ? `${count} times since ${firstAt}, last` : 'at';
    context.out(`${item.kind}  ${item.key}  ${times} ${lastAt}`);
    for (const [name, value] of Object.entries(item.details)) if (value) context.out(`    ${name}: ${value}`);
    if (settledAt) context.out(`    settled ${settledAt} by ${settledBy}: ${settlement}`);
  }
  if (items.length === 0 && !json) context.out('Nothing needs a person.');
}

/** As the console shows it: numbers may stand in whatever a platform or an agent said, and in the key that is made of it. */
function masked(item: Attention): Attention {
  const details = Object.entries(item.details).map(([name, value]) => [name, maskNumbers(value)]);
  return { ...item, key: maskNumbers(item.key), details: Object.fromEntries(details) };
}

/** That whole numbers were shown is kept for each thing, as the console does. */
async function noteShown({ deps }: App, items: readonly Attention[]): Promise<void> {
  const [at, by, act] = [instantOf(deps.clock), operatorName(), 'number-shown'];
  for (const { kind, key, correlationId } of items) {
    const details = { where: 'cli', kind };
    await deps.store.appendAudit({ at, by, act, subject: correlationId || `${kind} ${key}`, details });
  }
}

async function withApp(context: CliContext, work: (app: App) => Promise<void>): Promise<void> {
  const config = await loadOrReport(context);
  if (!config) return;
  const app = await openApp(context, config, createLogger(config, 'warn'));
  try {
    await work(app);
  } finally {
    await app.stop(0);
  }
}
