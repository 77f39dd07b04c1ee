import type { CallTimes } from '../flows/call-test/call-times.ts';
import type { FailureHelp } from '../flows/call-test/explain-failure.ts';
import type { SoftphoneWay } from '../flows/call-test/softphone-account.ts';
import { linesOfCheck, linesOfTrouble } from './doctor-report.ts';

const marks = { done: '✓', failed: '✗', waiting: '…' } as const;
const indent = ' '.repeat(29);

/** One stage as it settles: `✓   12.3 s  answered        …`, and what could be better. */
export function stageLines(
  title: string,
  stage: { status: keyof typeof marks; afterSec: number; found: string; fix?: string },
): string[] {
  const { status, afterSec, found, fix } = stage;
  const line = `  ${marks[status]} ${afterSec.toFixed(1).padStart(6)} s  ${title.padEnd(15)}  ${found}`.trimEnd();
  return fix && status !== 'waiting' ? [line, `${indent}→ ${fix}`] : [line];
}

/** What the doctor knows about the stage that did not come. */
export function helpLines({ checks, troubles }: FailureHelp): string[] {
  const found = checks.flatMap((check) => [`  ${check.owner}`, ...linesOfCheck(check)]);
  return [
    checks.length > 0 ? 'What the doctor finds:' : 'The doctor finds nothing wrong that can be seen from here.',
    ...found,
    ...(troubles.length > 0 ? ["The guides' troubleshooting:"] : []),
    ...troubles.flatMap((trouble) => [`  ${trouble.guide}`, ...linesOfTrouble(trouble)]),
  ];
}

export function timeLines({ firstWord, outcomeToWrittenSec }: CallTimes): string[] {
  const written = outcomeToWrittenSec === null ? 'not written' : `${outcomeToWrittenSec.toFixed(1)} s`;
  return [`  Answer to first word  ${wordOf(firstWord)}`, `  Outcome to written    ${written}`];
}

function wordOf(word: CallTimes['firstWord']): string {
  if (word.kind === 'unknown') return 'not known: one side does not tell its time';
  const seconds = `${word.seconds.toFixed(1)} s`;
  if (word.kind === 'unusable') return `${seconds} can't be right: the clocks of both sides differ`;
  return word.answer === 'dialer' ? seconds : `${seconds} from the moment in which the dialer asked us`;
}

export function accountLines({ owner, account, number }: SoftphoneWay): string[] {
  const { server, user, passwordFrom, dial, notes } = account;
  return [
    `SIP account of ${owner}, for a softphone such as Zoiper or Linphone:`,
    `  Server    ${server}`,
    `  User      ${user}`,
    `  Password  ${passwordFrom}`,
    `  Dial      ${dial}`,
    ...(number ? [`  The agent answers ${number}.`] : []),
    ...notes.map((note) => `  ${note}`),
  ];
}
