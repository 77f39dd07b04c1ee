import type { Command, CommandOutput } from '../../src/domain/connector.ts';
import { ConnectorError } from '../../src/domain/errors.ts';

/** Prints a result: one JSON object for machines, lines for people. */
export function say(output: CommandOutput, result: object, lines: readonly string[]): void {
  if (output.isJson) output.write(JSON.stringify(result));
  else for (const line of lines) output.write(line);
}

/** Says why nothing was done, and what the operator can do. Gives the exit code. */
export function refuse(output: CommandOutput, why: string, hint: string, details: object = {}): number {
  say(output, { ok: false, why, hint, ...details }, [why, `→ ${hint}`]);
  return 1;
}

/** The same command; with `--json` a failure is a line of JSON too, in place of words on standard error. */
export function failingInJson(command: Command): Command {
  return {
    ...command,
    async run(words, options, output) {
      try {
        return await command.run(words, options, output);
      } catch (error) {
        if (!output.isJson || !(error instanceof ConnectorError)) throw error;
        return refuse(output, error.message, error.hint);
      }
    },
  };
}

/** A whole number within bounds, from the command line. */
export function readWhole(word: unknown, what: string, least: number, most: number): number {
  const value = typeof word === 'string' && /^\d{1,12}$/.test(word) ? Number(word) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new ConnectorError('bad_request', `${what} must be a whole number from ${least} to ${most}`, {
    hint: `Give digits only, for example ${least}.`,
  });
}

/** True when an option of that name was given. */
export function isOn(options: Readonly<Record<string, unknown>>, name: string): boolean {
  return options[name] === true;
}
