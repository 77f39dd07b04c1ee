import type { GuideEntry } from '../../../src/domain/guide.ts';
import { commands, entry } from './entry.ts';

const access = ['database.reachable', 'database.tables', 'api.reachable', 'api.ip-list', 'api.login', 'api.rights'];
const registered = ['platform:number.registered', 'patchbay:number.registered'];

/** What the guide explains first, what it asks for, and the number at the platform. */
export const before: readonly GuideEntry[] = [
  entry('step', 'How It Works', {
    checks: ['campaign.routing-extension', 'lines.ready', 'carrier.one-pattern', 'patchbay:number.registered'],
    commands: [commands.callTest],
    correction:
      'Two extensions take part: the routing extension (8368 or 8369) looks for a free line, and the line sends the call to its own extension, which is the carrier entry toward the platform.',
  }),
  entry('prerequisite', 'SigmaMind SIP Server Details', {
    checks: [
      'carrier.sip-host',
      'carrier.peer',
      'patchbay:number.sip-host',
      'platform:sip.answers',
      'patchbay:headers.budget',
    ],
    steps: ['carrier'],
    correction:
      "The SIP server stands in the carrier's account entry. The remote agent's field holds 20 characters and no host. Over UDP all headers must fit into one packet: take TCP or TLS.",
  }),
  entry('prerequisite', 'SigmaMind SIP Server Details: IP whitelisting', {
    checks: ['platform:sip.answers', 'sip.refused'],
    steps: ['carrier'],
    correction:
      'Let the firewall of the dialers reach the SIP server by its name; the platform checks the number, not the address.',
  }),
  entry('prerequisite', 'Admin access to your Vicidial instance', {
    checks: [...access, 'api.rights-too-many', 'api.lists', 'database.grants-too-many', 'release', 'settings.schema'],
    steps: ['grants', 'api-user'],
    commands: [commands.snippets],
    correction:
      'Admin access is for people who set it up. What runs later has a database user that may read named tables, and an API user of level 8.',
  }),
  entry('prerequisite', 'A SigmaMind account with an AI agent configured and published', {
    checks: ['platform:api.key', 'platform:agents.known', 'platform:agents.published'],
    steps: ['platform:api-key', 'platform:agent', 'platform:publish'],
  }),
  entry('prerequisite', 'Your Vicidial outbound carrier number registered in SigmaMind', {
    checks: [
      ...registered,
      'platform:number.termination-uri',
      'platform:number.agent',
      'patchbay:number.agent',
      'remote-agent.number',
    ],
    steps: ['platform:number'],
  }),
  entry('prerequisite', 'The SigmaMind SIP server', {
    checks: ['carrier.sip-host', 'patchbay:number.sip-host'],
    steps: ['carrier'],
    correction: "It goes into the carrier's account entry, not into the remote agent.",
  }),
  entry('prerequisite', 'Your Vicidial outbound carrier configured and tested for outbound calls', {
    checks: ['carrier.own-prefix', 'carrier.duplicate-prefix', 'carrier-log.active'],
    correction: "The customers' carrier keeps a prefix of its own: the platform gets another one.",
  }),
  entry('prerequisite', 'Your Vicidial dial prefixes confirmed with your Vicidial admin', {
    checks: ['carrier.own-prefix', 'carrier.one-pattern'],
    steps: ['campaign', 'carrier'],
    correction:
      "The auto-dial and manual dial prefixes are those of the customers' carrier. The platform's is a third one that no campaign dials with.",
  }),
  entry('prerequisite', 'Your Vicidial server number confirmed with your admin', {
    checks: ['remote-agent.server', 'servers.local-gmt', 'clock.zone', 'clock.apart'],
    steps: ['remote-agent'],
    correction: 'What counts is the server IP of one real dialer: one remote agent for each.',
  }),
  entry('prerequisite', 'Testing from outside the US', {
    steps: ['softphone-account'],
    commands: [commands.softphone],
  }),
  entry('step', 'Before You Begin: Go to Phone Numbers in SigmaMind', {
    checks: registered,
    steps: ['platform:number'],
  }),
  entry('step', 'Before You Begin: Select Connect via SIP Trunking', {
    checks: [...registered, 'platform:number.termination-uri'],
    steps: ['platform:number'],
  }),
  entry('step', 'Before You Begin: Fill in the SIP trunk details', {
    checks: [...registered, 'platform:number.termination-uri'],
    steps: ['platform:number'],
    correction:
      'The number is written with plus and country code. User and password are for calls that the platform makes by your carrier; the calls from the dialer need none.',
  }),
  entry('step', 'Before You Begin: Save and map an AI agent', {
    checks: ['platform:number.agent', 'patchbay:number.agent', 'platform:agents.published'],
    steps: ['platform:number', 'platform:publish'],
  }),
];
