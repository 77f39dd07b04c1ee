/**
 * The places on the way of a write-back at which a drill can end the process with signal 9, in the order in which a call
 * comes past them. Between two of them something became true for others that this process has not noted yet.
 */
export const failPoints = [
  /** Facts, outcome and write-backs are committed; the sender does not know. */
  'facts.stored',
  /** The sender of an event, or of a tool call, has its answer. */
  'facts.acknowledged',
  /** The store is away, and the spool's file is flushed; the sender does not know. */
  'spool.written',
  /** The store has what the spool's file holds, and the file is there still. */
  'spool.stored',
  'spool.drained',
  'outbox.claimed',
  'outbox.asking',
  /** The dialer did as it was told, and nothing of it is stored. */
  'outbox.answered',
  'outbox.settled',
  /** Between the steps of writes that are several requests. */
  'status.written',
  'log.written',
  'callback.written',
  'dnc.marked',
  'dnc.written',
  /** A dialer has promised an import, and its receipt is not stored. */
  'import.sent',
  'receipt.stored',
  'confirm.claimed',
  'confirm.answered',
  'confirm.settled',
] as const;
export type FailPoint = (typeof failPoints)[number];

/** Does nothing, unless a drill wants the process to end here. */
export type FailAt = (point: FailPoint) => void;
