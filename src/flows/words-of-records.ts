import type { Instant } from '../domain/call.ts';
import { overtakenWhy, type WriteBack, type WriteBackState } from '../domain/write-back.ts';

/** What rows of other calls say about the places of one row: the fields by name, the disposition as one, the callback as one. */
export interface OtherWords {
  /** Fields, or the campaign whose disposition it is, of which a later call has a word. */
  later: ReadonlySet<string>;
  /** A later call's callback is in the record, or may be: a dialer holds one of each record. */
  hasLaterCallback: boolean;
  /** A row of an earlier call may still reach the dialer, for one of the places. */
  isEarlierOpen: boolean;
}

/** A row that ended so brought no word to the dialer, and brings none. */
const wordless: readonly WriteBackState[] = ['held', 'superseded', 'shadow'];

export const noOthers: OtherWords = { later: new Set(), hasLaterCallback: false, isEarlierOpen: false };

/** A dialer may keep a disposition per campaign; a field and the one callback belong to the record. */
type PlaceName = readonly [kind: 'field' | 'disposition' | 'callback', name: string];

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
 * @param batch the rows that are to be sent: they give way to later ones by themselves, but for callbacks, which go by turns
 */
export function wordsOfRecords(
  rows: readonly WriteBack[],
  batch: ReadonlyMap<string, WriteBack>,
): (row: WriteBack) => OtherWords {
  const places = new Map<string, Place>();
  const open = new Set(rows.filter((row) => mayComeYet(row, batch.get(row.id))));
  const callbacks = callbacksOf(rows.filter((row) => row.state === 'confirmed' || open.has(row)));
  for (const row of rows) {
    if (row.target.calledAt === '') continue;
    const sighting = { call: row.correlationId, at: row.target.calledAt };
    for (const name of namesOf(row)) {
      const isOfCallback = name[0] === 'callback';
      const isOpen = open.has(row) || (isOfCallback && batch.has(row.id));
      const isWord = row.aspect === 'callback' ? isOfCallback && callbacks.has(row) : hasWord(row);
      if (!isWord && !isOpen) continue;
      for (const record of recordsOf(row)) {
        const place = placeOf(places, record, name);
        if (isWord) keepTwo(place.latestWords, sighting, (one, other) => one > other);
        if (isOpen) keepTwo(place.earliestOpen, sighting, (one, other) => one < other);
      }
    }
  }
  return (row) => tellOthers(places, row);
}

function tellOthers(places: ReadonlyMap<string, Place>, row: WriteBack): OtherWords {
  const later = new Set<string>();
  let [hasLaterCallback, isEarlierOpen] = [false, false];
  const { calledAt } = row.target;
  for (const place of namesOf(row)) {
    const [kind, name] = place;
    for (const record of rivalRecordsOf(row)) {
      const { latestWords = [], earliestOpen = [] } = places.get(keyOf(record, place)) ?? {};
      const isOther = ({ call }: Sighting) => call !== row.correlationId;
      if (latestWords.some((word) => isOther(word) && word.at > calledAt)) {
        if (kind === 'callback') hasLaterCallback = true;
        else later.add(name);
      }
      isEarlierOpen ||= waitsIn(kind, row) && earliestOpen.some((open) => isOther(open) && open.at < calledAt);
    }
  }
  return { later, hasLaterCallback, isEarlierOpen };
}

/**
 * A callback waits for none but other callbacks: what it takes away of an earlier call's disposition is not wanted any more. One
 * that is taken back waits for nobody.
 */
function waitsIn(kind: PlaceName[0], { desired }: WriteBack): boolean {
  return desired.aspect !== 'callback' || (kind === 'callback' && desired.at !== null);
}

/**
 * The callback of each call that has one: by its last revision that got to the dialer, or may have. One that was never sent, or
 * never got there, leaves the place to what an earlier call promised, and comes after it.
 */
function callbacksOf(rows: readonly WriteBack[]): ReadonlySet<WriteBack> {
  const last = new Map<string, WriteBack>();
  for (const row of rows) {
    if (row.aspect !== 'callback') continue;
    const known = last.get(row.correlationId);
    if (!known || known.revision < row.revision) last.set(row.correlationId, row);
  }
  return new Set([...last.values()].filter(({ desired }) => desired.aspect === 'callback' && desired.at !== null));
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

/** A callback has the disposition's place too: it says nothing of that, but may take it away where it comes late. */
function namesOf({ desired, target }: WriteBack): PlaceName[] {
  switch (desired.aspect) {
    case 'fields':
      return Object.keys(desired.fields).map((name) => ['field', name]);
    case 'disposition':
      return [['disposition', target.campaign]];
    case 'callback':
      return [
        ['disposition', target.campaign],
        ['callback', ''],
      ];
    case 'dnc':
      return [];
  }
}

function placeOf(places: Map<string, Place>, record: string, name: PlaceName): Place {
  const key = keyOf(record, name);
  const known = places.get(key);
  if (known) return known;
  const fresh: Place = { latestWords: [], earliestOpen: [] };
  places.set(key, fresh);
  return fresh;
}

function keyOf(record: string, name: PlaceName): string {
  return JSON.stringify([record, ...name]);
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
