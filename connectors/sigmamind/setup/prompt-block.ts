import type { PromptWords } from '../../../src/domain/connector.ts';
import { variableOfHeader } from './prompt-texts.ts';

const begin = '[Patchbay: begin]';
const end = '[Patchbay: end]';
const blankLine = '\n\n';

/** Codes that no agent says: how a call ended by itself. */
const technical = ['no_answer', 'busy', 'hung_up', 'failed', 'unknown'];

/** What every agent's prompt must say: which data the call brings, and how it is ended. */
export function promptBlock({ headers, outcomes }: PromptWords): string {
  const variables = [...new Set(['correlation_id', ...headers.map(variableOfHeader)])];
  const codes = outcomes.filter((code) => !technical.includes(code));
  return [
    begin,
    'Data of this call; a value may be empty. Never say the IDs aloud, and hand them to tools exactly as they are:',
    ...variables.map((name) => `- ${name}: {{${name}}}`),
    'How you finish, always in this order:',
    '1. Call the tool commit_outcome with one `outcome` and a `summary` of one or two sentences, and wait for its result. Do this before you end or transfer the call, whatever happened.',
    `2. The outcome is one of: ${codes.join(', ')}. Somebody who asks not to be called again is opt_out.`,
    '3. For a callback call the tool schedule_callback with the time that the customer wants, in place of commit_outcome.',
    '4. When the customer shall speak with people, call the tool transfer, and do what `say` in its result tells you. When `next` is stop, say nothing more.',
    '5. Else end the call with your End Call action. Do not wait for the customer to hang up.',
    end,
  ].join('\n');
}

/** The text with the block in it: in place of an older one, else at its end. */
export function withBlock(instructions: string, block: string): string {
  const present = blockIn(instructions);
  if (present) return instructions.replace(present, () => block);
  return instructions === '' ? block : `${instructions}${blankLine}${block}`;
}

/** The text without the block, as it was before. */
export function withoutBlock(instructions: string, block: string): string {
  const after = `${blankLine}${block}`;
  return instructions.includes(after) ? instructions.replace(after, () => '') : instructions.replace(block, () => '');
}

/** True when one of the marks was taken out: where the block ends nobody can say. */
export function isTorn(instructions: string): boolean {
  return blockIn(instructions) === '' && (instructions.includes(begin) || instructions.includes(end));
}

/** The block as it stands in a prompt; empty when there is none. */
export function blockIn(instructions: string): string {
  const from = instructions.indexOf(begin);
  const to = instructions.indexOf(end, from);
  return from < 0 || to < 0 ? '' : instructions.slice(from, to + end.length);
}
