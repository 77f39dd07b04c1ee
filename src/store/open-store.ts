import { assembleStore } from './assemble-store.ts';
import type { Store, StoreOptions } from './store.ts';

/**
 * Opens our own database and brings its tables up to date (or, with `migrate: false`, only checks them). Rejects when it
 * can't be reached, is locked for long, or was made by a newer version.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  // Loaded when needed: a process on SQLite does not carry mysql2.
  if (options.config.kind === 'sqlite') {
    const { openSqliteStore } = await import('./sqlite/open-sqlite-store.ts');
    return assembleStore(await openSqliteStore(options.config.file, options));
  }
  const { openMysqlStore } = await import('./mysql/open-mysql-store.ts');
  return assembleStore(await openMysqlStore(options.config, options));
}
