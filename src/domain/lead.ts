import type { Instant } from './call.ts';

/** A person to call, as one dialer's list holds them. */
export interface Lead {
  dialer: string;
  /** The dialer's own key: VICIdial lead_id, Five9 contact key. */
  key: string;
  list: string;
  campaign: string;
  /** Every number of the lead as E.164, the main one first. */
  phones: readonly string[];
  /** Fields by our names: `first_name`, `last_name`, `city`, `state`, `postal_code`, `email` …, custom ones as configured. */
  fields: Readonly<Record<string, string>>;
  changedAt: Instant;
}

/** One page of a lead read. `rejects` counts rows that could not be read, by reason. */
export interface LeadPage {
  leads: readonly Lead[];
  /** Leads outside the lists that are read, met by the way: they renew what is held of them, and add nothing. */
  strays?: readonly Lead[];
  rejects: Readonly<Record<string, number>>;
  /** Hand this back to go on after this page; empty when the read is through. */
  cursor: string;
  /** On the last page, where the dialer can tell what changed: the next read begins with this instead of anew. */
  since?: string;
  /** How many leads there are in all, when the dialer can say. */
  total?: number;
  /** How much of this read is done, 0 to 1, where the dialer can say that only. */
  share?: number;
}

/** `gentle`: with pauses, so that the dialer does not feel it. `full`: as fast as it goes, for an idle dialer. */
export type ReadPace = 'gentle' | 'full';
