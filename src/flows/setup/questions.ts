import { ConnectorError } from '../../domain/errors.ts';
import type { Asker } from '../../domain/setup.ts';

/** A question in any form, for whoever answers without a terminal. */
export interface Question {
  kind: 'text' | 'secret' | 'confirm' | 'choose' | 'choose-some';
  key: string;
  message: string;
  choices: readonly { value: string; label: string; hint?: string }[];
  /** What is taken when nobody answers; undefined when it must be answered. Of a secret only that there is one. */
  byDefault: string | boolean | readonly string[] | undefined;
  judge(answer: string): string | null;
}

export type Answer = string | boolean | readonly string[];

/** An asker whose every question goes through one function, which answers at once. */
export function plainAsker(
  answer: (question: Question) => Answer,
  options: { isRehearsal(): boolean; say(line: string): void },
): Asker {
  const times = new Map<string, number>();
  function ask(question: Partial<Question> & Pick<Question, 'kind' | 'key' | 'message'>): Answer {
    const count = (times.get(question.key) ?? 0) + 1;
    times.set(question.key, count);
    if (count > mostTimes) {
      throw new ConnectorError('bad_request', `"${question.key}" is asked again and again`, {
        hint: 'Give another answer to it, or run npx patchbay setup at a terminal.',
      });
    }
    return answer({ choices: [], byDefault: undefined, judge: () => null, ...question });
  }
  return {
    get isRehearsal() {
      return options.isRehearsal();
    },
    text: async (question) => ask({ ...question, kind: 'text' }) as string,
    secret: async (question) => ask({ ...question, kind: 'secret' }) as string,
    confirm: async (question) => ask({ ...question, kind: 'confirm' }) as boolean,
    choose: async (question) => ask({ ...question, kind: 'choose' }) as never,
    chooseSome: async (question) => [...(ask({ ...question, kind: 'choose-some' }) as readonly string[])] as never,
    say: options.say,
  };
}

/** What is taken when nobody answers; undefined when that can't be used either, such as an empty text. */
export function usableDefault({ byDefault, judge }: Question): Answer | undefined {
  return typeof byDefault === 'string' && judge(byDefault) !== null ? undefined : byDefault;
}

/** What a rehearsal goes on with: what would be taken, or else something of the right form. */
export function standIn(question: Question): Answer {
  if (question.byDefault !== undefined) return question.byDefault;
  switch (question.kind) {
    case 'confirm':
      return false;
    case 'choose':
      return question.choices[0]?.value ?? '';
    case 'choose-some':
      return question.choices.map(({ value }) => value);
    default:
      return '';
  }
}

const mostTimes = 50;
