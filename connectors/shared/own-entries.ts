import type { ConnectorDeps } from '../../src/domain/connector.ts';

/** Which entries of a dialer's DNC lists are ours: only those are ever taken off again. */
export interface OwnEntries {
  /** Before the entry is made: a number that was there already must never be marked. */
  mark(list: string, number: string): Promise<void>;
  isMarked(list: string, number: string): Promise<boolean>;
  unmark(list: string, number: string): Promise<void>;
}

/** Kept by keyed hashes of the numbers, so that it outlives the person's data. */
export function ownEntries(deps: Pick<ConnectorDeps, 'readCursor' | 'writeCursor' | 'hashNumber'>): OwnEntries {
  const nameOf = (list: string, number: string) => `dnc-entry:${list}:${deps.hashNumber(number)}`;
  return {
    mark: (list, number) => deps.writeCursor(nameOf(list, number), 'ours'),
    isMarked: async (list, number) => (await deps.readCursor(nameOf(list, number))) === 'ours',
    unmark: (list, number) => deps.writeCursor(nameOf(list, number), ''),
  };
}
