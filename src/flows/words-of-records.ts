import type { Instant } from '../domain/call.ts';
import { overtakenWhy, type WriteBack, type WriteBackState } from '../domain/write-back.ts';

/** What rows of other calls say about the places of one row: the fields by name, the disposition as one. */
export interface OtherWords {
  /** Places of which a later call has a word. */
  later: ReadonlySet<string>;
  /** A row of an earlier call may still reach the dialer, for one of the places. */
  isEarlierOpen: boolean;
}

/** A row that ended so brought no word to the dialer, and brings none. */
const wordless: readonly WriteBackState[] = ['held', 'superseded'];

/** One place of one record. */
interface Place {
  latestWords: Sighting[];
  earliestOpen: Sighting[];
}

interface Sighting {
  call: string;
  at: Instant;
}

/**
 * Sorts rows by record and place, so that what other calls want of a row's places is told without going through all rows.
 *
 * @param batch the rows that are to be sent: they give way to later ones by themselves
 */
export function wordsOfRecords(
  rows: Iterable<WriteBack>,
  batch: ReadonlyMap<string, WriteBack>,
): (row: WriteBack) => OtherWords {
  const places = new Map<string, Place>();
  for (const row of rows) {
    if (row.target.calledAt === '') continue;
    // A callback says nothing of the disposition, but may take it away where it comes late.
    const [isWord, isOpen] = [row.aspect !== 'callback' && hasWord(row), mayComeYet(row, batch.get(row.id))];
    if (!isWord && !isOpen) continue;
    const sighting = { call: row.correlationId, at: row.target.calledAt };
    for (const name of namesOf(row)) {
      for (const record of recordsOf(row)) {
        const place = placeOf(places, record, row, name);
        if (isWord) keepTwo(place.latestWords, sighting, (one, other) => one > other);
        if (isOpen) keepTwo(place.earliestOpen, sighting, (one, other) => one < other);
      }
    }
  }
  return (row) => tellOthers(places, row);
}

function tellOthers(places: ReadonlyMap<string, Place>, row: WriteBack): OtherWords {
  const later = new Set<string>();
  let isEarlierOpen = false;
  const { calledAt } = row.target;
  for (const name of namesOf(row)) {
    for (const record of rivalRecordsOf(row)) {
      const place = places.get(keyOf(record, row, name));
      if (!place) continue;
      const isOther = ({ call }: Sighting) => call !== row.correlationId;
      if (place.latestWords.some((word) => isOther(word) && word.at > calledAt)) later.add(name);
      // A callback waits for none: what it takes away of an earlier call is not wanted any more.
      isEarlierOpen ||=
        row.aspect !== 'callback' && place.earliestOpen.some((open) => isOther(open) && open.at < calledAt);
    }
  }
  return { later, isEarlierOpen };
}

/** The two outermost calls, as one of them may be that of the row that is asked about. */
function keepTwo(kept: Sighting[], sighting: Sighting, isFurther: (one: Instant, other: Instant) => boolean): void {
  const own = kept.findIndex(({ call }) => call === sighting.call);
  if (own >= 0) {
    if (!isFurther(sighting.at, kept[own]?.at ?? '')) return;
    kept.splice(own, 1);
  }
  const [first, second] = kept;
  if (!first || isFurther(sighting.at, first.at)) kept.unshift(sighting);
  else if (!second || isFurther(sighting.at, second.at)) kept.splice(1, 0, sighting);
  kept.length = Math.min(kept.length, 2);
}

/** The names under which a row is found: a mirrored row has no lead, and its dialer finds the record by the number. */
function recordsOf({ target: { leadKey, phone } }: WriteBack): string[] {
  const records = leadKey ? [`lead ${leadKey}`] : [];
  if (phone) records.push(`phone ${phone}`);
  if (phone && !leadKey) records.push(`no lead ${phone}`);
  return records;
}

/** Where both name a lead, the lead decides; else the number. */
function rivalRecordsOf({ target: { leadKey, phone } }: WriteBack): string[] {
  if (!leadKey) return phone ? [`phone ${phone}`] : [];
  return phone ? [`lead ${leadKey}`, `no lead ${phone}`] : [`lead ${leadKey}`];
}

/** A dialer may keep a disposition per campaign; a field belongs to the record. */
function namesOf({ desired, aspect, target }: WriteBack): string[] {
  if (desired.aspect === 'fields') return Object.keys(desired.fields);
  return aspect === 'dnc' ? [] : [target.campaign];
}

function placeOf(places: Map<string, Place>, record: string, row: WriteBack, name: string): Place {
  const key = keyOf(record, row, name);
  const known = places.get(key);
  if (known) return known;
  const fresh: Place = { latestWords: [], earliestOpen: [] };
  places.set(key, fresh);
  return fresh;
}

function keyOf(record: string, { aspect }: WriteBack, name: string): string {
  return JSON.stringify([record, aspect === 'fields', name]);
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
