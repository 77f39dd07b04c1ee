import type { GuideEntry } from '../../../src/domain/guide.ts';
import { commands, entry } from './entry.ts';

/** What has to be there before, and the number at SigmaMind. */
export const before: readonly GuideEntry[] = [
  entry('step', 'How It Works', {
    checks: ['campaigns.script', 'scripts.number', 'patchbay:number.registered', 'scripts.return'],
    commands: [commands.callTest],
    correction:
      'Between the answer and the script stands the kind of campaign: only autodial sends each answered call to a script, an outbound one when no agent was free in time.',
  }),
  entry('prerequisite', 'SigmaMind SIP Server Details', {
    checks: ['platform:sip.answers', 'platform:sip.transport', 'platform:number.termination-uri'],
    steps: ['connection-pop', 'connection-carrier'],
    correction:
      'A 3rd Party Transfer takes a number and no SIP address: the server is entered at the trunk or the carrier.',
  }),
  entry('prerequisite', 'SigmaMind SIP Server Details: IP whitelisting', {
    checks: ['platform:sip.answers', 'campaigns.connection'],
    steps: ['connection-pop', 'connection-carrier'],
    correction:
      'It decides the connection: a trunk with fixed addresses is set up by both sides, else a carrier stands between.',
  }),
  entry('prerequisite', 'Method A: dedicated PoP SIP trunk', {
    checks: ['campaigns.connection', 'scripts.number', 'platform:sip.answers'],
    steps: ['connection-pop'],
    commands: [commands.callTest],
    correction:
      'Whether Five9 routes the number to the trunk, no web service tells: a number that Five9 does not know goes out over the public network and loses its headers, which the first test call shows.',
  }),
  entry('prerequisite', 'Method B: SIP trunk via your own carrier (Twilio, Telnyx)', {
    checks: ['campaigns.connection', 'campaigns.caller-id', 'platform:sip.answers'],
    steps: ['connection-carrier', 'platform:inbound-webhook-url'],
    correction:
      'A carrier may drop X- headers. The guide does not say so: the inbound-call webhook is needed then, and the customer must show as the caller.',
  }),
  entry('prerequisite', 'Admin access to the Five9 VCC Administrator', {
    checks: [
      ...['soap.region', 'soap.reachable', 'soap.login', 'soap.version', 'clock.apart'],
      ...['users.credentials', 'users.single-use', 'users.rights', 'users.permissions', 'quota.left'],
    ],
    steps: ['api-users'],
    correction:
      'Patchbay needs API users of its own besides: Five9 serves one session per user, so an admin must not log in with one of them.',
  }),
  entry('prerequisite', 'A SigmaMind account with an AI agent configured and published', {
    checks: ['platform:api.key', 'platform:agents.known', 'platform:agents.published'],
    steps: ['platform:api-key', 'platform:agent', 'platform:publish'],
  }),
  entry('prerequisite', 'A connection method selected, and its trunk provisioned', {
    checks: ['campaigns.connection', 'platform:sip.answers'],
    steps: ['connection-pop', 'connection-carrier'],
  }),
  entry('prerequisite', 'The number that Five9 transfers to, registered in SigmaMind with an AI agent', {
    checks: ['platform:number.registered', 'platform:number.agent', 'patchbay:number.registered'],
    steps: ['platform:number'],
  }),
  entry('prerequisite', 'The SigmaMind SIP server', {
    checks: ['platform:sip.answers', 'patchbay:number.sip-host'],
    correction: 'It belongs into the trunk, never into the Terminal URI of the number.',
  }),
  entry('prerequisite', 'Your Five9 campaign type confirmed', {
    checks: ['campaigns.known', 'campaigns.type', 'campaigns.dials'],
    correction:
      'Scripts run in autodial and inbound campaigns. Predictive, power and progressive ones reach a script only by queue expiration; in preview mode an agent has every call, so it can not be used, though the guide lists it.',
  }),
  entry('prerequisite', 'A Five9 skill (ACD queue) for the human agents', {
    checks: ['skills.known'],
    steps: ['skill'],
  }),
  entry('prerequisite', 'Testing from outside the US', {
    checks: ['platform:sip.answers'],
    steps: ['softphone-account'],
    commands: [commands.softphone],
  }),
  entry('step', 'Register your number: go to Phone Numbers in SigmaMind', {
    checks: ['platform:api.key', 'platform:number.registered'],
    steps: ['platform:number'],
    commands: [commands.applySetup],
  }),
  entry('step', 'Register your number: select Connect via SIP Trunking', {
    checks: ['platform:number.registered'],
    steps: ['platform:number'],
  }),
  entry('step', 'Register your number: fill in the SIP trunk details', {
    checks: ['platform:number.registered', 'platform:number.termination-uri', 'patchbay:number.registered'],
    steps: ['platform:number'],
    correction:
      'One number per AI agent. The Terminal URI is that of your own carrier: without a right one the agent can not transfer a call out.',
  }),
  entry('step', 'Register your number: save and map an AI agent', {
    checks: ['platform:number.agent', 'platform:agents.published', 'patchbay:number.agent'],
    steps: ['platform:number', 'platform:publish'],
  }),
];
