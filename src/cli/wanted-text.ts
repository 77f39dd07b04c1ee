import type { Desired } from '../domain/write-back.ts';

/** What a write-back wants, without numbers and texts of a person: a terminal's window is seen by others. */
export function wantedText(desired: Desired): string {
  switch (desired.aspect) {
    case 'disposition':
      return `${desired.disposition || '?'} (${desired.outcome})`;
    case 'callback':
      return desired.at ?? 'no callback';
    case 'dnc':
      return `${desired.phones.length} numbers ${desired.listed ? 'listed' : 'taken off'}`;
    case 'fields':
      return Object.keys(desired.fields).join(', ');
  }
}
