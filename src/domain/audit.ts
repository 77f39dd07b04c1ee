import type { Instant } from './call.ts';

/** Who did what, and to what: kept for as long as the site keeps evidence. */
export interface AuditEntry {
  at: Instant;
  /** `cli:<system user>`, or the name of a console user. */
  by: string;
  /** `person-erase`, `outcome-correct`, `opt-out-undo` … */
  act: string;
  /** What it was done to, without personal data: an id, a keyed hash. */
  subject: string;
  details: Readonly<Record<string, string>>;
}
