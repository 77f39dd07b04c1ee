/** What the language model reads after a tool call: small and speakable. */
export type ToolAnswer =
  | { ok: true; outcome: string; say: string; next?: NextStep; callback_at?: string; offers?: readonly CallbackOffer[] }
  /** Only the fields that the agent may be told. */
  | { ok: true; found: true; lead: Readonly<Record<string, string>>; say: string }
  | ToolRefusal;

export interface ToolRefusal {
  ok: false;
  error: ToolError;
  say: string;
  allowed?: readonly string[];
  found?: false;
  /** Times that would do, the soonest first. */
  offers?: readonly CallbackOffer[];
}

/** A time at which the customer may be called: an instant, and how to say it in the customer's own time. */
export interface CallbackOffer {
  at: string;
  say: string;
}

/** What the agent does now: `stop` talking, since the dialer has the customer; or `end_call` by its own means. */
export type NextStep = 'stop' | 'end_call';

export const toolErrors = [
  'unknown_outcome',
  'unknown_call',
  'unknown_target',
  'bad_time',
  'call_over',
  'not_with_dialer',
  'refused',
  'not_sure',
  'not_found',
  'several',
  'needs_mark',
  'needs_time',
  'not_then',
  'opted_out',
] as const;
export type ToolError = (typeof toolErrors)[number];
