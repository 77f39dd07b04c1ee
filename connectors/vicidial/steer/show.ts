import type { Command } from '../../../src/domain/connector.ts';
import { isOn, refuse, say } from '../../shared/answers.ts';
import { leadPhone } from '../phones.ts';
import type { Vicidial } from '../vicidial.ts';
import { maskShown } from './mask.ts';
import { findShownCalls } from './show-patchbay.ts';
import { readShowQuery } from './show-query.ts';
import { showText } from './show-text.ts';
import { findShownLeads, type ShownLead } from './show-vicidial.ts';

/** Everything that both sides know of a call, a lead or a number. */
export function showCommand(vicidial: Vicidial): Command {
  return {
    name: 'show',
    summary: 'shows what Patchbay and VICIdial know of a call, a lead or a number',
    arguments: [{ name: 'what', summary: 'caller code, lead id or phone number', isRequired: true }],
    options: [{ flags: '--show-numbers', summary: 'phone numbers in full (Default: their last four digits)' }],
    async run([word = ''], options, output) {
      const query = readShowQuery(vicidial, word);
      const leads = await findShownLeads(vicidial, query);
      const known = leads.filter((each) => each.lead !== null);
      const calls = await findShownCalls(vicidial, query, numbersOf(vicidial, known));
      if (known.length === 0 && calls.length === 0) {
        return refuse(
          output,
          'Neither Patchbay nor VICIdial knows it.',
          'Leads may be archived; a code without its date means the latest one: add @YYYY-MM-DD.',
        );
      }
      const shown = { patchbay: calls, vicidial: leads, unknown: vicidial.reads.gaps };
      const masked = isOn(options, 'showNumbers') ? shown : maskShown(shown);
      say(output, masked, showText(masked));
      return 0;
    },
  };
}

function numbersOf({ config }: Vicidial, leads: readonly ShownLead[]): string[] {
  return leads.flatMap(({ lead }) =>
    lead
      ? [lead.phone_number, lead.alt_phone]
          .map((number) => leadPhone(lead.phone_code, number, config.country))
          .filter(Boolean)
      : [],
  );
}
