import type { Session } from '../session.ts';
import {
  callById,
  callByRef,
  callsByPhone,
  callsOfCampaign,
  callsPage,
  callsRegistered,
  callsWithOutcome,
  dialersOfCalls,
  factsOf,
  openCalls,
  refsOf,
} from './calls.ts';
import { readCursor } from './cursors.ts';
import { countLeads, leadByKey, leadsByPhone, leadsByPlace, leadsOfList } from './leads.ts';
import { measure } from './measure.ts';
import { isOptedOut, optedOutCalls, optOuts, toldOptOuts } from './opt-outs.ts';
import { heldOfPerson } from './people.ts';
import { attention, auditLog } from './people-in-charge.ts';
import { callsWithoutOutcome, confirmedWriteBacks, shellsNamed } from './reconciliation.ts';
import { transcriptsOf } from './transcripts.ts';
import {
  backlog,
  countWriteBacks,
  heldCalls,
  plansToRenew,
  replayable,
  writeBacks,
  writeBacksOf,
} from './write-backs.ts';

/** Reads by key, in microseconds: on SQLite they run on the main thread. */
export const hotReads = {
  readCursor,
  callByRef,
  callById,
  callsWithOutcome,
  callsByPhone,
  openCalls,
  callsOfCampaign,
  factsOf,
  refsOf,
  isOptedOut,
  leadByKey,
  leadsByPhone,
} satisfies Record<string, Read>;

/** Reads that may go through many rows: they never hold up a live call. */
export const longReads = {
  callsPage,
  dialersOfCalls,
  callsRegistered,
  callsWithoutOutcome,
  confirmedWriteBacks,
  shellsNamed,
  writeBacksOf,
  writeBacks,
  countWriteBacks,
  backlog,
  heldCalls,
  plansToRenew,
  replayable,
  optOuts,
  optedOutCalls,
  toldOptOuts,
  countLeads,
  measure,
  leadsByPlace,
  leadsOfList,
  attention,
  auditLog,
  transcriptsOf,
  heldOfPerson,
} satisfies Record<string, Read>;

export type HotReads = typeof hotReads;
export type LongReads = typeof longReads;

/** `never`: each read has an input of its own. */
type Read = (session: Session, input: never) => Promise<unknown>;
