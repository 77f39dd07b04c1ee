import type { AlertLetterRow, AlertRow } from './alert-tables.ts';

/**
 * The rows of our tables as Kysely sees them. Instants are ISO-8601 UTC text, flags 0/1, JSON is text. Keys that come
 * from outside pass `fitKey` first.
 */
export interface Tables {
  calls: CallRow;
  call_refs: CallRefRow;
  facts: FactRow;
  leads: LeadRow;
  lead_phones: LeadPhoneRow;
  opt_outs: OptOutRow;
  write_backs: WriteBackRow;
  leases: LeaseRow;
  cursors: CursorRow;
  plans_to_renew: PlanToRenewRow;
  attention: AttentionRow;
  audit_log: AuditRow;
  transcripts: TranscriptRow;
  call_hours: CallHourRow;
  call_days: CallDayRow;
  left_hours: LeftHourRow;
  console_sessions: ConsoleSessionRow;
  log_in_failures: LogInFailureRow;
  processes: ProcessRow;
  controls: ControlRow;
  mappings: MappingRow;
  alerts: AlertRow;
  alert_letters: AlertLetterRow;
  schema_migrations: SchemaMigrationRow;
}

export interface CallRow {
  correlation_id: string;
  dialer: string;
  campaign: string;
  lead_key: string;
  phone: string;
  route: string;
  reason: string;
  registered_at: string;
  expires_at: string;
  is_registered: number;
  /** JSON of an Outcome. */
  outcome: string | null;
  /** When the first fact was received: of two shells the older survives. */
  created_at: string;
  /** Of `outcome`; empty while there is none. */
  outcome_code: string;
  /** The marks of the call: see `CallMarks`. */
  agent: string;
  agent_version: string;
  person: string;
  talk_sec: number;
  first_word_ms: number | null;
  is_transferred: number;
  /** When its row was written last, by `deps.clock`. */
  changed_at: string;
  /** Version of the mapping that it began with; empty when it goes by today's. */
  mapping: string;
}

/** Calls that were registered within an hour of the console's time zone, counted. */
export interface CallHourRow extends CountedRow {
  /** When the hour began. */
  hour: string;
}

/** The same of whole days: long spans are summed up from them. */
export interface CallDayRow extends CountedRow {
  /** When the day began. */
  day: string;
}

export interface CountedRow extends Record<FirstWordsColumn, number> {
  dialer: string;
  campaign: string;
  agent: string;
  agent_version: string;
  outcome_code: string;
  calls: number;
  transferred: number;
  talk_sec: number;
}

/** How many first words fell into each step of `firstWordSteps`, and above the last. */
export type FirstWordsColumn = `first_words_${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13}`;

/** Where a call was counted before it was erased or moved: that hour must be counted anew. */
export interface LeftHourRow {
  correlation_id: string;
  registered_at: string;
}

export interface ConsoleSessionRow {
  /** SHA-256 of the session's secret. */
  id_hash: string;
  user_name: string;
  /** `password` or `oidc`. */
  how: string;
  /** JSON list of the values of the role claim; empty for `password`. */
  claims: string;
  created_at: string;
  seen_at: string;
  expires_at: string;
  address: string;
  browser: string;
}

export interface LogInFailureRow {
  /** `user:…` or `address:…`, hashed. */
  failure_key: string;
  failures: number;
  last_at: string;
  /** Empty when it is not locked. */
  locked_until: string;
}

export interface ProcessRow {
  id: string;
  started_at: string;
  seen_at: string;
  version: string;
  /** JSON of a ProcessReport. */
  report: string;
}

/** See `Control`. */
export interface ControlRow {
  kind: string;
  dialer: string;
  campaign: string;
  aspect: string;
  percent: number;
  note: string;
  set_by: string;
  set_at: string;
}

/** See `NamedMapping`. */
export interface MappingRow {
  version: string;
  mapping: string;
  kept_at: string;
}

export interface CallRefRow {
  instance: string;
  kind: string;
  ref_key: string;
  correlation_id: string;
}

export interface FactRow {
  correlation_id: string;
  source: string;
  fact_key: string;
  /** Empty; in a drill without idempotency an id, so that the same fact counts again. */
  copy: string;
  at: string;
  received_at: string;
  /** JSON of a FactBody. */
  body: string;
}

export interface LeadRow {
  dialer: string;
  lead_key: string;
  list: string;
  campaign: string;
  /** JSON list of E.164 numbers, the main one first. */
  phones: string;
  /** JSON of the fields by our names. */
  fields: string;
  /** To be found by: see `postalKey`. */
  postal_code: string;
  changed_at: string;
  saved_at: string;
}

export interface LeadPhoneRow {
  phone: string;
  dialer: string;
  lead_key: string;
}

/** One row per number and call: each call's own word about a number is a function of that call's facts alone. */
export interface OptOutRow {
  phone: string;
  correlation_id: string;
  source: string;
  at: string;
  undone: number;
}

export interface WriteBackRow {
  id: string;
  correlation_id: string;
  dialer: string;
  aspect: string;
  revision: number;
  /** JSON of a WriteBackTarget. */
  target: string;
  /** JSON of a Desired. */
  desired: string;
  state: string;
  due_at: string;
  attempts: number;
  in_doubt: number;
  receipt: string;
  why: string;
  hint: string;
  created_at: string;
  settled_at: string | null;
  /** Fencing token of the claim; empty when nobody holds the row. */
  claim: string;
  /** By the database's clock. */
  claimed_until: string | null;
  /** The person who took it back; empty while nobody did. */
  cancelled_by: string;
  /** Of `attempts`. */
  spared: number;
}

export interface LeaseRow {
  name: string;
  /** Empty when released. */
  holder: string;
  fence: number;
  /** By the database's clock. */
  expires_at: string;
}

export interface CursorRow {
  name: string;
  value: string;
}

export interface SchemaMigrationRow {
  id: string;
  applied_at: string;
}

/** A call that must be planned anew from `due_at` on. */
export interface PlanToRenewRow {
  correlation_id: string;
  due_at: string;
}

export interface AttentionRow {
  kind: string;
  item_key: string;
  correlation_id: string;
  /** JSON of texts by name. */
  details: string;
  told: number;
  first_at: string;
  last_at: string;
  settled_by: string;
  settlement: string;
  settled_at: string | null;
}

export interface AuditRow {
  id: string;
  at: string;
  who: string;
  act: string;
  subject: string;
  /** JSON of texts by name. */
  details: string;
}

/** Only where a site keeps what was spoken. */
export interface TranscriptRow {
  correlation_id: string;
  platform: string;
  spoken: string;
  kept_at: string;
}
