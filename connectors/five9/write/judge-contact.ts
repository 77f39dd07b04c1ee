import type { Instant } from '../../../src/domain/call.ts';
import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { timesInContact } from '../read/times-in-contact.ts';
import type { Contact } from '../soap/schema.ts';

const markForm = /^(.+):(\d+):(\d+)$/;

export type Overtaken = Extract<DeliveryAnswer, { kind: 'overtaken' }>;

/** True when contacts must be read before a write, to see whether an agent was faster. */
export function watchesAgents({ config }: Pick<Five9, 'config'>): boolean {
  return Boolean(config.fields.lastAgentDisposition && config.fields.lastAgentDispositionAt);
}

/**
 * An agent's disposition that may be later than the AI's call stands: the row is overtaken. Null when there is none, and
 * where an operator corrected the call after it. A time that comes twice counts as we heard of it before, else as the
 * later one.
 *
 * @param heardAt when the agent spoke, by what was read before. (Default: nothing was)
 */
export function agentWasFaster(
  five9: Five9,
  row: WriteBack,
  contact: Contact | null,
  heardAt: Instant = '',
): Overtaken | null {
  const { lastAgentDisposition, lastAgentDispositionAt } = five9.config.fields;
  const disposition = contact?.[lastAgentDisposition ?? ''] ?? '';
  const overrules = ('overrules' in row.desired && row.desired.overrules) || '';
  const times = timesInContact(five9, contact, lastAgentDispositionAt);
  const at = times.find((time) => time === heardAt || time === overrules) ?? times.at(-1);
  if (!disposition || !at || Date.parse(at) <= Date.parse(row.target.calledAt)) return null;
  return at <= overrules ? null : { kind: 'overtaken', disposition, by: 'agent', at };
}

/**
 * When (epoch ms) the disposition was set, by Five9's own fields; null when they show another, or one from before. A later
 * word of the call counts from when it came: an earlier one may have been the same. One in doubt counts from the call, as
 * the doubt may be about a revision before it. Times are cut to the second; one that comes twice is the first that fits.
 *
 * @param isFirst no revision before it was sent. (Default: there is none)
 */
export function shownSince(
  five9: Five9,
  row: WriteBack,
  disposition: string,
  contact: Contact | null,
  isFirst = row.revision === 1,
): number | null {
  const { lastDisposition, lastDispositionAt } = five9.config.fields;
  if (!contact || !lastDisposition || !lastDispositionAt || contact[lastDisposition] !== disposition) return null;
  const earliest = Date.parse(isFirst || row.inDoubt ? row.target.calledAt : row.createdAt);
  const times = timesInContact(five9, contact, lastDispositionAt).map((time) => Date.parse(time));
  return times.find((at) => at >= Math.floor(earliest / 1000) * 1000) ?? null;
}

/**
 * The mark that a scheduled callback leaves in the contact: its call, its revision, and the time (epoch ms) of the
 * disposition that the contact showed before it. What shows from no later was reset by it, whichever clock is wrong.
 */
export function callbackMarkOf(five9: Five9, row: WriteBack, contact: Contact | null): string {
  const shownAt = timesInContact(five9, contact, five9.config.fields.lastDispositionAt).at(-1);
  return `${row.correlationId}:${row.revision}:${shownAt ? Date.parse(shownAt) : 0}`;
}

/**
 * When (epoch ms) the disposition was set that the contact showed before this callback, by its mark; null when it bears
 * none. A later revision of which the row's store does not know, as a backup was put back, stands for it too.
 */
export function markedAfter(five9: Five9, row: WriteBack, contact: Contact | null): number | null {
  const mark = contact?.[five9.config.fields.callbackMark ?? ''] ?? '';
  const [, call, revision, shownAt] = markForm.exec(mark) ?? [];
  return call === row.correlationId && Number(revision) >= row.revision ? Number(shownAt) : null;
}

/** The call whose callback left a mark; empty for anything else. */
export function callOfMark(mark: string): string {
  return markForm.exec(mark)?.[1] ?? '';
}
