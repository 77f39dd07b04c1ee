import { stripVTControlCharacters, styleText } from 'node:util';
import type { CheckResult } from '../domain/connector.ts';
import type { Examination } from '../flows/doctor/examine-site.ts';
import type { Checked } from '../flows/doctor/run-checks.ts';
import type { TroubleVerdict } from '../flows/doctor/trouble.ts';

type Status = CheckResult['status'];

const colours = { ok: 'green', warn: 'yellow', fail: 'red', unknown: 'magenta' } as const;
const indent = ' '.repeat(10);

/** A check as people read it: its status and name, what was seen, and unless it is ok where, why it matters, what to change. */
export function linesOfCheck({ id, owner, status, title, looksAt, found, why, fix, causes }: Checked): string[] {
  const wasLookedAt = status !== 'ok' && causes.length === 0;
  return [
    `  ${statusWord(status)}${id.slice(owner.length + 1)}: ${title}`,
    ...indented(found),
    ...(wasLookedAt ? indented(`(looked at: ${looksAt})`) : []),
    ...(status === 'ok' ? [] : [...indented(why ?? ''), ...indented(fix ?? '', '→ ')]),
  ];
}

/** What to begin with: each check that is not right by itself. Empty when all are. */
export function linesToMend(checked: readonly Checked[]): string[] {
  return (['fail', 'warn', 'unknown'] as const).flatMap((status) =>
    checked.flatMap((each) =>
      each.status === status && each.causes.length === 0 ? `  ${statusWord(status)}${each.id}: ${each.title}` : [],
    ),
  );
}

/** A line for a terminal of so many columns: what does not fit goes on below, where its text began. */
export function wrapped(line: string, columns: number): string[] {
  const begin = /^ *(?:→ )?/.exec(line)?.[0] ?? '';
  // A check's title stands beside its status, and goes on where the text below it begins.
  const margin = begin.length === 2 ? indent : ' '.repeat(begin.length);
  const lines: string[] = [];
  let rest = line;
  while (widthOf(rest) > columns && columns - margin.length >= 30) {
    const cut = rest.lastIndexOf(' ', columns + rest.length - widthOf(rest));
    if (cut <= margin.length) break;
    lines.push(rest.slice(0, cut));
    rest = margin + rest.slice(cut + 1);
  }
  return [...lines, rest];
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** One entry of a guide's troubleshooting, with the checks that speak for it. */
export function linesOfTrouble({ status, title, causes, roots, correction }: TroubleVerdict): string[] {
  const namesOf = (kind: Status) => causes.flatMap((cause) => (cause.status === kind ? cause.id : []));
  const unknown = namesOf('unknown');
  const groups = [
    ['fails', namesOf('fail')],
    ['warns', namesOf('warn')],
    ["can't be told", roots.filter((id) => unknown.includes(id))],
    ["can't be told without", roots.filter((id) => !unknown.includes(id))],
  ] as const;
  const words = groups.flatMap(([word, names]) => (names.length > 0 ? [`${word}: ${names.join(', ')}`] : []));
  if (status === 'unknown' && words.length === 0) words.push("can't be told: nothing is configured that it is about");
  return [
    `  ${statusWord(status)}${title}`,
    ...indented(words.join('\n')),
    ...(status === 'ok' ? [] : indented(correction, 'The guide: ')),
  ];
}

/** How it all stands, in one line. */
export function summaryLine({ checked, counts }: Examination, tookMs: number): string {
  const parts = (['fail', 'warn', 'unknown', 'ok'] as const).flatMap((status) =>
    counts[status] > 0 ? [`${counts[status]} ${status}`] : [],
  );
  return `${checked.length} check${checked.length === 1 ? '' : 's'} in ${(tookMs / 1000).toFixed(1)} s: ${parts.join(', ')}`;
}

/** What turned since the last round, as lines; empty when nothing did. */
export function linesOfChange(before: ReadonlyMap<string, Checked>, now: readonly Checked[], at: string): string[] {
  return now.flatMap((checked) => {
    const last = before.get(checked.id);
    if (last?.status === checked.status) return [];
    const [, ...more] = linesOfCheck(checked);
    return [
      `${at}  ${statusWord(checked.status)}${checked.id}${last ? ` (was ${last.status})` : ''}: ${checked.title}`,
      ...more,
    ];
  });
}

/** A heading between groups of lines. */
export function heading(text: string): string {
  return styleText('bold', text);
}

/** Coloured on a terminal, unless NO_COLOR says otherwise. */
function statusWord(status: Status): string {
  return `${styleText(colours[status], status)}${' '.repeat(8 - status.length)}`;
}

function indented(text: string, mark = ''): string[] {
  if (!text) return [];
  return text
    .split('\n')
    .map((line, index) => `${indent}${index === 0 || mark === '→ ' ? mark : ' '.repeat(mark.length)}${line}`);
}
