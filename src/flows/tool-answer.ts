/** What the language model reads after a tool call: small and speakable. */
export type ToolAnswer =
  | { ok: true; outcome: string; say: string; next?: NextStep }
  | { ok: false; error: ToolError; say: string; allowed?: readonly string[] };

/** What the agent does now: `stop` talking, since the dialer has the customer; or `end_call` by its own means. */
export type NextStep = 'stop' | 'end_call';

export const toolErrors = [
  'unknown_outcome',
  'unknown_call',
  'unknown_target',
  'bad_time',
  'call_over',
  'refused',
  'not_sure',
] as const;
export type ToolError = (typeof toolErrors)[number];
export type ToolRefusal = Extract<ToolAnswer, { ok: false }>;
