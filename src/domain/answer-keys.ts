/** The keys of a register answer before its headers, in the order in which they come. */
export const registerKeys = ['status', 'route', 'reason', 'correlation_id', 'error'] as const;

/** The keys of an outcome or context answer before its screen-pop fields, in the order in which they come. */
export const outcomeKeys = [
  'status',
  'route',
  'outcome',
  'disposition',
  'callback_at',
  'summary',
  'correlation_id',
  'error',
] as const;

/** Routes and other codes of an answer keep to these characters: an expression can always read them. */
export const safeCode = /^[A-Za-z0-9 _.,:;+@/-]+$/;
