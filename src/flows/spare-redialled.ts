import type { DeliveryAnswer } from '../domain/delivery.ts';
import { messageOf } from '../domain/errors.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';
import { waitsAfterRestore } from './wait-after-restore.ts';
import { noOthers, type OtherWords, wordsOfRecords } from './words-of-records.ts';

const firstLookMs = 3000;
const longestLookMs = 60_000;
/** A row that waits for an earlier call is looked at again after this share of the time that it has waited. */
const lookShare = 1 / 8;
/** Where every lead was called several times, a backlog's other rows at once would be a hundred megabytes. */
const rowsAtOnce = 256;
/** A dialer's clock may differ from ours by so much. */
const clocksApartMs = 86_400_000;

/**
 * Rows as they may be sent where their record had several calls, whose words follow each other as the calls did. Fields lose
 * the names of which a later call has a word; a disposition or callback goes on with `hasLaterCall`, as a dialer may keep
 * dispositions per call; a callback, or its removal, gives way to the callback of a later call. And a row waits while one of
 * an earlier call may still reach the dialer, which would undo it. `spared`: the answers of rows that are not to be sent now.
 */
export async function spareRedialled<Row extends WriteBack>(
  deps: Pick<Deps, 'store' | 'clock'>,
  rows: readonly Row[],
): Promise<{ rows: Row[]; spared: Map<string, DeliveryAnswer> }> {
  const sent: Row[] = [];
  const spared = new Map<string, DeliveryAnswer>();
  const soon = new Date(deps.clock.now() + firstLookMs).toISOString();
  let othersOf: (row: WriteBack) => OtherWords;
  let waits: (row: WriteBack) => DeliveryAnswer | null;
  try {
    [othersOf, waits] = await Promise.all([askForOthers(deps, rows), waitsAfterRestore(deps, rows.filter(isByTurns))]);
  } catch (error) {
    // It says nothing about the dialer, and costs the rows no try.
    const wait: DeliveryAnswer = {
      kind: 'notYet',
      until: soon,
      why: `other calls were not looked up: ${messageOf(error)}`,
    };
    for (const row of rows) {
      if (isByTurns(row)) spared.set(row.id, wait);
      else sent.push(row);
    }
    return { rows: sent, spared };
  }
  for (const row of rows) {
    const others = othersOf(row);
    if (others.isEarlierOpen) {
      const until = nextLook(deps, row);
      spared.set(row.id, { kind: 'notYet', until, why: 'waits for what an earlier call of the record wrote' });
      continue;
    }
    const left = behind(row, others);
    const wait = left && isByTurns(left) ? waits(left) : null;
    if (wait) spared.set(row.id, wait);
    else if (left) sent.push(left);
    else spared.set(row.id, { kind: 'done', note: 'a later call has its own' });
  }
  return { rows: sent, spared };
}

/** Many that wait behind a long outage are not all looked at again every few seconds. */
function nextLook({ clock }: Pick<Deps, 'clock'>, { createdAt }: WriteBack): string {
  const waitMs = (clock.now() - Date.parse(createdAt)) * lookShare;
  return new Date(clock.now() + Math.min(longestLookMs, Math.max(firstLookMs, waitMs))).toISOString();
}

/** What other calls want of the same places in the same records. */
async function askForOthers(
  { store }: Pick<Deps, 'store'>,
  rows: readonly WriteBack[],
): Promise<(row: WriteBack) => OtherWords> {
  const batch = new Map(rows.map((row) => [row.id, row]));
  const asked = rows.filter(isByTurns);
  const told = new Map<string, OtherWords>();
  for (let start = 0; start < asked.length; start += rowsAtOnce) {
    const part = asked.slice(start, start + rowsAtOnce);
    const othersOf = wordsOfRecords(await rowsOfRecordsOf(store, part), batch);
    for (const row of part) told.set(row.id, othersOf(row));
  }
  return ({ id }) => told.get(id) ?? noOthers;
}

function rowsOfRecordsOf(store: Deps['store'], rows: readonly WriteBack[]): Promise<WriteBack[]> {
  const earliest = rows.map(({ target }) => target.calledAt).reduce((one, other) => (other < one ? other : one));
  return store.rowsOfRecords({
    dialer: rows[0]?.dialer ?? '',
    leadKeys: rows.map(({ target }) => target.leadKey),
    phones: rows.map(({ target }) => target.phone),
    since: new Date(Date.parse(earliest) - clocksApartMs).toISOString(),
  });
}

function isByTurns({ aspect, target }: WriteBack): boolean {
  return aspect !== 'dnc' && target.calledAt !== '';
}

/**
 * The row as it goes behind those of later calls; null when nothing is left of it. One in doubt goes on all the same: what
 * it sent before may be under way, and only its dialer's connector knows for how long.
 */
function behind<Row extends WriteBack>(row: Row, { later, hasLaterCallback }: OtherWords): Row | null {
  if (hasLaterCallback) return row.inDoubt ? { ...row, hasLaterCallback } : null;
  if (later.size === 0) return row;
  if (row.desired.aspect !== 'fields') return { ...row, hasLaterCall: true };
  const left = Object.entries(row.desired.fields).filter(([name]) => !later.has(name));
  if (left.length === 0 && !row.inDoubt) return null;
  return { ...row, desired: { ...row.desired, fields: Object.fromEntries(left) }, hasLaterCall: true };
}
