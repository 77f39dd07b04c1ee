import type { FactBody } from './fact.ts';

const event = 'possible-numbers';

/** Our note on a conversation that fits no call, or several: whose numbers (E.164) it can have been. */
export function possibleNumbersNote(phones: readonly string[]): FactBody {
  return { kind: 'noted', event, text: [...new Set(phones)].sort().join(' ') };
}

/** The numbers that were noted so. */
export function possibleNumbers(facts: readonly { body: FactBody }[]): string[] {
  return facts.flatMap(({ body }) => (body.kind === 'noted' && body.event === event ? body.text.split(' ') : []));
}
