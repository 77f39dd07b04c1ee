import type { Command } from '../../../src/domain/connector.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { isOn, refuse, say } from '../../shared/answers.ts';
import type { Five9 } from '../five9.ts';
import type { Contact } from '../soap/schema.ts';
import type { Column } from '../write/import-operations.ts';
import { standardFields } from './plan-contact-fields.ts';

/** What became of the contacts that had no key. */
export interface KeyCounts {
  read: number;
  keyed: number;
  filled: number;
  /** Several contacts share the first number, so none of them can be told apart. */
  shared: number;
  /** Nothing in number1. */
  withoutNumber: number;
  /** Five9 named another reason, or nothing changed. */
  refused: number;
  /** Lookups that gave as many contacts as Five9 gives at most. */
  atCap: number;
}

const lookupCap = 1000;
const pollSec = 5;

/** `keys`: gives our own key to contacts that have none. A key that is there is never changed. */
export function keysCommand(five9: Five9): Command {
  return {
    name: 'keys',
    summary: 'fills the key field of contacts that have nothing in it',
    arguments: [],
    options: [{ flags: '--apply', summary: 'writes the keys; without it they are only counted' }],
    async run(_words, options, output) {
      const { keyField } = five9.config;
      if (standardFields.has(keyField)) {
        return refuse(
          output,
          `the key field is ${keyField}, which is not ours to fill`,
          'Set `keyField` to a field of our own.',
        );
      }
      if (!(await five9.api.contactFields()).some(({ name }) => name === keyField)) {
        return refuse(output, `Five9 has no contact field ${keyField}`, `Run npx patchbay ${five9.id} fields --apply.`);
      }
      const isWritten = isOn(options, 'apply');
      const counts = await five9.deps.withLease(`five9:${five9.id}:keys`, (signal) =>
        keyContacts(five9, isWritten, signal),
      );
      if (!counts) return refuse(output, 'another process is filling keys', 'Wait until it is through.');
      say(output, counts, linesOf(counts, isWritten));
      return counts.shared + counts.withoutNumber + counts.refused + counts.atCap > 0 ? 1 : 0;
    },
  };
}

/** Goes through the parts of `sync.partitions`. Each part is read anew, so what has a key by then is left alone. */
async function keyContacts(five9: Five9, isWritten: boolean, signal: AbortSignal): Promise<KeyCounts> {
  const counts: KeyCounts = { read: 0, keyed: 0, filled: 0, shared: 0, withoutNumber: 0, refused: 0, atCap: 0 };
  const parts = five9.config.sync.partitions.flatMap(({ field, values }) =>
    values.map((value) => ({ [field]: value })),
  );
  for (const part of parts.length > 0 ? parts : [{}]) {
    const contacts = await five9.api.contacts(part, { signal, purpose: 'background' });
    assertShowsKeys(contacts, five9.config.keyField);
    counts.read += contacts.length;
    if (contacts.length >= lookupCap) counts.atCap += 1;
    const numbers = numbersToKey(five9, contacts, counts);
    const { rows, bulkRows } = five9.config.batch;
    // One batch import in the place of ten small ones: those are few, and write-backs need them.
    const isBulk = numbers.length > rows;
    const size = isBulk ? bulkRows : rows;
    for (let start = 0; isWritten && start < numbers.length; start += size) {
      await writeKeys(five9, numbers.slice(start, start + size), isBulk, counts, signal);
    }
  }
  return counts;
}

/** A field that Five9 leaves out of its answer would look empty, and keys that are there would be written over. */
function assertShowsKeys(contacts: readonly Contact[], keyField: string): void {
  if (contacts.every((contact) => keyField in contact)) return;
  throw new ConnectorError('dialer_odd', `Five9 gives contacts without their field ${keyField}`, {
    hint: 'Let the API user see the field (VCC Administrator → Contact Fields).',
  });
}

/** First numbers of contacts that have no key and share their number with none of this part. */
function numbersToKey(five9: Five9, contacts: readonly Contact[], counts: KeyCounts): string[] {
  const byNumber = Map.groupBy(contacts, (contact) => contact.number1 ?? '');
  const numbers: string[] = [];
  for (const [number, group] of byNumber) {
    const open = group.filter((contact) => !contact[five9.config.keyField]).length;
    counts.keyed += group.length - open;
    if (open === 0) continue;
    if (number === '') counts.withoutNumber += open;
    else if (group.length > 1) counts.shared += open;
    else numbers.push(number);
  }
  return numbers;
}

/** Five9 takes a number as key only where exactly one contact has it, here and in all other parts. */
async function writeKeys(
  five9: Five9,
  numbers: readonly string[],
  isBulk: boolean,
  counts: KeyCounts,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const columns: Column[] = [
    { field: 'number1', isKey: true },
    { field: five9.config.keyField, isKey: false },
  ];
  const rows = numbers.map((number) => [number, five9.deps.newId()]);
  const identifier = await five9.imports.updateContacts(columns, rows, isBulk).catch(sayWait);
  while (await five9.imports.isRunning(identifier, pollSec)) signal.throwIfAborted();
  const { applied, troubles } = await five9.imports.result('crm', identifier);
  const shared = troubles.filter(({ kind }) => kind === 'MultipleMatchesInContacts').length;
  const filled = Math.min(applied, numbers.length - shared);
  counts.shared += shared;
  counts.filled += filled;
  counts.refused += numbers.length - shared - filled;
}

/** The import may run all the same: a second one that overtakes its effect would give a contact another key. */
function sayWait(error: unknown): never {
  if (!(error instanceof ConnectorError) || !error.inDoubt) throw error;
  throw new ConnectorError(error.code, error.message, {
    cause: error,
    hint: 'The keys may be written all the same: wait ten minutes, then run the command again.',
  });
}

function linesOf(counts: KeyCounts, isWritten: boolean): string[] {
  const open = counts.read - counts.keyed - counts.shared - counts.withoutNumber;
  const lines = [`${counts.read} contacts read, ${counts.keyed} have a key`];
  lines.push(isWritten ? `${counts.filled} keys written` : `${open} keys to write: add --apply`);
  if (counts.shared > 0)
    lines.push(`${counts.shared} share their first number with another contact: merge them in Five9`);
  if (counts.withoutNumber > 0) lines.push(`${counts.withoutNumber} have no first number`);
  if (counts.refused > 0) lines.push(`${counts.refused} were not written by Five9: run the command again`);
  if (counts.atCap > 0) lines.push(`${counts.atCap} lookups gave 1,000 contacts, the cap: split \`sync.partitions\``);
  return lines;
}
