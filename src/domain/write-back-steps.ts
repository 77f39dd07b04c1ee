import type { Detail, Step } from './call-timeline.ts';
import type { WriteBack } from './write-back.ts';

type PlannedStep = Omit<Step, 'gapSec' | 'slow'>;

/** What is wanted in a dialer's record, in a word or two. */
export function writeBackWords({ desired }: Pick<WriteBack, 'desired'>): string {
  switch (desired.aspect) {
    case 'disposition':
      return desired.disposition || desired.outcome;
    case 'callback':
      return desired.at ?? 'none';
    case 'dnc':
      return desired.listed ? 'listed' : 'taken off';
    case 'fields':
      return Object.keys(desired.fields).join(' ');
  }
}

/** When each write-back was planned, and what became of it. What came in one moment for one dialer is one step. */
export function writeBackSteps(rows: readonly WriteBack[]): PlannedStep[] {
  const planned = Map.groupBy(rows, ({ createdAt, dialer }) => `${createdAt} ${dialer}`);
  const ended = rows.filter(({ settledAt }) => settledAt !== null);
  const settled = Map.groupBy(ended, ({ settledAt, dialer, state }) => `${settledAt} ${dialer} ${state}`);
  return [...[...planned.values()].flatMap(plannedStep), ...[...settled.values()].flatMap(settledStep)];
}

function plannedStep(rows: readonly WriteBack[]): PlannedStep[] {
  const [first] = rows;
  if (!first) return [];
  const { createdAt: at, dialer: source } = first;
  const open = rows.filter(({ settledAt }) => settledAt === null);
  return [
    {
      ...{ at, source, kind: 'planned' as const },
      what: `to write: ${rows.map((row) => (row.settledAt ? nameOf(row) : lineOf(row))).join('; ')}`,
      headline: `To write: ${rows.map(wishOf).join(', ')}`,
      details: open.map((row) => detail(wishOf(row), standsNow(row))),
    },
  ];
}

function settledStep(rows: readonly WriteBack[]): PlannedStep[] {
  const [first] = rows;
  if (!first?.settledAt) return [];
  const { settledAt: at, dialer: source, state } = first;
  return [
    {
      ...{ at, source, kind: 'settled' as const },
      what: rows.map(lineOf).join('; '),
      headline: `${settledWords[state] ?? state}: ${rows.map(wishOf).join(', ')}`,
      details: rows.flatMap((row) => {
        const proof = [row.why, row.hint].filter(Boolean).join('. ');
        const tries = row.attempts > 0 ? `${row.attempts} failed tries` : '';
        const told = [proof, tries].filter(Boolean).join('; ');
        return told ? [detail(wishOf(row), told)] : [];
      }),
    },
  ];
}

const settledWords: Partial<Record<WriteBack['state'], string>> = {
  confirmed: 'Written and confirmed',
  refused: 'Refused',
  dead: 'Given up',
  superseded: 'Replaced by a newer wish',
  cancelled: 'Cancelled',
  shadow: 'Shown only, in shadow',
};

/** What it waits for, and until when. */
function standsNow({ state, why, hint, dueAt, attempts }: WriteBack): string {
  const waits = state === 'pending' || state === 'submitted' ? `${state}, due ${dueAt}` : state;
  const tries = attempts > 0 ? `${attempts} failed tries` : '';
  return [waits, tries, why, hint].filter(Boolean).join('; ');
}

function wishOf(row: WriteBack): string {
  return `${row.aspect === 'dnc' ? 'DNC' : row.aspect} ${writeBackWords(row)}`;
}

/** For a terminal: how it stands, and the proof of it. */
function lineOf(row: WriteBack): string {
  const proof = [row.why, row.hint].filter(Boolean).join(' → ');
  return `${row.state}: ${nameOf(row)}${proof && ` (${proof})`}`;
}

function nameOf(row: WriteBack): string {
  return `${row.aspect} r${row.revision} ${writeBackWords(row)}`;
}

function detail(name: string, value: string): Detail {
  return { name, value, privacy: 'told' };
}
