import type { Lead } from '../../src/domain/lead.ts';
import type { WriteBackTarget } from '../../src/domain/write-back.ts';
import type { Callback, LeadRow, LiveCall, LiveLine, RemoteAgent, StatusRow } from './tables/schema.ts';

/**
 * What the connector must know about leads and calls, whichever way it is read: from the tables, or, where there is no
 * access to them, through the Non-Agent API. Throws ConnectorError when the dialer can't be asked.
 */
export interface VicidialReads {
  /** What this way of reading can't tell, in words for the operator; empty when it can tell all. */
  gaps: readonly string[];
  /** A lead with all its numbers and configured custom fields. Its `campaign` is that of its list. */
  lead(leadId: string, signal?: AbortSignal): Promise<Lead | null>;
  /** The lead's own columns as the dialer holds them now. */
  leadRow(leadId: string, signal?: AbortSignal): Promise<LeadRow | null>;
  /** Values of these custom fields of one lead; the fields that the list does not define are missing. */
  customValues(lead: LeadRow, labels: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** Ids of leads with one of these numbers in the campaign's lists; at most two. */
  leadsWithNumber(numbers: readonly string[], campaign: string): Promise<string[]>;
  /** Calls that go on now, with this caller code or of this lead. */
  liveCalls(callerCode: string, leadId: string, signal?: AbortSignal): Promise<LiveCall[]>;
  /** The remote agent's line that has the call now; empty when none has. */
  lineOf(callerCode: string): Promise<string>;
  /** The log row of a call, and whether the lead has no newer one. */
  callLog(target: WriteBackTarget, leadId: string): Promise<CallLogFinding>;
  callbacks(leadId: string): Promise<Callback[]>;
  /** Whether a number is on a DNC list: a campaign's, or the system's. Null when this can't be read. */
  isOnDncList(list: string, number: string): Promise<boolean | null>;
  remoteAgents(): Promise<RemoteAgent[]>;
  /** Remote-agent lines that are logged in, with the second of their last heartbeat. */
  liveLines(): Promise<LiveLine[]>;
  /** Every status that exists; `campaign_id` is empty for those of the whole system. Null when this can't be read. */
  statuses(): Promise<StatusRow[] | null>;
}

/** As the DNC functions of the API name the list of the whole system. */
export const systemDncList = 'SYSTEM_INTERNAL';

export interface CallLogFinding {
  log: CallLog | null;
  isNewest: boolean;
}

/** The log row that belongs to a call of ours. */
export interface CallLog {
  uniqueid: string;
  /** The campaign; of an inbound call, the in-group. */
  campaign: string;
  status: string;
  isEnded: boolean;
}
