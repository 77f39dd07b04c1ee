import type { Asker } from '../../domain/setup.ts';
import { givenAnswer } from './answers-asker.ts';
import { plainAsker, type Question, standIn, usableDefault } from './questions.ts';

/**
 * Goes through the questions without touching any system, and makes a file of answers to fill in. Answers that are given
 * already stand in it, and bring the questions that follow from them.
 */
export function templateAsker(answers: unknown = {}): { ask: Asker; text(): string } {
  const asked = new Map<string, Question>();
  const ask = plainAsker(
    (question) => {
      const given = givenAnswer(answers, question);
      const isGiven = given.kind === 'answer' && question.kind !== 'secret';
      // Judged now: a wizard may judge by what it was told before.
      const byDefault = isGiven ? given.answer : usableDefault(question);
      if (!asked.has(question.key)) asked.set(question.key, { ...question, byDefault });
      return given.kind === 'answer' ? given.answer : standIn(question);
    },
    { isRehearsal: () => true, say: () => undefined },
  );
  return { ask, text: () => render([...asked.values()]) };
}

function render(questions: readonly Question[]): string {
  const head = [
    '# Answers for: npx patchbay setup --answers FILE',
    '# What has a value here may be left out. An empty value must be given. What a system tells by itself once Patchbay can',
    '# log in is not asked then. $' + '{NAME} is read from the environment, so that no secret need stand here.',
  ];
  return `${[...head, ...questions.flatMap((question) => ['', ...entryOf(question)])].join('\n')}\n`;
}

function entryOf(question: Question): string[] {
  const { key, message, choices, byDefault, kind } = question;
  const about = [message, ...choices.map(({ value, label, hint }) => `  ${value}${tail(value, label, hint)}`)];
  if (kind === 'choose-some') about.push('A list.');
  if (kind === 'secret') about.push(byDefault === undefined ? 'Secret.' : 'Secret. Left out: as it is now.');
  const value = kind === 'secret' || byDefault === undefined ? '' : ` ${JSON.stringify(byDefault)}`;
  return [...about.flatMap((line) => line.split('\n')).map((line) => `# ${line}`), `${key}:${value}`];
}

function tail(value: string, label: string, hint: string | undefined): string {
  const words = [label === value ? '' : label, hint ?? ''].filter(Boolean).join('; ');
  return words ? `: ${words}` : '';
}
