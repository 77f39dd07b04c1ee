import type { DeliveryAnswer } from '../domain/delivery.ts';
import { messageOf } from '../domain/errors.ts';
import { overtakenWhy, type WriteBack, type WriteBackState } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';

const lookAgainMs = 3000;
/** A dialer's clock may differ from ours by so much. */
const clocksApartMs = 86_400_000;
/** A row that ended so brought no word to the dialer, and brings none. */
const wordless: readonly WriteBackState[] = ['held', 'superseded'];

/**
 * Rows as they may be sent where their record had several calls, whose words follow each other as the calls did. Fields lose
 * the names of which a later call has a word; a disposition goes on with `hasLaterCall`, as a dialer may keep them per call.
 * And a row waits while one of an earlier call may still reach the dialer, which would undo it. `spared`: the answers of
 * rows that are not to be sent now.
 */
export async function spareRedialled<Row extends WriteBack>(
  deps: Pick<Deps, 'store' | 'clock'>,
  rows: readonly Row[],
): Promise<{ rows: Row[]; spared: Map<string, DeliveryAnswer> }> {
  const sent: Row[] = [];
  const spared = new Map<string, DeliveryAnswer>();
  const until = new Date(deps.clock.now() + lookAgainMs).toISOString();
  let rivalsOf: (row: WriteBack) => WriteBack[];
  try {
    rivalsOf = await findRivals(deps, rows);
  } catch (error) {
    // It says nothing about the dialer, and costs the rows no try.
    const wait: DeliveryAnswer = { kind: 'notYet', until, why: `other calls were not looked up: ${messageOf(error)}` };
    for (const row of rows) {
      if (isByTurns(row)) spared.set(row.id, wait);
      else sent.push(row);
    }
    return { rows: sent, spared };
  }
  const batch = new Map(rows.map((row) => [row.id, row]));
  for (const row of rows) {
    const rivals = rivalsOf(row);
    if (rivals.some((rival) => isEarlier(rival, row) && mayComeYet(rival, batch.get(rival.id)))) {
      spared.set(row.id, { kind: 'notYet', until, why: 'waits for what an earlier call of the record wrote' });
      continue;
    }
    const later = rivals.filter((rival) => isEarlier(row, rival) && hasWord(rival));
    const left = later.length > 0 ? behind(row, later) : row;
    if (left) sent.push(left);
    else spared.set(row.id, { kind: 'done', note: 'a later call has its own' });
  }
  return { rows: sent, spared };
}

/** Rows of other calls that want something else of the same place in the same record. */
async function findRivals(
  { store }: Pick<Deps, 'store'>,
  rows: readonly WriteBack[],
): Promise<(row: WriteBack) => WriteBack[]> {
  const asked = rows.filter(isByTurns);
  const [first] = asked;
  if (!first) return () => [];
  const earliest = asked.map(({ target }) => target.calledAt).reduce((one, other) => (other < one ? other : one));
  const others = await store.rowsOfRecords({
    dialer: first.dialer,
    leadKeys: asked.map(({ target }) => target.leadKey),
    phones: asked.map(({ target }) => target.phone),
    since: new Date(Date.parse(earliest) - clocksApartMs).toISOString(),
  });
  const ofLead = Map.groupBy(others, ({ target }) => target.leadKey);
  const ofPhone = Map.groupBy(others, ({ target }) => target.phone);
  return (row) => {
    if (!isByTurns(row)) return [];
    const near = new Set([...(ofLead.get(row.target.leadKey) ?? []), ...(ofPhone.get(row.target.phone) ?? [])]);
    return [...near].filter((other) => isRival(row, other));
  };
}

function isByTurns({ aspect, target }: WriteBack): boolean {
  return (aspect === 'disposition' || aspect === 'fields') && target.calledAt !== '';
}

function isRival(row: WriteBack, other: WriteBack): boolean {
  if (other.correlationId === row.correlationId || !isSameRecord(row, other)) return false;
  if (row.desired.aspect === 'fields' && other.desired.aspect === 'fields') {
    return Object.keys(row.desired.fields).some((name) => name in fieldsOf(other));
  }
  // A dialer may keep one per campaign.
  return (
    row.aspect === 'disposition' && other.aspect === 'disposition' && row.target.campaign === other.target.campaign
  );
}

/** A mirrored row names no lead: its dialer finds the record by the number. */
function isSameRecord({ target: one }: WriteBack, { target: other }: WriteBack): boolean {
  if (one.leadKey && other.leadKey) return one.leadKey === other.leadKey;
  return one.phone !== '' && one.phone === other.phone;
}

function isEarlier(one: WriteBack, other: WriteBack): boolean {
  return one.target.calledAt !== '' && one.target.calledAt < other.target.calledAt;
}

/** Not where it is the mapping or a person that keeps it from the dialer. One that a human agent overtook is a later word too. */
function hasWord({ state, why }: WriteBack): boolean {
  return !wordless.includes(state) && (state !== 'cancelled' || why === overtakenWhy);
}

/**
 * What was sent, may have been, or is being sent by another worker, who may not know of a later call.
 *
 * @param here the same row where it is one of this batch, and gives way to later ones by itself
 */
function mayComeYet(row: WriteBack, here: WriteBack | undefined): boolean {
  if (row.state === 'submitted') return true;
  if (row.state !== 'claimed' && row.state !== 'pending') return false;
  return here ? here.inDoubt : row.inDoubt || row.state === 'claimed';
}

/**
 * The row as it goes behind those of later calls; null when nothing is left of it. One in doubt goes on all the same: what
 * it sent before may be under way, and only its dialer's connector knows for how long.
 */
function behind<Row extends WriteBack>(row: Row, later: readonly WriteBack[]): Row | null {
  if (row.desired.aspect !== 'fields') return { ...row, hasLaterCall: true };
  const taken = new Set(later.flatMap((other) => Object.keys(fieldsOf(other))));
  const left = Object.entries(row.desired.fields).filter(([name]) => !taken.has(name));
  if (left.length === 0 && !row.inDoubt) return null;
  return { ...row, desired: { ...row.desired, fields: Object.fromEntries(left) }, hasLaterCall: true };
}

function fieldsOf({ desired }: WriteBack): Readonly<Record<string, string>> {
  return desired.aspect === 'fields' ? desired.fields : {};
}
