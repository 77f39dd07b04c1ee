import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Five9 } from '../five9.ts';
import type { FoundRow } from '../read/find-contact.ts';
import type { ImportKind } from '../soap/api.ts';
import { faultOf } from '../soap/errors.ts';
import { type Answers, answerAll, answerOfError } from './answers.ts';

const firstLookMs = 1000;

/** Faults that one bad row may have caused for its whole import. */
const rowFaults = new Set(['DispositionNotFound', 'InvalidImportData', 'IncorrectArgument', 'ImportSizeLimitExceeded']);

/**
 * Puts rows into imports that hold each contact once and at most the configured number of rows; a row in doubt goes
 * alone, so that its answer is about it alone.
 */
export function packImports(rows: readonly FoundRow[], maxRows: number): FoundRow[][] {
  const packs: FoundRow[][] = [];
  const open: { rows: FoundRow[]; keys: Set<string> }[] = [];
  for (const found of rows) {
    if (found.row.inDoubt) {
      packs.push([found]);
      continue;
    }
    let pack = open.find(({ rows, keys }) => rows.length < maxRows && !keys.has(found.key));
    if (!pack) {
      pack = { rows: [], keys: new Set() };
      open.push(pack);
      packs.push(pack.rows);
    }
    pack.rows.push(found);
    pack.keys.add(found.key);
  }
  return packs;
}

/**
 * Sends one import. Its lines are the rows in the order of their ids, so that the receipt `<kind>:<identifier>:<lines>`
 * is the same for all rows and `confirm` still knows each row's line. An import that is refused for one row's sake is
 * halved until that row stands alone.
 */
export async function submitImport(
  five9: Five9,
  answers: Answers,
  kind: ImportKind,
  pack: readonly FoundRow[],
  send: (lines: readonly FoundRow[]) => Promise<string>,
): Promise<void> {
  const lines = [...pack].sort((a, b) => (a.row.id < b.row.id ? -1 : 1));
  const rows = lines.map(({ row }) => row);
  try {
    const identifier = await send(lines);
    const at = new Date(five9.deps.clock.now() + firstLookMs).toISOString();
    answerAll(answers, rows, { kind: 'submitted', receipt: writeReceipt(kind, identifier, lines.length), at });
  } catch (error) {
    if (lines.length > 1 && isOneRowsFault(error)) {
      const half = Math.ceil(lines.length / 2);
      await submitImport(five9, answers, kind, lines.slice(0, half), send);
      await submitImport(five9, answers, kind, lines.slice(half), send);
    } else answerAll(answers, rows, answerOfError(five9, error));
  }
}

/**
 * Rows that may wait for company do so, `batch.flushMs` after the oldest at most: the asynchronous imports of a day are
 * few. A full import, a row in doubt and one that was tried before go at once.
 */
export function gather(five9: Five9, rows: readonly FoundRow['row'][]): DeliveryAnswer | null {
  const { rows: full, flushMs } = five9.config.batch;
  if (rows.length >= full || rows.some((row) => row.inDoubt || row.attempts > 0)) return null;
  const oldest = Math.min(...rows.map((row) => Date.parse(row.createdAt)));
  const flushAt = oldest + flushMs;
  if (five9.deps.clock.now() >= flushAt) return null;
  return { kind: 'notYet', until: new Date(flushAt).toISOString(), why: 'waits for more rows for its import' };
}

export interface Receipt {
  kind: ImportKind;
  identifier: string;
  lines: number;
}

export function writeReceipt(kind: ImportKind, identifier: string, lines: number): string {
  return `${kind}:${identifier}:${lines}`;
}

export function readReceipt(receipt: string): Receipt | null {
  const match = /^(disp|crm|list):(.+):(\d+)$/.exec(receipt);
  if (!match) return null;
  return { kind: match[1] as ImportKind, identifier: match[2] ?? '', lines: Number(match[3]) };
}

function isOneRowsFault(error: unknown): boolean {
  return error instanceof ConnectorError && rowFaults.has(faultOf(error)?.fault ?? '');
}
