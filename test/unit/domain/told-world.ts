import { diffWriteBacks } from '../../../src/domain/diff-write-backs.ts';
import { decideOutcome } from '../../../src/domain/outcome.ts';
import { type PlanRules, planWriteBacks } from '../../../src/domain/plan-write-backs.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import { at, type ToldFact } from './cast.ts';
import { change, type DialerRecord, emptyRecord, holds, isOvertaken, isUndo, wordsOf } from './model-dialer.ts';
import type { Held } from './spec.ts';

type Row = Pick<
  WriteBack,
  'id' | 'dialer' | 'aspect' | 'revision' | 'desired' | 'state' | 'dueAt' | 'target' | 'inDoubt'
> & { isExpired: boolean };
type Human = ToldFact & { body: { kind: 'dispositioned' } };

/** What can become of a row that a worker has. */
export const answers = [
  'done',
  'done-unheard',
  'lost-unsent',
  'doubt-applied',
  'doubt-late',
  'retry',
  'submitted',
  'refused',
  'dead',
  'dead-applied',
] as const;
/** What else may happen to a call, its dialers and its workers. */
export const happenings = [
  'learn-again',
  'human-acts',
  'confirm',
  'confirm-refused',
  'receipt-lost',
  'land',
  'replay',
  'restart',
  'pass-time',
] as const;

/** `pick` chooses among that for which the step is possible. */
export interface Step {
  does: 'learn' | 'claim' | (typeof answers)[number] | (typeof happenings)[number];
  pick: number;
}

interface World {
  held: Map<string, DialerRecord>;
  /** Effects of the same value on a record that has it: callbacks made twice, a log changed twice. */
  doubles: string[];
}
/**
 * Plays one call: its facts are told in this order, and between them whatever the steps say happens. Then everything is
 * told, the operator mends the mapping and replays what failed, and all is delivered. Gives what the dialers hold then.
 */
export function playCall(
  facts: readonly ToldFact[],
  script: readonly Step[],
  rules: { before: PlanRules; mended: PlanRules },
): { held: Record<string, Held>; doubles: readonly string[] } {
  const world: World = { held: new Map(), doubles: [] };
  const call = createCall(world, facts, rules.before);
  for (const step of script) call.take(step);
  call.endBy(rules.mended);
  const held = Object.keys(rules.mended.dialers).map((id) => [id, wordsOf(recordOf(world, id))] as const);
  return { held: Object.fromEntries(held), doubles: world.doubles };
}

function createCall(world: World, all: readonly ToldFact[], rules: PlanRules) {
  const rows: Row[] = [];
  const known: ToldFact[] = [];
  const open = [...all];
  const acted = new Set<ToldFact>();
  const landing: Row[] = [];
  let present = rules;
  let minute = 0;

  const humans = all.filter((fact): fact is Human => fact.body.kind === 'dispositioned');
  const now = () => at(minute);
  const inState = (...states: Row['state'][]) => rows.filter(({ state }) => states.includes(state));
  const isSame = (one: Row, other: Row) => one.dialer === other.dialer && one.aspect === other.aspect;

  function plan(due = now()): void {
    const outcome = decideOutcome(known);
    const diff = diffWriteBacks(rows, planWriteBacks('0123456789abcd', known, outcome, present), due);
    const ended = rows.filter(({ id }) => diff.supersede.includes(id) || diff.cancel.includes(id));
    if (ended.some(({ state }) => !/held|pending/.test(state))) throw new Error('a worker has the row that is to end');
    for (const row of rows) {
      if (diff.supersede.includes(row.id)) row.state = 'superseded';
      if (diff.cancel.includes(row.id)) row.state = 'cancelled';
      const fresh = diff.refresh.find(({ id }) => id === row.id);
      if (fresh) Object.assign(row, { dueAt: fresh.dueAt, target: fresh.target });
    }
    for (const { wanted, revision, inDoubt } of diff.insert) {
      const { dialer, desired, target } = wanted;
      const state = wanted.held ? 'held' : 'pending';
      const row = { dialer, aspect: desired.aspect, revision, desired, state, target, inDoubt } as const;
      rows.push({ ...row, id: `row-${rows.length}`, dueAt: wanted.notBefore ?? due, isExpired: false });
    }
  }

  function learn(fact: ToldFact | undefined): void {
    if (!fact) return;
    act(fact);
    if (open.includes(fact)) open.splice(open.indexOf(fact), 1);
    if (known.some(({ source, key }) => source === fact.source && key === fact.key)) return;
    known.push(fact);
    plan();
  }

  /** A person sets the record before anybody can tell us. */
  function act(fact: ToldFact | undefined): void {
    if (fact?.body.kind !== 'dispositioned' || acted.has(fact)) return;
    acted.add(fact);
    const record = recordOf(world, fact.body.dialer);
    const latest = latestHuman(fact.body.dialer);
    if (latest !== fact) return;
    record.disposition = `human ${fact.body.disposition}`;
    record.human = fact.at;
  }

  function latestHuman(dialer: string): Human | undefined {
    const own = humans.filter((fact) => fact.body.dialer === dialer && acted.has(fact));
    return own.sort((a, b) => (`${a.at} ${a.key} ${a.source}` < `${b.at} ${b.key} ${b.source}` ? -1 : 1)).at(-1);
  }

  /** As the store does it: what waits again is compared with the facts, or hands its doubt to the revision that follows. */
  function settle(row: Row, state: Row['state'], inDoubt = false): void {
    const newer = rows.find(
      (other) => isSame(row, other) && other.revision > row.revision && !/superseded|cancelled/.test(other.state),
    );
    Object.assign(row, { isExpired: false, inDoubt, state: state === 'pending' && newer ? 'superseded' : state });
    if (newer) newer.inDoubt ||= inDoubt;
    else if (state === 'pending') plan();
  }

  /** The dialer takes the value, unless a person was faster there. */
  function write(row: Row, then: () => void): void {
    if (isUnderWay(row)) return;
    const human = isOvertaken(row, recordOf(world, row.dialer)) ? latestHuman(row.dialer) : undefined;
    if (human) {
      learn(human);
      settle(row, 'cancelled');
      return;
    }
    apply(row);
    then();
  }

  function apply(row: Row): void {
    const record = recordOf(world, row.dialer);
    if (isOvertaken(row, record)) return;
    if (holds(record, row.desired)) {
      // To find nothing to take back, or a field as it should be, is no effect.
      const isEffect = row.aspect !== 'fields' && !isUndo(row.desired);
      if (!row.inDoubt && isEffect) world.doubles.push(`${row.dialer} ${JSON.stringify(row.desired)}`);
      return;
    }
    change(record, row.desired);
  }

  function claimable(): Row[] {
    return rows.filter(
      (row) =>
        row.state === 'pending' &&
        row.dueAt <= now() &&
        !rows.some((o) => isSame(row, o) && o.revision < row.revision && /claimed|submitted/.test(o.state)),
    );
  }

  function replay(row: Row): void {
    const later = (o: Row) => isSame(row, o) && o.revision > row.revision && !/superseded|cancelled/.test(o.state);
    if (rows.some(later)) return;
    Object.assign(row, { state: 'pending', dueAt: now() });
    plan();
  }

  type Answer = (typeof answers)[number];
  type Happening = Exclude<Step['does'], Answer>;

  function take({ does, pick }: Step): void {
    const one = <T>(among: readonly T[]): T | undefined => among[pick % Math.max(1, among.length)];
    const claimed = one(inState('claimed').filter(({ isExpired }) => !isExpired));
    if (does in answering) {
      if (claimed) answering[does as Answer](claimed);
    } else happening[does as Happening](one, pick);
  }

  const answering: Record<Answer, (row: Row) => void> = {
    done: (row) => write(row, () => settle(row, 'confirmed')),
    'done-unheard': (row) => write(row, () => Object.assign(row, { isExpired: true })),
    'lost-unsent': (row) => Object.assign(row, { isExpired: true }),
    'doubt-applied': (row) => write(row, () => settle(row, 'pending', true)),
    'doubt-late': (row) => {
      if (isUnderWay(row)) return;
      landing.push({ ...row });
      settle(row, 'pending', true);
    },
    retry: (row) => settle(row, 'pending', row.inDoubt),
    submitted: (row) => submit(row),
    refused: (row) => {
      if (!row.inDoubt) settle(row, 'refused');
    },
    dead: (row) => settle(row, 'dead', row.inDoubt),
    'dead-applied': (row) => write(row, () => settle(row, 'dead', true)),
  };

  type One = <T>(among: readonly T[]) => T | undefined;
  const happening: Record<Happening, (one: One, pick: number) => void> = {
    learn: (one) => learn(one(open)),
    'learn-again': (one) => learn(one(known)),
    'human-acts': (one) => act(one(humans.filter((fact) => !acted.has(fact)))),
    claim(one) {
      const expired = one(inState('claimed').filter(({ isExpired }) => isExpired));
      if (expired) Object.assign(expired, { isExpired: false, inDoubt: true });
      else Object.assign(one(claimable()) ?? {}, { state: 'claimed' });
    },
    confirm(one) {
      const row = one(inState('submitted'));
      if (row) write(row, () => settle(row, 'confirmed'));
    },
    'confirm-refused'(one) {
      const row = one(inState('submitted'));
      if (row) settle(row, 'refused');
    },
    'receipt-lost'(one) {
      const row = one(inState('submitted'));
      if (!row) return;
      landing.push({ ...row });
      settle(row, 'pending', true);
    },
    land(one) {
      const row = one(landing);
      if (!row) return;
      landing.splice(landing.indexOf(row), 1);
      apply({ ...row, inDoubt: true });
    },
    replay(one) {
      const row = one(inState('dead', 'refused'));
      if (row) replay(row);
    },
    restart() {
      for (const row of inState('claimed')) row.isExpired = true;
    },
    'pass-time'(_one, pick) {
      minute += 1 + (pick % 60);
    },
  };

  /** Who is in doubt waits for what may still be on its way. */
  function isUnderWay(row: Row): boolean {
    return row.inDoubt && landing.some((other) => isSame(row, other));
  }

  /** The dialer promises. Who is in doubt has looked first: what is there already needs no promise. */
  function submit(row: Row): void {
    if (isUnderWay(row)) return;
    if (row.inDoubt && holds(recordOf(world, row.dialer), row.desired)) settle(row, 'confirmed');
    else Object.assign(row, { state: 'submitted', inDoubt: false });
  }

  function endBy(mended: PlanRules): void {
    for (const fact of [...open]) learn(fact);
    if (decideOutcome(known) === null) learn(silence);
    present = mended;
    minute += 24 * 60;
    plan();
    for (const row of [...landing]) apply({ ...row, inDoubt: true });
    landing.length = 0;
    for (const row of inState('claimed')) row.isExpired = true;
    for (let round = 0; round < 60; round += 1) {
      minute += 1;
      for (const row of inState('submitted')) write(row, () => settle(row, 'confirmed'));
      for (const row of inState('dead', 'refused')) replay(row);
      for (const row of inState('claimed')) Object.assign(row, { isExpired: false, inDoubt: true });
      for (const row of claimable()) row.state = 'claimed';
      const claimed = inState('claimed');
      for (const row of claimed) write(row, () => settle(row, 'confirmed'));
      if (claimed.length === 0 && inState('submitted', 'pending').length === 0) return;
    }
    throw new Error(`the outbox never comes to rest: ${JSON.stringify(inState('claimed', 'submitted', 'pending'))}`);
  }

  return { take, endBy };
}

/** What reconciliation tells of a call of which nobody else says how it ended. */
export const silence: ToldFact = {
  source: 'patchbay',
  key: 'silent',
  at: at(6),
  body: { kind: 'silent', why: 'nobody tells' },
};

function recordOf(world: World, dialer: string): DialerRecord {
  const held = world.held.get(dialer) ?? emptyRecord();
  world.held.set(dialer, held);
  return held;
}
