import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { PatchbayConfig } from '../../config/schema.ts';
import type { App } from '../app.ts';
import { type Erasure, erasePerson, exportPerson } from '../flows/person.ts';
import type { CliContext } from './context.ts';
import { operatorName, readNumber } from './operator.ts';
import { withApp } from './with-app.ts';

export function addPersonCommands(program: Command, context: CliContext): void {
  const person = program.command('person').description('what is held about a number: read it, or erase it');
  person
    .command('export')
    .description('everything that is held about a number, here and on the platforms, as JSON')
    .argument('<number>', 'the number, with + and country code or as a dialer has it')
    .action((number: string) => withApp(context, (app, config) => exportHeld(context, app, config, number)));
  person
    .command('erase')
    .description('erase it all, here and on the platforms, but for the evidence of opt-outs')
    .argument('<number>', 'the number, with + and country code or as a dialer has it')
    .option('--yes', 'do it (Default: only say what would be erased)')
    .option('--json', 'one JSON line')
    .action((number: string, options: EraseOptions) =>
      withApp(context, (app, config) => erase(context, app, config, number, options)),
    );
}

interface EraseOptions {
  yes?: boolean;
  json?: boolean;
}

async function exportHeld(context: CliContext, app: App, config: PatchbayConfig, word: string): Promise<void> {
  const phone = readNumber(context, app, word);
  if (!phone) return;
  const held = await exportPerson(app.deps, phone);
  context.out(JSON.stringify({ ...held, spool: await spoolMentions(app, config, phone) }, null, 2));
  await app.deps.store.appendAudit({
    at: new Date(app.deps.clock.now()).toISOString(),
    by: operatorName(),
    act: 'person-export',
    subject: app.deps.hashNumber(phone),
    details: { calls: String(held.calls.length), leads: String(held.leads.length) },
  });
  if (held.failures.length === 0) return;
  for (const failure of held.failures) context.err(`Not complete: ${failure}`);
  context.exit(1);
}

async function erase(
  context: CliContext,
  app: App,
  config: PatchbayConfig,
  word: string,
  options: EraseOptions,
): Promise<void> {
  const phone = readNumber(context, app, word);
  if (!phone) return;
  const spooled = await spoolMentions(app, config, phone);
  if (spooled > 0) {
    context.err(`${spooled} lines about this number wait in the spool for the store, so nothing was erased.`);
    context.err('Start the service and let it take them in, then run this again.');
    return context.exit(1);
  }
  const isDryRun = options.yes !== true;
  const erasure = await erasePerson(app.deps, { phone, by: operatorName(), isDryRun });
  if (options.json) context.out(JSON.stringify({ isDryRun, ...erasure }));
  else for (const line of linesOf(erasure, isDryRun, app.deps.settings.evidenceYears)) context.out(line);
  if (erasure.open.length > 0 || erasure.left.length > 0) context.exit(1);
}

function linesOf(
  { open, calls, keptAsEvidence, platformCalls, leads, left }: Erasure,
  isDryRun: boolean,
  years: number,
) {
  if (open.length > 0) {
    return [
      `Nothing was erased: write-backs of ${open.length} calls still wait for their dialer: ${open.join(' ')}`,
      'Let them through first, or see why they wait: patchbay writebacks --call <id>. Then run this again.',
    ];
  }
  const lines = [
    `${isDryRun ? 'Would be erased' : 'Erased'}: ${calls} calls, ${platformCalls} records on platforms, ${leads.length} leads.`,
  ];
  if (keptAsEvidence > 0) {
    lines.push(
      `Of ${keptAsEvidence} calls the evidence of the opt-out is kept: the person's numbers, when it was told and by what, the seller, the name, and the proofs of the dialers.`,
    );
  }
  if (leads.length > 0) {
    lines.push(`The dialers hold these leads on, and the next sync would bring them back: ${leads.join(', ')}`);
  }
  if (isDryRun) {
    lines.push(
      `Records of calls younger than ${years} years are evidence that the law may want: export them first.`,
      'Add --yes to erase.',
    );
  }
  return [...lines, ...left.map((each) => `Left: ${each}`), ...(left.length > 0 ? ['Run it again for these.'] : [])];
}

/** How many lines about the number, or about a call of the person by any of its names, wait on disk. */
async function spoolMentions({ deps }: App, config: PatchbayConfig, phone: string): Promise<number> {
  const { callIds } = await deps.store.heldOfPerson(phone);
  const refs = await Promise.all(callIds.map((id) => deps.store.refsOf(id)));
  const names = [phone, ...refs.flat().map(({ key }) => JSON.stringify(key))];
  const files = await readdir(config.spool.folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let count = 0;
  for (const file of files) {
    if (!file.isFile()) continue;
    const text = await readFile(join(file.parentPath, file.name), 'utf8').catch(() => '');
    count += text.split('\n').filter((line) => names.some((name) => line.includes(name))).length;
  }
  return count;
}
