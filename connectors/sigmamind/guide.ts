import type { GuideEntry } from '../../src/domain/guide.ts';
import { callsGuide } from './guide-calls.ts';

const overview = 'SIP Integration Overview';

/** What serves each entry of the SIP overview; that of the make-calls guide stands beside it. */
export const guide: readonly GuideEntry[] = [
  {
    guide: overview,
    kind: 'step',
    title: 'How SIP Integration Works in SigmaMind',
    checks: ['number.registered', 'number.agent', 'sip.answers'],
    steps: ['number'],
    correction:
      'It describes numbers whose calls come from the provider. Here the dialer sends the calls: the number is one of your carrier, and registered only so that SigmaMind knows who answers. SigmaMind does not register at your trunk: it takes calls at its SIP server, and dials out by the termination URI.',
  },
  {
    guide: overview,
    kind: 'step',
    title: '1. Purchase a Number',
    checks: ['number.registered', 'platform:number.registered', 'patchbay:number.registered'],
    steps: ['number'],
    correction:
      'No new number is needed where a dialer hands calls over: take one that your carrier gave you, one for each agent.',
  },
  {
    guide: overview,
    kind: 'step',
    title: '2. Collect SIP Credentials',
    checks: ['number.termination-uri'],
    steps: ['number'],
    correction:
      'What is needed is the termination URI of your carrier, for calls that SigmaMind makes (transfers). User name and password only where the carrier asks for them; set-up does not enter them.',
  },
  {
    guide: overview,
    kind: 'step',
    title: '3. Configure in SigmaMind',
    checks: ['number.registered', 'number.termination-uri', 'sip.answers'],
    steps: ['number'],
    correction:
      "Choose the tab Connect via SIP Trunking. The Terminal URI is your carrier's, never SigmaMind's own server. The dashboard shows no test of the connection: `npx patchbay call test` makes one.",
  },
  {
    guide: overview,
    kind: 'step',
    title: '4. Assign Number to an Agent',
    checks: ['number.agent', 'agents.published', 'patchbay:number.agent'],
    steps: ['number', 'agent', 'publish'],
    correction:
      'For calls of a dialer the inbound agent counts, as they come in at SigmaMind; the outbound agent is for calls that SigmaMind places itself.',
  },
  {
    guide: overview,
    kind: 'step',
    title: 'Example: SIP Settings',
    checks: ['sip.transport', 'number.termination-uri', 'dialer:carrier.peer'],
    steps: ['number'],
    correction:
      'The example shows the credentials of a provider (TLS on port 5061). The way to SigmaMind needs none: its server takes UDP, TCP or TLS, and knows the customer by the number.',
  },
  {
    guide: overview,
    kind: 'trouble',
    title: '401 Unauthorized',
    checks: ['dialer:sip.unauthorised', 'number.registered', 'sip.answers'],
    correction:
      'On the way to SigmaMind there is no user name: a 401 comes from the carrier of the dialer, or from a carrier entry that tries to register. On a transfer it comes from the carrier behind the termination URI.',
  },
  {
    guide: overview,
    kind: 'trouble',
    title: '404 Not Found',
    checks: ['dialer:sip.not-found', 'number.registered', 'patchbay:number.registered'],
    steps: ['number'],
    correction:
      "The number that is dialled must be registered digit for digit, with + and country code: nothing of the dialer's prefix may be left in it.",
  },
  {
    guide: overview,
    kind: 'trouble',
    title: 'One-way audio',
    checks: ['dialer:sip.one-way-audio', 'dialer:carrier.peer'],
    correction:
      "Nearly always the dialer's side: RTP ports closed, or a private address in the SDP (externip and localnet of the server). Codec G.711 µ-law on both legs.",
  },
  {
    guide: overview,
    kind: 'trouble',
    title: 'Call drops after a few seconds',
    checks: ['dialer:sip.drops', 'conversations.recent'],
    correction:
      'About 32 seconds after the answer: the ACK never came, so NAT. Within some seconds, with an error in Conversations: the agent. At the same length each time: a session timer or a limit of the carrier.',
  },
  {
    guide: overview,
    kind: 'trouble',
    title: 'If problems persist: test with a softphone',
    checks: ['sip.answers'],
    commands: ['npx patchbay call test --softphone'],
    correction:
      "A softphone can call SigmaMind's server directly, without any account: that tells carrier and SigmaMind apart.",
  },
  ...callsGuide,
];
