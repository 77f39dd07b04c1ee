import { nearest } from '../../domain/nearest.ts';
import type { AnswersAsker, OpenQuestion } from '../../flows/setup/answers-asker.ts';
import type { CliContext } from '../context.ts';

/** Whether every question has its answer; else all that lack one are told at once, with what each may be (exit code 1). */
export function reportOpen(
  context: CliContext,
  file: string,
  answers: AnswersAsker,
  leftOut: readonly string[],
): boolean {
  const open = answers.open();
  for (const key of answers.unused().filter((each) => !leftOut.some((id) => each.startsWith(`${id}.`)))) {
    const guess = nearest(key, answers.asked());
    context.err(`warning: nobody asks for ${key}.${guess ? ` Did you mean ${guess}?` : ''}`);
  }
  if (open.length === 0) return true;
  context.err(`${file} leaves ${open.length === 1 ? 'a question' : `${open.length} questions`} open:`);
  for (const [index, each] of open.entries()) context.err(entryOf(each, index + 1));
  context.err(
    'Nothing was written. What stands below the first may be read from the systems once that is answered. All questions: npx patchbay setup --print-questions',
  );
  context.exit(1);
  return false;
}

function entryOf({ question, why }: OpenQuestion, number: number): string {
  const { key, message, choices, kind } = question;
  const words = choices.map(({ value, label }) => (label === value ? value : `${value} (${label})`));
  const allowed = words.length > 0 ? `\n      ${kind === 'choose' ? 'One' : 'Any'} of: ${words.join(', ')}` : '';
  return `${String(number).padStart(4)}. ${key} ${why}\n      ${message}${kind === 'secret' ? ' (secret)' : ''}${allowed}`;
}
