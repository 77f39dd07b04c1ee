import type { Instant } from '../../../src/domain/call.ts';
import type { DeliveryAnswer, KeepAnswers } from '../../../src/domain/delivery.ts';
import { ConnectorError, messageOf } from '../../../src/domain/errors.ts';
import type { Five9Config } from '../config.ts';
import type { Five9, Five9Memory, OpenImport } from '../five9.ts';
import type { FoundRow } from '../read/find-contact.ts';
import { faultOf } from '../soap/errors.ts';
import { type Answers, answerAll, answerOfError } from './answers.ts';
import type { ImportKind } from './import-operations.ts';

export const firstLookMs = 1000;
/** Where Five9 tells us, asking is only for the case that it does not. */
const toldFirstLookMs = 60_000;

/** Faults that one bad row may have caused for its whole import. */
const rowFaults = new Set(['DispositionNotFound', 'InvalidImportData', 'IncorrectArgument', 'ImportSizeLimitExceeded']);

/** So many imports in one round may be spent on rows in doubt: Five9 takes 2,000 a day of both kinds. */
const doubtImports = 100;
const maxOpenImports = 5000;

type BatchSizes = Pick<Five9Config['batch'], 'rows' | 'bulkFrom' | 'bulkRows'>;

/** One import's worth of rows, and whether it goes by the batch operation. */
export interface Pack {
  rows: FoundRow[];
  isBulk: boolean;
}

/** How an import is sent, and whether Five9 tells us in the end. */
export interface Sending {
  kind: ImportKind;
  isTold: boolean;
  keep: KeepAnswers;
  send(lines: readonly FoundRow[]): Promise<string>;
}

/**
 * Puts rows into imports that hold each contact once: up to `batch.rows`, or `batch.bulkRows` where there are
 * `batch.bulkFrom` of them. A row in doubt goes alone, so that its answer is about it alone; of very many each import takes
 * a hundredth, and what stays in doubt is less in the next round.
 *
 * @param planned the size of the import that each row in doubt was meant for, by its id: rows that a limit kept from being
 *   sent keep to it, or their number would shrink with every wait and the imports with it
 */
export function packImports(
  batch: BatchSizes,
  rows: readonly FoundRow[],
  planned: Five9Memory['doubtSizes'] = new Map(),
): Pack[] {
  const { rows: small, bulkFrom, bulkRows } = batch;
  const sure = rows.filter(({ row }) => !row.inDoubt);
  const doubtful = rows.filter(({ row }) => row.inDoubt);
  const fresh = doubtful.filter(({ row }) => !planned.has(row.id));
  const size = Math.min(Math.ceil(fresh.length / doubtImports), fresh.length >= bulkFrom ? bulkRows : small);
  for (const { row } of fresh) planned.set(row.id, size);
  const isBulk = sure.length >= bulkFrom;
  const packs = fill(sure, isBulk ? bulkRows : small).map((pack) => ({ rows: pack, isBulk }));
  for (const [sizeOf, group] of Map.groupBy(doubtful, ({ row }) => planned.get(row.id) ?? 1)) {
    packs.push(...fill(group, sizeOf).map((pack) => ({ rows: pack, isBulk: pack.length > small })));
  }
  return packs;
}

function fill(rows: readonly FoundRow[], size: number): FoundRow[][] {
  const open: { rows: FoundRow[]; keys: Set<string> }[] = [];
  for (const found of rows) {
    let pack = open.find(({ rows, keys }) => rows.length < size && !keys.has(found.key));
    if (!pack) {
      pack = { rows: [], keys: new Set() };
      open.push(pack);
    }
    pack.rows.push(found);
    pack.keys.add(found.key);
  }
  return open.map((pack) => pack.rows);
}

/**
 * Sends one import, and keeps its receipt before anything else is sent. Its lines are the rows in the order of their ids, so
 * that the receipt `<kind>:<identifier>:<lines>` is the same for all rows and `confirm` still knows each row's line. An
 * import that is refused for one row's sake goes again without the rows that Five9 names; else it is halved until the row
 * stands alone. Rejects when the receipt can't be kept.
 */
export async function submitImport(
  five9: Five9,
  answers: Answers,
  pack: readonly FoundRow[],
  sending: Sending,
): Promise<void> {
  const lines = [...pack].sort((a, b) => (a.row.id < b.row.id ? -1 : 1));
  const rows = lines.map(({ row }) => row);
  let identifier: string;
  try {
    identifier = await sending.send(lines);
  } catch (error) {
    // Nothing more of this batch may be sent, and nothing of it was.
    if (endsBatch(error) && !error.inDoubt) throw error;
    const { blamed, parts } = afterRefusal(lines, error);
    const answer = answerOfError(five9, error);
    if (answer.kind !== 'notYet') forgetDoubts(five9, blamed);
    answerAll(answers, blamed, answer);
    for (const part of parts) await submitImport(five9, answers, part, sending);
    return;
  }
  five9.deps.failAt('import.sent');
  forgetDoubts(five9, rows);
  const receipt = writeReceipt(sending.kind, identifier, lines.length);
  rememberImport(five9, identifier, { receipt, looks: 0, isTold: sending.isTold });
  const at = new Date(five9.deps.clock.now() + (sending.isTold ? toldFirstLookMs : firstLookMs)).toISOString();
  answerAll(answers, rows, { kind: 'submitted', receipt, at });
  await keepReceipt(sending.keep, answers, rows);
}

/** The store is away, another process has the rows, or people in charge hold them back. */
export function endsBatch(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && (error.code === 'store_away' || error.code === 'held_back');
}

/** The rows that an error speaks of, and those that are worth sending again, in parts. */
function afterRefusal(
  lines: readonly FoundRow[],
  error: unknown,
): { blamed: FoundRow['row'][]; parts: readonly FoundRow[][] } {
  const name = faultOf(error)?.members.dispositionName;
  const isNamed = ({ row: { desired } }: FoundRow) => desired.aspect === 'disposition' && desired.disposition === name;
  const others = lines.filter((line) => !isNamed(line));
  if (others.length < lines.length) {
    return { blamed: lines.filter(isNamed).map(({ row }) => row), parts: others.length > 0 ? [others] : [] };
  }
  if (lines.length === 1 || !isOneRowsFault(error)) return { blamed: lines.map(({ row }) => row), parts: [] };
  const half = Math.ceil(lines.length / 2);
  return { blamed: [], parts: [lines.slice(0, half), lines.slice(half)] };
}

/** Whatever is in doubt from now on is another import. */
export function forgetDoubts({ memory }: Five9, rows: readonly FoundRow['row'][]): void {
  for (const { id } of rows) {
    memory.doubtSizes.delete(id);
    memory.doubts.delete(id);
  }
}

/** Writes that follow would be sent without a trace while our store is away: none is. */
async function keepReceipt(keep: KeepAnswers, answers: Answers, rows: readonly FoundRow['row'][]): Promise<void> {
  const kept = new Map<string, DeliveryAnswer>();
  for (const { id } of rows) {
    const answer = answers.get(id);
    if (answer) kept.set(id, answer);
  }
  try {
    await keep(kept);
  } catch (error) {
    throw new ConnectorError('store_away', `the receipt of an import could not be kept: ${messageOf(error)}`, {
      retryable: true,
      hint: 'Check the store of Patchbay.',
      cause: error,
    });
  }
}

/** What a completion callback is compared with. The oldest go first: they are asked about all the same. */
function rememberImport({ memory: { openImports } }: Five9, identifier: string, open: OpenImport): void {
  if (openImports.size >= maxOpenImports) openImports.delete(openImports.keys().next().value ?? '');
  openImports.set(identifier, open);
}

export interface Receipt {
  kind: ImportKind;
  identifier: string;
  lines: number;
  /** Of an agent's word that the import puts back; empty for an import of ours. */
  putBackAt: Instant;
}

export function writeReceipt(kind: ImportKind, identifier: string, lines: number, putBackAt = ''): string {
  return `${kind}:${identifier}:${lines}${putBackAt && `@${Date.parse(putBackAt)}`}`;
}

export function readReceipt(receipt: string): Receipt | null {
  const match = /^(disp|crm|list):(.+):(\d+)(?:@(\d{1,15}))?$/.exec(receipt);
  if (!match) return null;
  const putBackAt = match[4] ? new Date(Number(match[4])).toISOString() : '';
  return { kind: match[1] as ImportKind, identifier: match[2] ?? '', lines: Number(match[3]), putBackAt };
}

function isOneRowsFault(error: unknown): boolean {
  return error instanceof ConnectorError && rowFaults.has(faultOf(error)?.fault ?? '');
}
