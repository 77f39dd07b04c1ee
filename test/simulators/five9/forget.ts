import type { Five9Domain } from './five9-domain.ts';

/** What is gone of a contact. `fields` are emptied without a trace. */
export interface Forgotten {
  dispositions?: boolean;
  callbacks?: boolean;
  dnc?: boolean;
  fields?: readonly string[];
}

/** The domain holds a contact as it was before, as after a restore: nothing shows that it was ever otherwise. */
export function forget(domain: Five9Domain, number1: string, what: Forgotten): void {
  domain.imports.settle();
  if (what.dnc) domain.dnc.delete(number1);
  const [contact] = domain.contacts.find([['number1', number1]]);
  if (!contact) return;
  if (what.dispositions) {
    for (const records of domain.records.values()) records.delete(contact.id);
    for (const name of ['LastDisposition', 'LastDispositionDateTime'] as const) contact.mapped.delete(name);
  }
  if (what.callbacks) {
    for (const entries of domain.lists.values()) {
      if (entries.get(contact.id)?.callTime) entries.delete(contact.id);
    }
  }
  for (const name of what.fields ?? []) contact.values.delete(name);
}
