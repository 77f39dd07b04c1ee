import { text } from 'node:stream/consumers';

/** A simulator's options: JSON in its first argument, or with `-` on its standard input, where thousands of leads have room. */
export async function readOptions(): Promise<unknown> {
  const [, , told = '{}'] = process.argv;
  return JSON.parse(told === '-' ? await text(process.stdin) : told);
}
