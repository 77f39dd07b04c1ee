import { checkbox, confirm, input, password, select } from '@inquirer/prompts';
import type { Asker, ChoiceQuestion, TextQuestion } from '../../domain/setup.ts';

/** Where people are asked. */
export interface Terminal {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  signal?: AbortSignal;
}

/** Asks people at a terminal, one question at a time. */
export function terminalAsker(terminal: Terminal): Asker {
  return {
    isRehearsal: false,
    text: ({ message, byDefault, judge }) =>
      input({ message, ...(byDefault !== undefined && { default: byDefault }), validate: validate(judge) }, terminal),
    async secret({ message, byDefault, judge }) {
      const isKnown = byDefault !== undefined && byDefault !== '';
      const judged = validate(judge);
      const answer = await password(
        {
          message: isKnown ? `${message} (Enter: as it is now)` : message,
          mask: '*',
          validate: (text) => (isKnown && text === '' ? true : judged(text)),
        },
        terminal,
      );
      return isKnown && answer === '' ? byDefault : answer;
    },
    confirm: ({ message, byDefault }) => confirm({ message, default: byDefault }, terminal),
    async choose<Value extends string>(question: ChoiceQuestion<Value> & { byDefault?: Value }): Promise<Value> {
      const { message, byDefault } = question;
      const choices = choicesOf(question);
      return (await select<string>(
        { message, choices, pageSize, ...(byDefault !== undefined && { default: byDefault }) },
        terminal,
      )) as Value;
    },
    async chooseSome<Value extends string>(
      question: ChoiceQuestion<Value> & { byDefault?: readonly Value[] },
    ): Promise<Value[]> {
      const checked: readonly string[] = question.byDefault ?? [];
      const choices = choicesOf(question).map((choice) => ({ ...choice, checked: checked.includes(choice.value) }));
      return (await checkbox<string>({ message: question.message, choices, pageSize }, terminal)) as Value[];
    },
    say: (line) => void terminal.output.write(`  ${line}\n`),
  };
}

const pageSize = 15;

function choicesOf({ choices }: ChoiceQuestion<string>): { value: string; name: string; description?: string }[] {
  return choices.map(({ value, label, hint }) => ({ value, name: label, ...(hint && { description: hint }) }));
}

function validate(judge: TextQuestion['judge']): (answer: string) => true | string {
  return (answer) => judge?.(answer) ?? true;
}
