import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import { ownTries, type WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9Config } from '../config.ts';
import { numberOf } from '../numbers.ts';
import type { ImportResult } from '../soap/schema.ts';
import type { Answers } from './answers.ts';
import type { ImportKind } from './import-operations.ts';

type Trouble = ImportResult['troubles'][number];
type Config = Pick<Five9Config, 'numberFormat'> & { fields: Pick<Five9Config['fields'], 'callbackMark'> };

/** Says nothing against the row: it only tells how the contact was matched. */
const remarks = new Set(['OneMatchInContacts']);

const refusals: Readonly<Record<string, { why: string; hint: string }>> = {
  ParseError: {
    why: 'Five9 could not read a value of this row',
    hint: 'Check the types of the mapped contact fields and the form of the number.',
  },
  AllKeyFieldsAreEmpty: {
    why: 'the key of the contact is empty',
    hint: 'Fill the `keyField` of the contact in Five9.',
  },
  NoMatchesInContacts: {
    why: 'Five9 has no contact with this key',
    hint: 'Add the contact in Five9, then replay the row.',
  },
  MultipleMatchesInContacts: {
    why: 'several contacts have this key',
    hint: 'Make a contact field of your own the unique `keyField`, or remove the duplicates; then replay the row.',
  },
};

/** Waits between the tries of such a row. They are few, as each may cost an import: Five9 takes 2,000 a day. */
const troubleWaitsMs = [60_000, 600_000];

/**
 * Tells each row what became of it. Troubles are judged by kind, never by message, and belong to a row by their key, or
 * else by the line: lines are the rows in the order of their ids. Counts must add up; where they don't, rows that nothing
 * is said about are in doubt and go again, alone.
 *
 * @param lines how many rows the import had; fewer are handed in when the core settles them in parts
 */
export function settleImport(
  kind: ImportKind,
  rows: readonly WriteBack[],
  lines: number,
  result: ImportResult,
  config: Config,
): Answers {
  const answers: Answers = new Map();
  const rowOf = rowFinder(rows, lines, config);
  const troubles = result.troubles.filter((trouble) => !remarks.has(trouble.kind));
  const strays: Trouble[] = [];
  for (const trouble of troubles) {
    const row = rowOf(trouble.key, trouble.rowNumber);
    if (row) answers.set(row.id, answerOfTrouble(trouble.kind, ownTries(row)));
    else strays.push(trouble);
  }

  const isAddedUp = addsUp(result, troubles, lines);
  const named = new Set(
    result.importedRows
      .filter((row) => row.result.length > 0)
      .map((imported) => rowOf(imported.key, imported.lineNumber)?.id),
  );
  const isWhole = rows.length === lines;
  for (const row of rows) {
    if (answers.has(row.id)) continue;
    const isSure = strays.length === 0 || (!isWhole && row.target.leadKey !== '' && strays.every(hasKey));
    if ((isAddedUp && isSure) || named.has(row.id))
      answers.set(row.id, { kind: 'done', note: 'the import is through' });
    else answers.set(row.id, lines === 1 ? aloneWithoutEffect(kind, row, result, config) : inDoubt());
  }
  return answers;
}

/**
 * Each line is either changed or troubled, and each error, duplicate and warning that is counted is told. More changes than
 * lines are as suspicious as fewer: one row that changed two records may hide one that changed none.
 */
function addsUp(result: ImportResult, troubles: readonly Trouble[], lines: number): boolean {
  if (!result.isSuccess || result.errors > troubles.length) return false;
  if (lines === 1) return result.applied >= 1;
  const troubled = new Set(troubles.map(({ key, rowNumber }) => key.join('\n') || `line ${rowNumber}`)).size;
  const told = new Map<string, number>();
  for (const { kind } of result.troubles) told.set(kind, (told.get(kind) ?? 0) + 1);
  const isEachTold =
    result.duplicates <= (told.get('DuplicateKey') ?? 0) &&
    result.warnings.every(({ kind, count }) => remarks.has(kind) || count <= (told.get(kind) ?? 0));
  return isEachTold && result.applied + troubled === lines;
}

/** One row alone, no trouble, and no record changed. */
function aloneWithoutEffect(kind: ImportKind, row: WriteBack, result: ImportResult, config: Config): DeliveryAnswer {
  if (!result.isSuccess || result.errors > 0) {
    const hint = 'Check that the campaign, the disposition, the list and the mapped fields exist in Five9.';
    return { kind: 'refused', why: 'Five9 refused the import of this row without naming a reason', hint };
  }
  if (kind === 'disp') {
    // Counts can be wrong: the contact is looked at once before the row is given up.
    if (ownTries(row) === 0) return inDoubt();
    const hint =
      "Put the contact into a list of this campaign, or correct the script's `campaign`; then replay the row.";
    return { kind: 'refused', why: 'no list of the campaign holds this contact, so no record was changed', hint };
  }
  // A record that is in the list already counts as nothing new; where a mark is written, that would have counted.
  if (kind === 'list' && !config.fields.callbackMark) return { kind: 'done', note: 'the record was in the list' };
  return inDoubt();
}

function answerOfTrouble(kind: string, tries: number): DeliveryAnswer {
  const refusal = refusals[kind];
  if (refusal) return { kind: 'refused', ...refusal };
  const told = `Five9 reported ${kind || 'a trouble'} for this row`;
  const why = kind === 'InternalImportError' ? `${told}, an error of its own` : told;
  const afterMs = troubleWaitsMs[tries];
  if (afterMs !== undefined) return { kind: 'retry', why, afterMs, inDoubt: true };
  const hint = 'Look at the contact in Five9, then replay the row. Ask Five9 support when nothing is wrong with it.';
  return { kind: 'refused', why: `${why}, again and again`, hint };
}

function inDoubt(): DeliveryAnswer {
  return { kind: 'retry', why: "the import's counts do not add up for this row", afterMs: 0, inDoubt: true };
}

/** Finds the row that a result speaks of: by its key, else by its line when all rows of the import are at hand. */
function rowFinder(rows: readonly WriteBack[], lines: number, config: Config) {
  const byLine = [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
  const byKey = Map.groupBy(rows, ({ target }) => target.leadKey || numberOf(target, config.numberFormat));
  return (key: readonly string[], line: number): WriteBack | undefined => {
    const keyed = new Set(key.filter(Boolean).flatMap((value) => byKey.get(value) ?? []));
    if (keyed.size === 1) return [...keyed][0];
    return byLine.length === lines ? byLine[line - 1] : undefined;
  };
}

function hasKey({ key }: Trouble): boolean {
  return key.some(Boolean);
}
