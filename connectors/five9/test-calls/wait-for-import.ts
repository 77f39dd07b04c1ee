import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Five9 } from '../five9.ts';
import type { ImportResult } from '../soap/schema.ts';
import type { ImportKind } from '../write/import-operations.ts';

const pollSec = 5;
const mostPolls = 12;

/** The result of a small import, waited for with somebody at the terminal. */
export async function waitForImport(
  { imports }: Pick<Five9, 'imports'>,
  identifier: string,
  kind: ImportKind = 'list',
): Promise<ImportResult> {
  for (let poll = 0; poll < mostPolls; poll += 1) {
    if (!(await imports.isRunning(identifier, pollSec))) return imports.result(kind, identifier);
  }
  throw new ConnectorError('dialer_away', 'Five9 does not come to an end with the import of one record', {
    inDoubt: true,
    hint: 'It is busy with other imports: wait, and look at the number in VCC Administrator → Lists.',
  });
}
