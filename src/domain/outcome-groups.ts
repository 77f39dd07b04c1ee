/**
 * What an outcome means for a campaign's result. `open`: there is none yet. A person was spoken with in `qualified` and in
 * `contact`.
 */
export const outcomeGroups = ['qualified', 'contact', 'no-contact', 'open'] as const;
export type OutcomeGroup = (typeof outcomeGroups)[number];

export interface OutcomeRules {
  /** The outcomes for which a campaign calls. */
  qualified: readonly string[];
  /** Those in which nobody was spoken with, as far as is known. Every other one is a contact. */
  noContact: readonly string[];
}

/** Handed to people because they wanted it, ready to buy, or bought. */
export const builtInQualified: readonly string[] = ['qualified', 'sale', 'transferred'];

/**
 * A machine or nobody answered (`voicemail`, `no_answer`, `busy`), the line failed (`failed`), the customer hung up before
 * anything was said that told an outcome (`hung_up`), or nobody told anything (`unknown`). A wrong number and a strange
 * language are contacts: somebody spoke. So is a site's own code, unless it is named: an agent or a person said it.
 */
export const builtInNoContact: readonly string[] = ['voicemail', 'no_answer', 'busy', 'hung_up', 'failed', 'unknown'];

/** The group of an outcome code; empty is no outcome yet. */
export function groupOf(outcome: string, { qualified, noContact }: OutcomeRules): OutcomeGroup {
  if (outcome === '') return 'open';
  if (qualified.includes(outcome)) return 'qualified';
  return noContact.includes(outcome) ? 'no-contact' : 'contact';
}

/** What people call the groups. */
export const groupTitles: Readonly<Record<OutcomeGroup, string>> = {
  qualified: 'Qualified',
  contact: 'Spoken with, not qualified',
  'no-contact': 'Not reached',
  open: 'No outcome yet',
};
