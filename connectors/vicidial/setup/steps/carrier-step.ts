import type { SetupStep } from '../../../../src/domain/setup.ts';
import { wayOf } from '../carrier-config.ts';
import { carrierSnippets } from '../snippets/carrier.ts';
import { type StepSite, snippetSite } from './step-site.ts';
import { clientNote, numbered, snippetsText } from './step-text.ts';

/** The carrier that leads to the platform. */
export function carrierStep(site: StepSite): SetupStep {
  const { config } = site.vicidial;
  const { prefix, tech, peer } = config.carrier;
  return {
    id: 'carrier',
    title: "The platform's carrier: account and dialplan entry",
    kind: 'generated',
    phase: 'dialer',
    checks: [
      'carrier.there',
      'carrier.active',
      'carrier.server',
      'carrier.one-pattern',
      'carrier.own-prefix',
      'carrier.strip',
      'carrier.duplicate-prefix',
      'carrier.call-log-first',
      'carrier.driver-form',
      'carrier.peer',
      'carrier.sip-host',
      'carrier.hang-up-seen',
    ],
    async describe() {
      const made = await snippetSite(site);
      const carriers = (made.found?.carriers ?? []).filter(({ isActive }) => isActive);
      const others = carriers.filter(({ dialplan }) => dialplan.includes(`_${prefix}`)).map(({ id }) => id);
      const there =
        others.length > 0
          ? `Carriers with a pattern that begins with ${prefix} now: ${others.join(', ')}. One of them may stay: the platform's.`
          : '';
      const steps = [
        `_Admin → Carriers → Add a New Carrier_: Carrier ID \`${peer.toUpperCase().slice(0, 15)}\`, Carrier Name \`AI platform\`, Protocol \`${tech === 'pjsip' ? 'PJSIP' : 'SIP'}\`, Server IP \`0.0.0.0 - ALL SERVERS\`, Active \`Y\`. Leave Registration String and Globals String empty.`,
        'Paste the texts below into Account Entry and Dialplan Entry, and submit: the dialers take it over within a minute.',
        `There is no field for a dial prefix: it is the pattern \`_${prefix}X.\` in the dialplan entry. \`\${EXTEN:${prefix.length}}\` cuts it off again.`,
      ];
      const way = wayOf(config.carrier);
      const asksByKey = way !== 'fastagi' && way !== 'set-variables';
      return [numbered(steps), there, snippetsText(carrierSnippets(made, way)), asksByKey ? clientNote : '']
        .filter(Boolean)
        .join('\n\n');
    },
  };
}
