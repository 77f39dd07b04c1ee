import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import type { Held } from './spec.ts';

/** A dialer's record of one customer. */
export interface DialerRecord {
  disposition: string;
  callback: string;
  dnc: Set<string>;
  fields: Record<string, string>;
  human: string;
}

export function emptyRecord(): DialerRecord {
  return { disposition: '', callback: '', dnc: new Set(), fields: {}, human: '' };
}

/** A person's result is written over only where an operator corrected it afterwards; nothing is scheduled behind it. */
export function isOvertaken({ desired }: Pick<WriteBack, 'desired'>, { human }: DialerRecord): boolean {
  if (!human || desired.aspect === 'dnc' || desired.aspect === 'fields') return false;
  if (desired.aspect === 'callback' && desired.at === null) return false;
  return !(desired.overrules && desired.overrules >= human);
}

export function isUndo(desired: Desired): boolean {
  return (desired.aspect === 'callback' && desired.at === null) || (desired.aspect === 'dnc' && !desired.listed);
}

export function holds(record: DialerRecord, desired: Desired): boolean {
  switch (desired.aspect) {
    case 'disposition':
      return record.disposition === dispositionOf(desired);
    case 'callback':
      return record.callback === (desired.at ?? '');
    case 'dnc':
      return desired.phones.every((phone) => record.dnc.has(phone) === desired.listed);
    case 'fields':
      return Object.entries(desired.fields).every(([name, value]) => record.fields[name] === value);
  }
}

/** A dialer keeps a disposition for a callback with its time. */
function dispositionOf({ disposition, callbackAt }: Extract<Desired, { aspect: 'disposition' }>): string {
  return callbackAt ? `${disposition} ${callbackAt}` : disposition;
}

export function change(record: DialerRecord, desired: Desired): void {
  switch (desired.aspect) {
    case 'disposition':
      record.disposition = dispositionOf(desired);
      return;
    case 'callback':
      record.callback = desired.at ?? '';
      return;
    case 'dnc':
      for (const phone of desired.phones) desired.listed ? record.dnc.add(phone) : record.dnc.delete(phone);
      return;
    case 'fields':
      Object.assign(record.fields, desired.fields);
  }
}

export function wordsOf({ disposition, callback, dnc, fields }: DialerRecord): Held {
  const inOrder = Object.fromEntries(Object.entries(fields).sort());
  return { disposition, callback, dnc: [...dnc].sort().join(), fields: JSON.stringify(inOrder) };
}
