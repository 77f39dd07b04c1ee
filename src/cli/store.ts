import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import type { PatchbayConfig } from '../../config/schema.ts';
import { ConnectorError } from '../domain/errors.ts';
import { endWaitAfterRestore } from '../flows/wait-after-restore.ts';
import type { CliContext } from './context.ts';
import { loadOrReport } from './load-or-report.ts';
import { operatorName } from './operator.ts';
import { withApp } from './with-app.ts';

export function addStoreCommand(program: Command, context: CliContext): void {
  const store = program.command('store').description('back up, check, put back and move the database');
  store
    .command('backup')
    .description('write a backup while the service runs')
    .requiredOption('--to <file>', 'a new file that only you can read')
    .action((options: { to: string }) => withConfig(context, (config) => backUp(context, config, options.to)));
  store
    .command('check')
    .description('look whether a backup is whole, and what it holds')
    .argument('<file>', 'a backup')
    .action((file: string) => check(context, file));
  store
    .command('restore')
    .description('put a backup of a SQLite database in its place; the service must be stopped')
    .argument('<file>', 'a backup')
    .action((file: string) => withConfig(context, (config) => restore(context, config, file)));
  store
    .command('restored')
    .description('say that an older database was put back, so that nothing is written twice')
    .option('--go-on', 'write what waits for a reconciliation since then, without one')
    .action((options: { goOn?: boolean }) => (options.goOn ? goOn(context) : restored(context)));
  store
    .command('move')
    .description('move everything from a SQLite file to an empty MariaDB or MySQL; the service must be stopped')
    .requiredOption('--to <config>', 'a configuration file with the new store')
    .action((options: { to: string }) => withConfig(context, (config) => move(context, config, options.to)));
}

async function withConfig(context: CliContext, work: (config: PatchbayConfig) => Promise<void>): Promise<void> {
  const config = await loadOrReport(context);
  if (config) await work(config);
}

async function backUp(context: CliContext, { store, spool }: PatchbayConfig, to: string): Promise<void> {
  if (store.kind === 'sqlite') {
    const { backUpSqlite } = await import('../store/upkeep/back-up.ts');
    await backUpSqlite({ file: store.file, spool: spool.folder, to });
    context.out(`Written to ${to}. Look at it: patchbay store check ${to}`);
    return;
  }
  const { host, port, user, database } = store;
  const { lookAtStore } = await import('../store/look-at-store.ts');
  const state = await lookAtStore(store);
  const dump = await programNamed(['mariadb-dump', 'mysqldump'], context.environment.variables.PATH ?? '');
  context.out('The server makes its own backups. While the service runs:');
  context.out(
    `  (umask 077; ${dump || 'mariadb-dump'} --single-transaction --quick --host=${host} --port=${port} --user=${user} --password --result-file=${to} ${database})`,
  );
  context.out(`Then copy ${spool.folder} of each process, and look at the file: patchbay store check ${to}`);
  if (!dump) context.err('Neither mariadb-dump nor mysqldump is on this machine: run it where one is.');
  if (state.kind !== 'ready')
    context.err(`The store is not ready: ${state.kind === 'broken' ? state.why : state.kind}`);
  if (!dump || state.kind !== 'ready') context.exit(1);
}

async function check(context: CliContext, file: string): Promise<void> {
  const { checkDump, isDump } = await import('../store/upkeep/check-dump.ts');
  if (await isDump(file)) {
    const { missing } = await checkDump(file);
    for (const what of missing) context.err(`Not whole: ${what}`);
    if (missing.length > 0) return context.exit(1);
    return context.out('The dump is whole: it has all of our tables, and its end.');
  }
  const { checkBackup } = await import('../store/upkeep/back-up.ts');
  const { faults, level, missing, tables } = await checkBackup(file);
  for (const fault of faults) context.err(`Not whole: ${fault}`);
  context.out(`Tables of ${level}${missing.length > 0 ? `; this version brings them up to date when it starts` : ''}.`);
  for (const { table, count } of tables) if (count > 0) context.out(`${table}: ${count}`);
  if (faults.length > 0) context.exit(1);
  else context.out('The backup is whole.');
}

async function restore(context: CliContext, { store, spool }: PatchbayConfig, from: string): Promise<void> {
  if (store.kind !== 'sqlite') {
    throw new ConnectorError('bad_request', 'the store is a server: it takes its own backups back', {
      hint: 'Stop every process, load the dump into an empty database, then run: patchbay store restored',
    });
  }
  const { checkBackup } = await import('../store/upkeep/back-up.ts');
  const { putBack } = await import('../store/upkeep/put-back.ts');
  const { mustNotRun } = await import('../store/upkeep/sqlite-source.ts');
  const { faults } = await checkBackup(from);
  if (faults.length > 0) {
    throw new ConnectorError('bad_request', `${from} is not whole: ${faults[0]}`, { hint: 'Take another backup.' });
  }
  const isThere = await access(store.file).then(
    () => true,
    () => false,
  );
  if (isThere) mustNotRun(store.file);
  const { copySpool } = await import('../store/spool/copy-spool.ts');
  // First: cut off behind it, a start drains it into the database that was there, which loses nothing either.
  await copySpool(`${from}.spool`, spool.folder);
  const old = await putBack({ file: store.file, from, at: new Date().toISOString() });
  if (old) context.out(`The database that was there is kept: ${old}`);
  await restored(context);
}

/** Tables of an older release are brought up to date first, as the next start would do. May be done again. */
async function restored(context: CliContext): Promise<void> {
  await withApp(
    context,
    async ({ deps }) => {
      const now = new Date(deps.clock.now()).toISOString();
      const count = await deps.store.doubtOpenRows(now);
      const details = { writeBacks: String(count) };
      await deps.store.appendAudit({ at: now, by: operatorName(), act: 'store-restored', subject: 'store', details });
      context.out(`${count} write-backs wait; each is looked at in its dialer before it is written.`);
      context.out('Start the service, then catch up on what was told meanwhile: patchbay reconcile');
      context.out('Until then dispositions, callbacks and fields of calls before now are not written; opt-outs are.');
    },
    { migrate: true },
  );
}

async function goOn(context: CliContext): Promise<void> {
  await withApp(context, async ({ deps }) => {
    const by = operatorName();
    if (!(await endWaitAfterRestore(deps, { by, settlement: 'go on' }))) return context.out('Nothing waits for that.');
    const at = new Date(deps.clock.now()).toISOString();
    await deps.store.appendAudit({ at, by, act: 'store-restored', subject: 'store', details: { goOn: 'yes' } });
    context.out('Dispositions and fields of calls before the restore are written within a minute.');
  });
}

async function move(context: CliContext, config: PatchbayConfig, file: string): Promise<void> {
  const loaded = await loadConfig({ file, env: context.environment.variables, registry: context.registry });
  if (loaded.kind === 'faults') {
    context.err(loaded.report);
    return context.exit(1);
  }
  const { store: to, spool } = loaded.config;
  if (config.store.kind !== 'sqlite' || to.kind !== 'mysql') {
    throw new ConnectorError('bad_request', 'a move goes from a SQLite file to a MariaDB or MySQL', {
      hint: '--config names the configuration with the file, --to the one with the server.',
    });
  }
  const { moveStore } = await import('../store/upkeep/move-store.ts');
  await moveStore(config.store, to, {
    onCopied: ({ table, rows }) => rows > 0 && context.err(`${table}: ${rows} rows copied`),
    onSame: ({ table, rows }) => rows > 0 && context.out(`${table}: ${rows} rows, the same on both sides`),
  });
  // A spool is files on this machine: it is drained into whatever store its next process has.
  if (spool.folder !== config.spool.folder) {
    const { copySpool } = await import('../store/spool/copy-spool.ts');
    await copySpool(config.spool.folder, spool.folder);
    context.out(`What waited in ${config.spool.folder} was copied to ${spool.folder}.`);
  }
  context.out(`Everything is there. Start the service with ${file}; the old file was not changed.`);
}

async function programNamed(names: readonly string[], path: string): Promise<string> {
  for (const name of names) {
    for (const folder of path.split(delimiter).filter(Boolean)) {
      const found = await access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return name;
    }
  }
  return '';
}
