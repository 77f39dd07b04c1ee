import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { JsonFields, MadeThing, SetupRun } from '../../../../src/domain/setup.ts';

/**
 * Makes one change, noted before it is made. One that was refused made nothing; one that is in doubt stays noted, so that
 * undo looks for it.
 */
export async function change<T>(
  run: SetupRun,
  what: string,
  undoData: JsonFields,
  make: () => Promise<T>,
  more: (made: T) => JsonFields = () => ({}),
): Promise<T> {
  const begun = await run.begin(what, undoData);
  try {
    const made = await make();
    await begun.made(more(made));
    return made;
  } catch (error) {
    const isInDoubt = !(error instanceof ConnectorError) || error.inDoubt;
    if (!isInDoubt) await begun.dropped();
    throw error;
  }
}

/** A text of what was kept; empty when it is none. */
export function textOf({ undoData }: MadeThing, name: string): string {
  const value = undoData[name];
  return typeof value === 'string' ? value : '';
}

/** True where the API has no way for what was asked; anything else is thrown on. */
export function hasNoWay(error: unknown): true {
  if (error instanceof ConnectorError && error.code === 'platform_refused') return true;
  throw error;
}
