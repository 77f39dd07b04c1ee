import type { GuideEntry } from '../../../src/domain/guide.ts';
import { commands, entry } from './entry.ts';

const agentReady = ['remote-agent.active', 'remote-agent.server', 'remote-agent.lines', 'lines.ready'];
const calledNumber = [
  'remote-agent.extension',
  'remote-agent.number',
  'patchbay:number.registered',
  'patchbay:number.agent',
];
const notTheSame =
  'Routing Extension and Remote Extension must differ: 8368 or 8369 in the campaign, prefix and number at the remote agent.';

/** The guide's list of troubles. */
export const troubles: readonly GuideEntry[] = [
  entry('trouble', '1. The call is not reaching the Remote Agent', {
    checks: [
      ...agentReady,
      ...[
        'campaign.active',
        'campaign.dial-method',
        'campaign.dial-level',
        'campaign.routing-extension',
        'list.active',
      ],
      ...['list.dialable-leads', 'calls.before-routing', 'campaign.drop-seconds'],
    ],
    commands: [commands.callTest, commands.show],
    correction: notTheSame,
  }),
  entry('trouble', '2. The call reaches the Remote Agent but SigmaMind does not answer', {
    checks: [
      ...calledNumber,
      ...[
        'carrier.there',
        'carrier.active',
        'carrier.server',
        'carrier.one-pattern',
        'carrier.strip',
        'carrier.peer',
        'carrier.sip-host',
      ],
      ...[
        'sip.unauthorised',
        'sip.not-found',
        'sip.refused',
        'patchbay:number.sip-host',
        'platform:sip.answers',
        'platform:agents.published',
      ],
    ],
    commands: [commands.callTest, commands.softphone],
    correction:
      "The dial string must not end with a host: the field is cut at 20 characters. The SIP server stands in the carrier's account entry.",
  }),
  entry('trouble', '3. The customer hears ringing before the AI speaks', {
    checks: ['calls.answer-time', 'carrier.curl-limits', 'amd.routing'],
    commands: [commands.callTest],
    correction:
      'Detection of machines hides the wait but does not take it away: the platform is called after it, and the customer has waited already.',
  }),
  entry('trouble', '4. Dynamic variables are not appearing in SigmaMind', {
    checks: [
      ...['carrier.header-names', 'carrier.headers-before-dial', 'carrier.driver-form', 'carrier.pjsip-handler'],
      ...['carrier.set-variables', 'carrier.asks-us', 'carrier.inherited-headers', 'patchbay:headers.entered'],
      ...[
        'patchbay:headers.variables',
        'patchbay:variables.headers',
        'patchbay:headers.budget',
        'platform:prompt.variables',
      ],
    ],
    steps: ['headers', 'platform:prompt'],
    commands: [commands.callTest],
  }),
  entry('trouble', '5. Call status stays as AGENT NOT AVAILABLE', {
    checks: [
      ...agentReady,
      'remote-agent.on-hook',
      'campaign.routing-extension',
      'campaign.drop-seconds',
      'calls.drop-rate',
      'carrier.hang-up-seen',
    ],
    commands: [commands.lines],
    correction: `It is the name of the status DROP: no line was free in time, or the call ended within 10 seconds. ${notTheSame}`,
  }),
  entry('trouble', '6. Call completes but no record appears in SigmaMind Conversations', {
    checks: [
      ...calledNumber,
      'sip.not-found',
      'platform:number.agent',
      'platform:agents.published',
      'platform:conversations.recent',
    ],
    commands: [commands.callTest],
  }),
];
