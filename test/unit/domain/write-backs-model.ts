import { diffWriteBacks, type WriteBackDiff } from '../../../src/domain/diff-write-backs.ts';
import { decideOutcome } from '../../../src/domain/outcome.ts';
import { type PlanRules, planWriteBacks } from '../../../src/domain/plan-write-backs.ts';
import {
  canonicalDesired,
  firstState,
  type WantedWriteBack,
  type WriteBack,
  type WriteBackState,
} from '../../../src/domain/write-back.ts';
import { at, rules, type ToldFact } from './cast.ts';

type Row = Pick<
  WriteBack,
  'id' | 'dialer' | 'aspect' | 'revision' | 'desired' | 'state' | 'dueAt' | 'target' | 'inDoubt' | 'cancelledBy'
>;

export const waits: readonly WriteBackState[] = ['held', 'pending'];

/** The rows of one call as a store would keep them, without the store. */
export interface Model {
  rows: Row[];
  learn(fact: ToldFact): WriteBackDiff;
  /** Plans anew, perhaps by other rules. */
  plan(by?: PlanRules): WriteBackDiff;
  wanted(): WantedWriteBack[];
  /** What becomes of the row that waits. */
  deliver(dialer: string, aspect: string, state?: WriteBackState): void;
  /** A person takes back what waits or failed. */
  takeBack(dialer: string, aspect: string): void;
  /** The row that waits may have taken effect. */
  doubt(dialer: string, aspect: string): void;
  find(dialer: string, aspect: string): Row[];
}

export function createModel(): Model {
  const facts: ToldFact[] = [];
  const rows: Row[] = [];
  let wanted: WantedWriteBack[] = [];

  function plan(by = rules): WriteBackDiff {
    wanted = planWriteBacks('0123456789abcd', facts, decideOutcome(facts), by);
    const diff = diffWriteBacks(rows, wanted, at(0));
    for (const row of rows) {
      if (diff.supersede.includes(row.id)) row.state = 'superseded';
      if (diff.cancel.includes(row.id)) row.state = 'cancelled';
      const fresh = diff.refresh.find(({ id }) => id === row.id);
      if (fresh) Object.assign(row, { dueAt: fresh.dueAt, target: fresh.target });
    }
    for (const { wanted: wish, revision, inDoubt } of diff.insert) {
      const { dialer, desired, target } = wish;
      const state = firstState(wish);
      const dueAt = wish.notBefore ?? at(0);
      rows.push({
        id: `row-${rows.length}`,
        dialer,
        aspect: desired.aspect,
        revision,
        desired,
        state,
        dueAt,
        target,
        inDoubt,
      });
    }
    return diff;
  }

  return {
    rows,
    plan,
    wanted: () => wanted,
    learn(fact) {
      facts.push(fact);
      return plan();
    },
    deliver(dialer, aspect, state = 'confirmed') {
      for (const row of rows) {
        if (row.dialer === dialer && row.aspect === aspect && row.state === 'pending') row.state = state;
      }
    },
    takeBack(dialer, aspect) {
      for (const row of rows) {
        if (row.dialer !== dialer || row.aspect !== aspect || !/held|pending|refused|dead/.test(row.state)) continue;
        Object.assign(row, { state: 'cancelled', cancelledBy: 'joan' });
      }
    },
    doubt(dialer, aspect) {
      for (const row of rows) {
        if (row.dialer === dialer && row.aspect === aspect && row.state === 'pending') row.inDoubt = true;
      }
    },
    find: (dialer, aspect) => rows.filter((row) => row.dialer === dialer && row.aspect === aspect),
  };
}

/** What each aspect will read in the end: the value that waits, else the last that went out. */
export function endOf(rows: readonly Row[]): Record<string, string> {
  const end: Record<string, string> = {};
  for (const row of [...rows].sort((a, b) => a.revision - b.revision)) {
    if (row.state === 'superseded' || row.state === 'cancelled') continue;
    end[`${row.dialer} ${row.aspect}`] = canonicalDesired(row.desired);
  }
  return end;
}

export function endOfPlan(wanted: readonly WantedWriteBack[]): Record<string, string> {
  return Object.fromEntries(
    wanted.map(({ dialer, desired }) => [`${dialer} ${desired.aspect}`, canonicalDesired(desired)]),
  );
}
