import type { GuideEntry } from '../../../src/domain/guide.ts';
import { commands, entry } from './entry.ts';

const routing =
  'The routing extension must stay 8368, or 8369 with answering machine detection. With the remote extension in its place calls bypass the remote agents (on Asterisk 12 and newer they go nowhere): no log row, status PDROP, and nothing that could be hung up.';

/** Users, remote agent, carrier and campaign. */
export const setUp: readonly GuideEntry[] = [
  entry('step', 'Step 1: Go to Admin → Users', { checks: ['users.lines'], steps: ['line-users'] }),
  entry('step', 'Step 1: Find or create the user', {
    checks: ['users.lines'],
    steps: ['line-users'],
    commands: [commands.applySetup],
    correction:
      'A remote agent of N lines needs N users whose numbers follow each other, and none may be a person. A user has no extension and no server: phones have. The number of the first user is what the remote agent asks for.',
  }),
  entry('step', 'Step 2: Go to Admin → Remote Agents', { checks: ['remote-agent.active'], steps: ['remote-agent'] }),
  entry('step', 'Step 2: Create a new Remote Agent', {
    checks: [
      'remote-agent.active',
      'remote-agent.server',
      'remote-agent.lines',
      'remote-agent.on-hook',
      'remote-agent.in-groups',
    ],
    steps: ['remote-agent', 'activate'],
    commands: [commands.lines],
    correction:
      'Server IP must be one real dialer. With 0.0.0.0, which stands for all servers with carriers only, no line ever logs in: one remote agent for each dialer. The fields are called User ID Start, External Extension and Status ACTIVE; Number of Lines is how many calls talk at once.',
  }),
  entry('step', 'Step 2: Set the Remote Extension correctly', {
    checks: [
      'remote-agent.extension',
      'remote-agent.number',
      'carrier.there',
      'carrier.one-pattern',
      'patchbay:number.registered',
    ],
    steps: ['remote-agent'],
    correction:
      'Prefix 9797 and number 19895551234 make 979719895551234; the example of the guide lacks two digits. The field holds 20 characters, digits only, and no host.',
  }),
  entry('step', 'Step 2: Save', { checks: ['remote-agent.active', 'lines.ready'], steps: ['remote-agent'] }),
  entry('step', 'Step 3: Go to Admin → Carriers', { checks: ['carrier.there'], steps: ['carrier'] }),
  entry('step', 'Step 3: Create a new carrier', {
    checks: [
      'carrier.active',
      'carrier.server',
      'carrier.peer',
      'carrier.sip-host',
      'carrier.driver-form',
      'carrier.pjsip-handler',
    ],
    steps: ['carrier', 'rebuild'],
    commands: [commands.snippets],
    correction:
      'A carrier with a name alone does nothing: its account entry holds the peer with the SIP server, its dialplan entry the lines that dial it.',
  }),
  entry('step', 'Step 3: Set the Dial Prefix', {
    checks: ['carrier.there', 'carrier.strip', 'carrier.call-log-first', 'carrier.hang-up-seen'],
    steps: ['carrier', 'rebuild'],
    commands: [commands.snippets],
    correction:
      'A carrier has no such field: the prefix is the pattern in its dialplan entry, and EXTEN cuts as many digits off again. Take a prefix of its own for the platform, not that of the customers.',
  }),
  entry('step', 'Step 3: Check for prefix conflicts', {
    checks: ['carrier.duplicate-prefix', 'carrier.one-pattern', 'carrier.own-prefix'],
    steps: ['carrier'],
    correction:
      "The guide gives the campaign's customers and the platform one prefix (9797), which is the conflict that it warns of: customers' numbers can be dialled to the platform.",
  }),
  entry('step', 'Step 3: Save', {
    checks: ['carrier.active'],
    steps: ['carrier', 'rebuild'],
    correction: 'The dialers take it over when they rebuild their configuration, within a minute after saving.',
  }),
  entry('step', 'Step 4: Open your SigmaMind campaign', {
    checks: ['campaign.there', 'campaign.active'],
    steps: ['campaign'],
  }),
  entry('step', 'Step 4: Set the dial prefix', {
    checks: ['carrier.own-prefix'],
    steps: ['campaign'],
    correction:
      "Dial Prefix and Manual Dial Prefix are those of the customers' carrier; they must not match the platform's carrier. Lists may have a prefix of their own.",
  }),
  entry('step', 'Step 4: Set the Routing Extension', {
    checks: ['campaign.routing-extension', 'calls.before-routing'],
    steps: ['campaign'],
    correction: routing,
  }),
  entry('step', 'Step 4: Set the Campaign Caller ID', { checks: ['campaign.caller-id'], steps: ['campaign'] }),
  entry('step', 'Step 4: Set the Manual CID', {
    checks: ['campaign.caller-id'],
    steps: ['campaign'],
    correction:
      "The lines of the AI dial nothing by hand: it concerns people of the same campaign, who show the campaign's caller id otherwise.",
  }),
  entry('step', 'Step 4: Set dial level and hopper', {
    checks: [
      ...[
        'campaign.dial-level',
        'campaign.hopper-level',
        'campaign.dial-method',
        'campaign.drop-seconds',
        'calls.drop-rate',
      ],
      'patchbay:concurrency.lines',
    ],
    steps: ['campaign'],
    correction:
      'A hopper level of 1 starves more than one line: at least the number of lines. The dial method must be RATIO or one of the ADAPT kinds; what answers without a free line counts against the 3 % of dropped calls.',
  }),
  entry('step', 'Step 4: Verify the Remote Agent is Ready', {
    checks: ['lines.ready'],
    steps: ['activate'],
    commands: [commands.lines],
    correction:
      'The real-time screen may show READY for a line that is gone: only a heartbeat of the last seconds counts.',
  }),
  entry('step', 'Step 4: Save the campaign', {
    checks: [
      'campaign.active',
      'campaign.call-times',
      'dnc.heeded',
      'start-url.set',
      'start-url.safe',
      'statuses.there',
      'patchbay:outcomes.mapped',
    ],
    steps: ['campaign', 'start-url', 'statuses'],
    correction:
      'The guide says nothing of results: without a mapping each call of the AI stays XFER. And VICIdial heeds no DNC list unless it is told to.',
  }),
];
