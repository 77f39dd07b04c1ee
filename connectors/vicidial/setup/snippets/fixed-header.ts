import type { Carrier } from '../carrier-config.ts';
import { extensionLines } from './dialplan-lines.ts';
import type { Snippet } from './site.ts';

/** The context of the handler that adds one fixed header, for PJSIP. */
const context = 'patchbay-fixed-header';

/** One header with a fixed value, to see that headers reach the platform at all. */
export function fixedHeaderSnippet({ tech, prefix, peer, dialSeconds }: Carrier): Snippet {
  if (tech === 'chan_sip') {
    return {
      name: 'fixed-header',
      where: 'Admin, Carriers, the carrier of the platform: one more line in Account Entry',
      text: 'header=X-city: Denver',
      notes: ['It goes with every call until the line is taken out.'],
    };
  }
  const add = extensionLines('s', [{ run: 'Set(PJSIP_HEADER(add,X-city)=Denver)' }, { run: 'Return()' }]);
  return {
    name: 'fixed-header',
    where: 'Admin, Servers, each dialer: Custom Dialplan Entry',
    text: `[${context}]\n${add}`,
    notes: [
      `In the carrier's Dialplan Entry, Dial gets this handler meanwhile: \`Dial(PJSIP/+\${EXTEN:${prefix.length}}@${peer},${dialSeconds},Tob(${context}^s^1))\`.`,
    ],
  };
}
