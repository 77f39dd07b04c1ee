import type { Session } from '../session.ts';
import {
  callById,
  callByRef,
  callsByPhone,
  callsRegistered,
  callsWithOutcome,
  factsOf,
  openCalls,
  refsOf,
} from './calls.ts';
import { readCursor } from './cursors.ts';
import { countLeads, leadByKey, leadsByPhone } from './leads.ts';
import { isOptedOut, optOuts } from './opt-outs.ts';
import { attention, auditLog } from './people-in-charge.ts';
import { backlog, countWriteBacks, heldCalls, replayable, writeBacks, writeBacksOf } from './write-backs.ts';

/** Reads by key, in microseconds: on SQLite they run on the main thread. */
export const hotReads = {
  readCursor,
  callByRef,
  callById,
  callsWithOutcome,
  callsByPhone,
  openCalls,
  factsOf,
  isOptedOut,
  leadByKey,
  leadsByPhone,
} satisfies Record<string, Read>;

/** Reads that may go through many rows: they never hold up a live call. */
export const longReads = {
  callsRegistered,
  refsOf,
  writeBacksOf,
  writeBacks,
  countWriteBacks,
  backlog,
  heldCalls,
  replayable,
  optOuts,
  countLeads,
  attention,
  auditLog,
} satisfies Record<string, Read>;

export type HotReads = typeof hotReads;
export type LongReads = typeof longReads;

/** `never`: each read has an input of its own. */
type Read = (session: Session, input: never) => Promise<unknown>;
