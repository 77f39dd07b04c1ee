import { userInfo } from 'node:os';
import type { App } from '../app.ts';
import type { CliContext } from './context.ts';

/** Who acts, for the audit log. @param door by which they come: `mcp` for an assistant */
export function operatorName(door: 'cli' | 'mcp' = 'cli'): string {
  return `${door}:${userInfo().username}`;
}

/** A number from the command line as E.164, by the countries of the dialers. Empty, and said so, when it is none. */
export function readNumber(context: CliContext, { deps }: Pick<App, 'deps'>, word: string): string {
  const countries = new Set([...deps.dialers.values()].map(({ settings }) => settings.country));
  const read = [...countries].map((country) => deps.readPhone(word, country)).filter(Boolean);
  const [phone = '', ...others] = new Set(read);
  if (phone && others.length === 0) return phone;
  context.err(
    phone ? 'The number could be of more than one country.' : 'That is not a number that anybody can be called at.',
  );
  context.err('Write it with + and its country code.');
  context.exit(1);
  return '';
}
