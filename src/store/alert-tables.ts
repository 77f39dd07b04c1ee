/** See `Alert`. */
export interface AlertRow {
  id: string;
  kind: string;
  alert_key: string;
  level: string;
  size: number;
  words: string;
  first_at: string;
  last_at: string;
  ended_at: string | null;
  is_closed: number;
  /** JSON of what each channel was told. */
  told: string;
  acked_by: string;
  acked_at: string | null;
}

/** See `KeptLetter`. */
export interface AlertLetterRow {
  id: string;
  channel: string;
  /** JSON of a Letter. */
  letter: string;
  created_at: string;
  due_at: string;
  state: string;
  attempts: number;
  why: string;
  sent_at: string | null;
}
