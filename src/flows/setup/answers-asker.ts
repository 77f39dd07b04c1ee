import type { Asker } from '../../domain/setup.ts';
import { type Answer, plainAsker, type Question, standIn, usableDefault } from './questions.ts';

/** A question that the answers leave open, or answer in a way that can't be used. */
export interface OpenQuestion {
  question: Question;
  why: string;
}

export interface AnswersAsker {
  ask: Asker;
  /** In the order in which they came up. */
  open(): readonly OpenQuestion[];
  /** Keys of the questions so far. */
  asked(): readonly string[];
  /** Keys of answers that nobody asked for. */
  unused(): readonly string[];
}

/**
 * Answers from a file: keys with dots, nested sections, or both. What is missing is gathered, and the questions go on as a
 * rehearsal, so that all of it can be told at once.
 */
export function answersAsker(answers: unknown, say: (line: string) => void): AnswersAsker {
  const open = new Map<string, OpenQuestion>();
  const asked = new Set<string>();

  function answer(question: Question): Answer {
    asked.add(question.key);
    const given = givenAnswer(answers, question);
    if (given.kind === 'answer') return given.answer;
    const standard = given.kind === 'none' ? usableDefault(question) : undefined;
    if (standard !== undefined) return standard;
    open.set(question.key, { question, why: given.kind === 'none' ? 'is not answered' : given.why });
    return standIn(question);
  }

  return {
    ask: plainAsker(answer, { isRehearsal: () => open.size > 0, say }),
    open: () => [...open.values()],
    asked: () => [...asked],
    unused: () => keysOf(answers).filter((key) => !asked.has(key)),
  };
}

type Given = { kind: 'answer'; answer: Answer } | { kind: 'none' } | { kind: 'unusable'; why: string };

/** What the answers say to a question. */
export function givenAnswer(answers: unknown, question: Question): Given {
  const given = lookUp(answers, question.key);
  if (given === undefined || given === null) return { kind: 'none' };
  const answer = readAnswer(question, given);
  if (typeof answer === 'object' && 'why' in answer) return { kind: 'unusable', why: answer.why };
  const why = typeof answer === 'string' ? question.judge(answer) : null;
  return why === null ? { kind: 'answer', answer } : { kind: 'unusable', why };
}

function readAnswer({ kind, choices }: Question, given: unknown): Answer | { why: string } {
  const text = typeof given === 'object' ? '' : String(given).trim();
  switch (kind) {
    case 'confirm':
      if (/^(true|yes|y)$/i.test(text)) return true;
      return /^(false|no|n)$/i.test(text) ? false : { why: 'must be true or false' };
    case 'choose': {
      const choice = choiceOf(choices, text);
      return choice === undefined ? { why: `is not one of ${valuesOf(choices)}` } : choice;
    }
    case 'choose-some': {
      const wanted = Array.isArray(given) ? given.map(String) : text.split(',').map((word) => word.trim());
      const found = wanted.filter(Boolean).map((word) => choiceOf(choices, word));
      return found.includes(undefined) ? { why: `may hold only ${valuesOf(choices)}` } : (found as string[]);
    }
    default:
      return typeof given === 'object' ? { why: 'must be text' } : String(given);
  }
}

function choiceOf(choices: Question['choices'], word: string): string | undefined {
  const exact = choices.find(({ value }) => value === word);
  return (exact ?? choices.find(({ label }) => label.toLowerCase() === word.toLowerCase()))?.value;
}

function valuesOf(choices: Question['choices']): string {
  return choices.map(({ value }) => value).join(', ') || 'nothing: there is none to choose';
}

/** `a.b.c` may be written as one key, as sections in each other, or as anything between. */
function lookUp(part: unknown, key: string): unknown {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return undefined;
  if (Object.hasOwn(part, key)) return (part as Record<string, unknown>)[key];
  for (let at = key.indexOf('.'); at > 0; at = key.indexOf('.', at + 1)) {
    const head = key.slice(0, at);
    if (!Object.hasOwn(part, head)) continue;
    const found = lookUp((part as Record<string, unknown>)[head], key.slice(at + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

function keysOf(part: unknown, path = ''): string[] {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return path ? [path] : [];
  return Object.entries(part).flatMap(([key, entry]) => keysOf(entry, path ? `${path}.${key}` : key));
}
