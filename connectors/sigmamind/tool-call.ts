import type { Variables } from '../../src/domain/connector.ts';
import type { ToolCall } from '../../src/domain/platform.ts';
import { isMissing, snakeName } from './payload.ts';
import { isSpoken } from './spoken.ts';

/** Names of the call, of the lead and of the question itself: they are marks to find the call by, not results. */
const marks = new Set([
  'correlation_id',
  'caller_code',
  'lead_id',
  'call_id',
  'session_id',
  'uniqueid',
  'campaign',
  'list',
  'list_id',
  'phone',
  'phone_number',
  'number',
  'ani',
  'dnis',
  'dialer',
]);
const answers = new Set(['outcome', 'summary', 'callback_at', 'to']);

/**
 * Reads the body of a tool as the admin's template rendered it: flat texts, filled in by a language model. An
 * undefined variable arrives as an empty text, a careless one as `null` or as the placeholder itself: all are missing.
 */
export function readToolCall(body: Variables): ToolCall {
  const variables = new Map<string, string>();
  const fields: [string, string][] = [];
  for (const [name, value] of Object.entries(body)) {
    const snake = snakeName(name);
    if (!snake || isMissing(value)) continue;
    if (!variables.has(snake)) variables.set(snake, value.trim());
    if (!marks.has(snake) && !answers.has(snake) && !isSpoken(snake)) fields.push([name, value.trim()]);
  }
  return {
    correlationId: variables.get('correlation_id') ?? '',
    variables: Object.fromEntries(variables),
    outcome: variables.get('outcome') ?? '',
    summary: variables.get('summary') ?? '',
    callbackAt: variables.get('callback_at') ?? '',
    to: variables.get('to') ?? '',
    fields: Object.fromEntries(fields),
  };
}
