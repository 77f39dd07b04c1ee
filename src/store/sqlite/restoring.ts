import { existsSync } from 'node:fs';
import { ConnectorError } from '../../domain/errors.ts';

/** Where a backup lies while it takes the place of a database. */
export function restoringFile(file: string): string {
  return `${file}.restoring`;
}

/** Rejects while a backup takes the place of the database: a service that starts now would begin with an empty one. */
export function mustNotBeRestoring(file: string): void {
  if (!existsSync(restoringFile(file))) return;
  throw new ConnectorError('config_invalid', `a restore of the database ${file} was cut off`, {
    hint: 'Run `patchbay store restore` with the backup again.',
  });
}
