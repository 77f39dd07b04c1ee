import type { Session } from '../session.ts';
import { alertPage, channelsWithDue, letterPage, letterStates, openAlerts } from './alerts.ts';
import { attentionNamed, attentionPage, countAttention } from './attention-pages.ts';
import { auditChoices, auditPage } from './audit.ts';
import {
  callChoices,
  changedMinutes,
  countCallsOf,
  countHours,
  lastCallBefore,
  leftHours,
  unmarkedCalls,
} from './call-counts.ts';
import {
  callById,
  callByRef,
  callsByPhone,
  callsPage,
  callsRegistered,
  callsWithOutcome,
  dialersOfCalls,
  factsOf,
  refsOf,
} from './calls.ts';
import { callsOfCampaign, openCalls } from './calls-of-campaign.ts';
import { callsOfHour } from './calls-of-hour.ts';
import { controls } from './controls.ts';
import { readCursor } from './cursors.ts';
import { givenCalls } from './given-calls.ts';
import { goingCalls } from './going-calls.ts';
import { latestOptOuts } from './latest-opt-outs.ts';
import { countLeads, leadByKey, leadsByPhone, leadsByPlace, leadsOfList } from './leads.ts';
import { mappingByVersion } from './mappings.ts';
import { measure } from './measure.ts';
import { attentionOf, auditOf } from './of-call.ts';
import { oldRows } from './old-rows.ts';
import { callsWithOpenOptOut, countOpenWriteBacks, countWriteBacksUpTo } from './open-write-backs.ts';
import { isOptedOut, optedOutCalls, optOuts, toldOptOuts } from './opt-outs.ts';
import { heldOfPerson } from './people.ts';
import { attention, auditLog } from './people-in-charge.ts';
import { processes } from './processes.ts';
import { judgePurge, oldCalls, rowsOfCalls } from './purge.ts';
import { callsWithoutOutcome, confirmedWriteBacks, shellsNamed } from './reconciliation.ts';
import { rowsOfRecords } from './rows-of-record.ts';
import { markedCalls, searchCalls } from './search-calls.ts';
import { logInLocks, sessionById, sessions } from './sessions.ts';
import { transcriptsOf } from './transcripts.ts';
import { heldReasons, writeBackPage, writeBacksById } from './write-back-pages.ts';
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
  controls,
  mappingByVersion,
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
  sessionById,
} satisfies Record<string, Read>;

/** Reads that may go through many rows: they never hold up a live call. */
export const longReads = {
  searchCalls,
  markedCalls,
  countHours,
  callChoices,
  changedMinutes,
  countCallsOf,
  leftHours,
  lastCallBefore,
  unmarkedCalls,
  callsPage,
  dialersOfCalls,
  callsRegistered,
  givenCalls,
  callsWithoutOutcome,
  goingCalls,
  callsOfHour,
  confirmedWriteBacks,
  shellsNamed,
  writeBacksOf,
  writeBacks,
  countWriteBacks,
  writeBackPage,
  writeBacksById,
  rowsOfRecords,
  heldReasons,
  latestOptOuts,
  countOpenWriteBacks,
  countWriteBacksUpTo,
  callsWithOpenOptOut,
  processes,
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
  openAlerts,
  alertPage,
  channelsWithDue,
  letterPage,
  letterStates,
  attention,
  attentionPage,
  attentionNamed,
  countAttention,
  auditLog,
  auditPage,
  auditChoices,
  attentionOf,
  auditOf,
  transcriptsOf,
  heldOfPerson,
  sessions,
  logInLocks,
  oldCalls,
  judgePurge,
  rowsOfCalls,
  oldRows,
} satisfies Record<string, Read>;

export type HotReads = typeof hotReads;
export type LongReads = typeof longReads;

/** `never`: each read has an input of its own. */
type Read = (session: Session, input: never) => Promise<unknown>;
