import { ConnectorError, messageOf } from '../../domain/errors.ts';
import { toldFor } from './sight.ts';
import type { Desk, Tool } from './tool.ts';

/** A result as the protocol has it. */
export interface ToolAnswer {
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: true;
  [name: string]: unknown;
}

const usualMs = 30_000;
/** More is no answer: an assistant would lose sight of the question. */
const mostCharacters = 60_000;

/**
 * Runs a tool. The gist comes first; then all of it as JSON, for hosts that show the model no structured content. A failure
 * is an answer too: it says what can be done.
 */
export async function answerTool(tool: Tool, desk: Desk, input: unknown, signal?: AbortSignal): Promise<ToolAnswer> {
  try {
    const { text, data } = await within(tool, desk, input as Record<string, unknown>, signal);
    // Only what the tool says that it tells leaves: a field that comes tomorrow does not.
    const told = tool.output.parse(data);
    const json = JSON.stringify(told);
    if (json.length > mostCharacters) throw tooMuch(json.length);
    return {
      content: [
        { type: 'text', text },
        { type: 'text', text: json },
      ],
      structuredContent: told,
    };
  } catch (error) {
    return { content: [{ type: 'text', text: wordsOf(error, tool, desk) }], isError: true };
  }
}

async function within(tool: Tool, desk: Desk, input: Record<string, unknown>, signal: AbortSignal | undefined) {
  const { withinMs = usualMs } = tool;
  const stop = new AbortController();
  const ended = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const hint = 'Ask for less, such as a shorter span of time. The tool `status` says whether the store answers.';
      reject(new ConnectorError('store_away', `${tool.name} took longer than ${withinMs / 1000} s`, { hint }));
      // After the words: what is stopped may fail in its own.
      stop.abort();
    }, withinMs);
  });
  try {
    return await Promise.race([tool.run(desk, input, ended), late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooMuch(length: number): ConnectorError {
  return new ConnectorError('bad_request', `the answer would have ${length} characters, which is too much to read`, {
    hint: 'Ask for less: a smaller limit, a shorter span, one dialer.',
  });
}

function wordsOf(error: unknown, { name }: Tool, { log }: Desk): string {
  if (error instanceof ConnectorError) return toldFor([error.message, error.hint].filter(Boolean).join('\n'));
  log.error({ tool: name, reason: messageOf(error) }, 'a tool of the assistant failed');
  return 'It failed in a way that it should not. What the server wrote to its standard error says why.';
}
