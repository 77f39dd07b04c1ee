import type { Instant } from '../domain/call.ts';
import { scopeOptions, scopeText } from '../domain/controls.ts';
import { goneAfterSec, type SeenProcess } from '../domain/link-report.ts';
import { needWords } from './need-words.ts';
import type { WaitingKind } from './needs-a-person.ts';
import type { LinkNow, SiteState } from './site-state.ts';

/** `bad`: something does not work, or is overdue. `warn`: it works, and somebody should look. */
export type Level = 'good' | 'warn' | 'bad';

/** One thing that is not as it should be. */
export interface Complaint {
  level: Exclude<Level, 'good'>;
  words: string;
  /** What the operator can do, or what happens by itself. */
  hint: string;
  /** Who is named in the words; left out where nobody is. */
  by?: string;
  about:
    | { kind: 'store' | 'service' | 'spool' | 'opt-outs' | 'controls' }
    | { kind: 'link' | 'sync'; id: string }
    | { kind: 'need'; need: WaitingKind };
}

/** What is not as it should be, the worst first. Pure. */
export function judgeSite(state: SiteState): Complaint[] {
  const complaints: Complaint[] = [
    ...judgeStore(state),
    ...judgePauses(state),
    ...judgeProcesses(state),
    ...judgeConfigurations(state),
    ...state.links.flatMap(judgeLink),
    ...judgeOptOuts(state),
    ...state.syncs.flatMap(judgeSync),
    ...state.needs.map(judgeNeed),
  ];
  return complaints.sort((a, b) => Number(b.level === 'bad') - Number(a.level === 'bad'));
}

export function worstOf(complaints: readonly Complaint[]): Level {
  if (complaints.some(({ level }) => level === 'bad')) return 'bad';
  return complaints.length > 0 ? 'warn' : 'good';
}

function judgeStore({ isStoreAway, spooled }: SiteState): Complaint[] {
  if (isStoreAway) {
    const words = 'The store does not answer';
    const hint = 'Live calls are answered from memory, and events wait on disk. See whether the database runs.';
    return [{ level: 'bad', words, hint, about: { kind: 'store' } }];
  }
  if (spooled === 0) return [];
  const words = `${count(spooled, 'fact waits', 'facts wait')} on disk for the store`;
  const hint = 'They are brought in by themselves while the store answers.';
  return [{ level: 'warn', words, hint, about: { kind: 'spool' } }];
}

/** Somebody meant it; nobody shall forget it. */
function judgePauses({ controls }: SiteState): Complaint[] {
  return controls
    .filter(({ kind }) => kind === 'pause')
    .map(({ scope, by, note }) => ({
      level: 'warn',
      words: `PAUSED by ${by}: ${scopeText(scope)}`,
      hint: `${note}. None of it is written until the pause is lifted: npx patchbay resume${scopeOptions(scope)}`,
      by,
      about: { kind: 'controls' },
    }));
}

function judgeProcesses({ isServing, isStoreAway, processes }: SiteState): Complaint[] {
  if (!isServing && !isStoreAway) {
    const words = 'The service does not run';
    const hint = 'Start it: npx patchbay serve. What is shown is what the store holds.';
    return [{ level: 'bad', words, hint, about: { kind: 'service' } }];
  }
  return processes
    .filter((each) => isMissing(each, processes))
    .map(({ name, silentSec }) => ({
      level: 'warn',
      words: `The process ${name} has told nothing for ${Math.round(silentSec / 60)} minutes`,
      hint: 'It was not stopped in good order. See its machine and its log.',
      about: { kind: 'service' },
    }));
}

/** Processes that run with other configurations answer the same call otherwise, each as it has it. */
function judgeConfigurations({ processes }: SiteState): Complaint[] {
  const living = processes.filter(({ silentSec }) => silentSec < goneAfterSec);
  const about = { kind: 'service' } as const;
  const versions = new Set(living.flatMap(({ configuration }) => configuration?.version ?? []));
  const complaints: Complaint[] = [];
  if (versions.size > 1) {
    const words = `The processes run ${versions.size} different configurations: ${[...versions].sort().join(', ')}`;
    const hint = 'Bring files and secrets of all machines to the same state, then: npx patchbay reload.';
    complaints.push({ level: 'warn', words, hint, about });
  }
  const refusing = living.filter(({ configuration }) => configuration?.answer?.result === 'refused');
  if (refusing.length > 0) {
    const [first] = refusing.flatMap(({ configuration }) => configuration?.answer?.faults ?? []);
    const words = `The configuration that lies there was refused by ${refusing.map(({ name }) => name).join(', ')}`;
    const hint = `The one before goes on. Mend it, and reload again. ${first ?? ''}`.trim();
    complaints.push({ level: 'warn', words, hint, about });
  }
  return complaints;
}

/** One that is gone is missed unless another began after it on its machine: a supervisor's new start. */
export function isMissing(one: SeenProcess, all: readonly SeenProcess[]): boolean {
  if (one.silentSec < goneAfterSec) return false;
  return !all.some(
    (other) =>
      other.silentSec < goneAfterSec &&
      other.name.split(' ')[0] === one.name.split(' ')[0] &&
      isLater(other.startedAt, one.startedAt),
  );
}

function isLater(a: Instant, b: Instant): boolean {
  return a > b;
}

function judgeLink({ id, kind, state, asked, asking }: LinkNow): Complaint[] {
  const about = { kind: 'link', id } as const;
  switch (state) {
    case 'broken': {
      const words = `${id} does not answer: nothing is written to it`;
      return [{ level: 'bad', words, hint: 'It is tried again by itself. The doctor says more.', about }];
    }
    case 'errors': {
      const failed = asked.errors + asking.errors;
      const words = `${id}: ${failed} of the last ${asked.count + asking.count} requests failed`;
      return [{ level: 'bad', words, hint: 'The doctor and the log say why.', about }];
    }
    case 'slow': {
      const hint =
        kind === 'dialer' ? 'Its customers may hear silence. See its load, and ours.' : 'The AI may answer late.';
      return [{ level: 'warn', words: `${id} is slow`, hint, about }];
    }
    default:
      return [];
  }
}

function judgeSync({ dialer, error, hint }: SiteState['syncs'][number]): Complaint[] {
  if (error === '') return [];
  const about = { kind: 'sync', id: dialer } as const;
  return [{ level: 'warn', words: `The lead sync of ${dialer} was cut off: ${error}`, hint, about }];
}

/** What nothing but a person can bring to its dialer must not wait until it is overdue. */
function judgeOptOuts({ optOuts }: SiteState): Complaint[] {
  const failed = optOuts.filter(({ dialers }) => dialers.some(({ state }) => state === 'failed')).length;
  if (failed === 0) return [];
  const words = `${count(failed, 'opt-out', 'opt-outs')} failed: a dialer does not hold ${failed === 1 ? 'it' : 'them'}`;
  const hint = 'See why, mend it, and replay the write-back. The number must not be called meanwhile.';
  return [{ level: 'bad', words, hint, about: { kind: 'opt-outs' } }];
}

function judgeNeed(need: WaitingKind): Complaint {
  const [one, several] = needWords[need.kind];
  const isBad = need.kind === 'overdue-opt-out' || need.kind === 'unplaced-opt-out';
  return {
    level: isBad || need.kind === 'ai-unwell' ? 'bad' : 'warn',
    words: count(need.count, one, several),
    hint: isBad ? 'Somebody who asked not to be called may be called again.' : '',
    about: { kind: 'need', need },
  };
}

function count(number: number, one: string, several: string): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : several}`;
}
