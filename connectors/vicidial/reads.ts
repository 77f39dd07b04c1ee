import type { Lead } from '../../src/domain/lead.ts';
import type { WriteBackTarget } from '../../src/domain/write-back.ts';
import type { CallClues, FoundCall } from './recognise.ts';
import type {
  AlternatePhone,
  Callback,
  CampaignRow,
  FieldDefinition,
  LeadRow,
  LiveCall,
  LiveLine,
  RemoteAgent,
  StatusRow,
} from './tables/schema.ts';

/**
 * What the connector must know about leads and calls, whichever way it is read: from the tables, or, where there is no
 * access to them, through the Non-Agent API. Throws ConnectorError when the dialer can't be asked. `mayWait`: some
 * milliseconds for company, so that many leads are read at once.
 */
export interface VicidialReads extends SiteReads, WriteBackReads {
  /** What this way of reading can't tell, in words for the operator; empty when it can tell all. */
  gaps: readonly string[];
  /** A lead with all its numbers and configured custom fields. Its `campaign` is that of its list. */
  lead(leadId: string, signal?: AbortSignal): Promise<Lead | null>;
  /** The lead's own columns as the dialer holds them now. */
  leadRow(leadId: string, mayWait?: boolean): Promise<LeadRow | null>;
  /** Values of these custom fields of one lead; the fields that the list does not define are missing. */
  customValues(lead: LeadRow, labels: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** Ids of leads with one of these numbers in the campaign's lists; at most two. */
  leadsWithNumber(numbers: readonly string[], campaign: string): Promise<string[]>;
  /** Calls that go on now, with this caller code or of this lead. */
  liveCalls(
    callerCode: string,
    leadId: string,
    how?: { mayWait?: boolean; signal?: AbortSignal | undefined },
  ): Promise<LiveCall[]>;
  /**
   * Calls on a line, or handed to one in the last minutes, that these clues may mean; each code once. When there are
   * several, nobody can tell which.
   */
  callsLike(clues: CallClues, signal?: AbortSignal): Promise<FoundCall[]>;
  /** The remote agent's line that has the call now; empty when none has. */
  lineOf(callerCode: string): Promise<string>;
  /** The log row of a call, and whether the lead has no newer one. */
  callLog(target: WriteBackTarget, leadId: string): Promise<CallLogFinding>;
  /** Null when this can't be read. */
  callbacks(leadId: string): Promise<Callback[] | null>;
  /** Recordings of a lead that began within a span of UTC seconds. */
  recordings(leadId: string, span: { from: number; to: number }, signal?: AbortSignal): Promise<Recording[]>;
  /** Whether a number is on a DNC list: a campaign's, or the system's. Null when this can't be read. */
  isOnDncList(list: string, number: string): Promise<boolean | null>;
  /** `status` is empty where it can't be read. */
  remoteAgents(): Promise<RemoteAgent[]>;
  /** Remote-agent lines that are logged in, with the second of their last heartbeat, 0 where it can't be read. */
  liveLines(): Promise<LiveLine[]>;
}

/** What a site has set up, against which a mapping is held. Null when this can't be read. */
export interface SiteReads {
  /** Every status that exists; `campaign_id` is empty for those of the whole system. */
  statuses(): Promise<StatusRow[] | null>;
  /** Every campaign with the statuses that it dials. */
  campaigns(): Promise<CampaignRow[] | null>;
  /** Ids of the in-groups: the campaign of an inbound call's log row. */
  inGroups(): Promise<string[] | null>;
}

/** What writing back needs beside the call itself. Null when this can't be read. */
export interface WriteBackReads {
  /** A lead that was moved to the archive, where nobody dials it. Null also when there is none. */
  archivedLead(leadId: string): Promise<LeadRow | null>;
  /** The newest log row of a lead, of whatever call. Null also when there is none. */
  lastWord(leadId: string): Promise<LastWord | null>;
  /** The custom fields that a list defines. */
  fieldDefinitions(list: string): Promise<FieldDefinition[] | null>;
  /** The numbers of a lead beyond those in its own columns. */
  alternateNumbers(leadId: string): Promise<readonly AlternatePhone[] | null>;
  /** Those of these digits that some lead has as its number. */
  numbersHeld(forms: readonly string[]): Promise<string[] | null>;
}

/** How the newest call of a lead ended, or stands, and with whom. */
export interface LastWord {
  uniqueid: string;
  campaign: string;
  status: string;
  user: string;
  isEnded: boolean;
}

/** As the DNC functions of the API name the list of the whole system. */
export const systemDncList = 'SYSTEM_INTERNAL';

export interface CallLogFinding {
  log: CallLog | null;
  isNewest: boolean;
}

export interface Recording {
  /** Of its call; empty where it is not told. */
  uniqueid: string;
  /** Where it is stored; empty until it is. */
  location: string;
}

/** The log row that belongs to a call of ours. */
export interface CallLog {
  /** Empty where it can't be read. */
  uniqueid: string;
  /** Where it can't be: between which UTC seconds the call's channel began, which a uniqueid begins with. */
  startedBetween?: readonly [from: number, to: number];
  /** The campaign; of an inbound call, the in-group. */
  campaign: string;
  status: string;
  isEnded: boolean;
  /** The row is in vicidial_closer_log: update_log_entry finds it by its in-group. */
  isInbound: boolean;
  /** The row was moved to the archive, where no API changes it. */
  isArchived: boolean;
  /** UTC seconds of the customer's answer and of the call's end; 0 where they are not told. */
  startedSec: number;
  endedSec: number;
}
