import { styleText } from 'node:util';
import type { CheckResult } from '../domain/connector.ts';
import type { Examination } from '../flows/doctor/examine-site.ts';
import type { Checked } from '../flows/doctor/run-checks.ts';
import type { TroubleVerdict } from '../flows/doctor/trouble.ts';

type Status = CheckResult['status'];

const colours = { ok: 'green', warn: 'yellow', fail: 'red', unknown: 'magenta' } as const;
const verdicts = { fail: 'fails', warn: 'warns', unknown: "can't be told" } as const;
const indent = ' '.repeat(10);

/** A check as people read it: its status and name, what was seen, why it matters, what to change. */
export function linesOfCheck({ id, owner, status, title, found, why, fix }: Checked): string[] {
  return [
    `  ${statusWord(status)}${id.slice(owner.length + 1)}: ${title}`,
    ...indented(found),
    ...(status === 'ok' ? [] : [...indented(why ?? ''), ...indented(fix ?? '', '→ ')]),
  ];
}

/** One entry of a guide's troubleshooting, with the checks that speak for it. */
export function linesOfTrouble({ status, title, causes, correction }: TroubleVerdict): string[] {
  const words = (['fail', 'warn', 'unknown'] as const).flatMap((kind) => {
    const names = causes.filter((cause) => cause.status === kind).map(({ id }) => id);
    return names.length > 0 ? [`${verdicts[kind]}: ${names.join(', ')}`] : [];
  });
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
