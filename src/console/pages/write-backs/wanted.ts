import type { Desired } from '../../../domain/write-back.ts';
import { maskedPhone } from '../../components/phone.ts';
import { type PageClock, time } from '../../components/time.ts';
import { type Html, html } from '../../html.ts';

/** What a write-back wants the dialer to hold, on one line. Numbers are masked, and of fields only the names are told. */
export function wantedInShort(desired: Desired, clock: PageClock): Html {
  switch (desired.aspect) {
    case 'disposition': {
      const { disposition, outcome, callbackAt } = desired;
      const until = callbackAt ? html`, callback ${time(callbackAt, clock)}` : null;
      if (!disposition) return html`<span class="quiet">nothing is mapped</span> to ${words(outcome)}${until}`;
      return html`<code>${disposition}</code> for ${words(outcome)}${until}`;
    }
    case 'callback':
      return desired.at === null ? html`no callback` : html`callback ${time(desired.at, clock)}`;
    case 'dnc': {
      const numbers = desired.phones.map(maskedPhone).join(', ') || 'number not known';
      const leads = desired.leads?.length ?? 0;
      const also = leads > 0 ? `, and ${leads} ${leads === 1 ? 'lead' : 'leads'}` : '';
      return html`${desired.listed ? 'on the DNC list' : 'off the DNC list'}: ${numbers}${also}`;
    }
    case 'fields':
      return html`fields ${Object.keys(desired.fields).join(', ')}`;
  }
}

/** An outcome code as people read it. */
export function words(code: string): string {
  return code.replaceAll('_', ' ');
}
