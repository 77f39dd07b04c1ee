import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import type { Contact } from '../soap/schema.ts';
import { readDomainTime } from '../times.ts';

/** True when contacts must be read before a write, to see whether an agent was faster. */
export function watchesAgents({ config }: Five9): boolean {
  return Boolean(config.fields.lastAgentDisposition && config.fields.lastAgentDispositionAt);
}

/** An agent's disposition that is later than the AI's call stands: the row is overtaken. Null when there is none. */
export function agentWasFaster(five9: Five9, row: WriteBack, contact: Contact | null): DeliveryAnswer | null {
  const { lastAgentDisposition, lastAgentDispositionAt } = five9.config.fields;
  const disposition = contact?.[lastAgentDisposition ?? ''] ?? '';
  const at = readDomainTime(contact?.[lastAgentDispositionAt ?? ''] ?? '', five9.config.domainTimeZone);
  if (!disposition || !at || Date.parse(at) <= Date.parse(row.target.calledAt)) return null;
  return { kind: 'overtaken', disposition, by: 'agent', at };
}

/** True when Five9's own fields show that the disposition was set at or after the call. Times are cut to the second. */
export function holdsDisposition(five9: Five9, row: WriteBack, disposition: string, contact: Contact | null): boolean {
  const { lastDisposition, lastDispositionAt } = five9.config.fields;
  if (!contact || !lastDisposition || contact[lastDisposition] !== disposition) return false;
  if (!lastDispositionAt) return false;
  const at = readDomainTime(contact[lastDispositionAt] ?? '', five9.config.domainTimeZone);
  return at !== null && Date.parse(at) >= Math.floor(Date.parse(row.target.calledAt) / 1000) * 1000;
}

/** The mark that a scheduled callback leaves in the contact. */
export function callbackMarkOf(row: Pick<WriteBack, 'correlationId' | 'revision'>): string {
  return `${row.correlationId}:${row.revision}`;
}

/** True when the contact bears the mark of exactly this callback. */
export function bearsMark(five9: Five9, row: WriteBack, contact: Contact | null): boolean {
  const field = five9.config.fields.callbackMark;
  return Boolean(field && contact?.[field] === callbackMarkOf(row));
}
