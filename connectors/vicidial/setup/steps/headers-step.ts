import type { SetupStep } from '../../../../src/domain/setup.ts';
import { wayOf } from '../carrier-config.ts';
import { codeHeader } from '../snippets/carrier-ways.ts';
import { fixedHeaderSnippet } from '../snippets/fixed-header.ts';
import type { StepSite } from './step-site.ts';
import { snippetText, table } from './step-text.ts';

/** Which headers go along, and how to see that they arrive: first a fixed one, then the lead's own. */
export function headersStep(site: StepSite): SetupStep {
  const { config, id, deps } = site.vicidial;
  const { headers, headerBudget, carrier } = config;
  return {
    id: 'headers',
    title: 'Headers with the data of the lead',
    kind: 'generated',
    phase: 'campaign',
    checks: [
      'carrier.headers-before-dial',
      'carrier.header-names',
      'carrier.asks-us',
      'carrier.set-variables',
      'carrier.inherited-headers',
      'carrier.curl-limits',
      'carrier.pjsip-handler',
    ],
    describe() {
      const way = wayOf(carrier);
      const rows = [...headers.map(({ name, from }) => [name, variableOf(name), from])];
      if (!headers.some(({ name }) => name === codeHeader)) {
        rows.push([codeHeader, variableOf(codeHeader), 'caller_code, made by the dialplan itself']);
      }
      const asks =
        way === 'set-variables' ? "VICIdial's own script gives the values" : `the dialplan asks Patchbay (${way})`;
      return [
        `Headers stand in the configuration (\`dialers.${id}.headers\`); ${asks}. The platform takes the \`X-\` off and has a variable for the prompt:`,
        table(['Header', 'In the prompt', 'Value'], rows),
        `At most ${headerBudget.bytes} bytes of names and values together (\`headerBudget.bytes\`, transport ${carrier.transport}): what does not fit is dropped, the last of the table first.`,
        '**A. A fixed value first.** It needs no service and shows whether headers get through at all.',
        snippetText(fixedHeaderSnippet(config.carrier)),
        'Make a test call and look for `city` among the dynamic variables of the conversation. The platform shows a variable only when the prompt uses it: write `{{city}}` into it. Then take the line out again.',
        '**B. Then the values of the lead.** The dialplan entry of the carrier does it; a header that you add later is only an entry in the configuration' +
          (['curl', 'fastagi'].includes(way) && carrier.tech === 'chan_sip'
            ? '.'
            : ', and the carrier entry printed and pasted again.'),
        `Try what the dialplan would get, from a dialer: \`curl -H 'X-Api-Key: …' '${deps.publicUrl}/v1/ivr/${id}/headers?fmt=json&phone=3035551000'\`.`,
        '**C.** Use the variables in the prompt, in double braces. A lead field that is empty sends no header.',
      ].join('\n\n');
    },
  };
}

function variableOf(header: string): string {
  return `{{${header.replace(/^X-/i, '')}}}`;
}
