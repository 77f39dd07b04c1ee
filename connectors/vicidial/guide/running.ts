import type { GuideEntry } from '../../../src/domain/guide.ts';
import { commands, entry } from './entry.ts';

const conversations = ['platform:conversations.recent'];
const headers = [
  'patchbay:headers.entered',
  'patchbay:headers.variables',
  'patchbay:variables.headers',
  'patchbay:headers.budget',
];

/** List, first call, headers, answering machines, softphone, and what the guide explains at its end. */
export const running: readonly GuideEntry[] = [
  entry('step', 'Step 5: Navigate to the list', { checks: ['list.active'], steps: ['list'] }),
  entry('step', 'Step 5: Add a test lead record', {
    checks: ['list.dialable-leads', 'custom-fields.there'],
    steps: ['list', 'custom-fields'],
    commands: [commands.callTest, commands.push],
    correction:
      'The number is the national one without country code; the country code has a field of its own, 1 in North America.',
  }),
  entry('step', 'Step 5: Add dialable statuses', {
    checks: ['campaign.dial-statuses', 'statuses.not-dialled'],
    steps: ['campaign', 'statuses'],
    commands: [commands.push],
    correction:
      'They are set on the campaign, not on the list. Never DNC and XFER: DNC dials people who opted out, XFER everybody the AI talked to. For another test put one lead into the hopper.',
  }),
  entry('step', 'Step 5: the tip to add each status that a test leaves', {
    checks: ['campaign.dial-statuses', 'statuses.not-dialled'],
    commands: [commands.push],
    correction:
      'Left there, it dials customers again who were spoken to, or opted out. Put the test lead into the hopper.',
  }),
  entry('step', 'Step 5: Reset the list', {
    checks: ['list.dialable-leads'],
    steps: ['list'],
    commands: [commands.resetList],
    correction: 'It makes every called lead of the list dialable again, not only the test lead: push one lead instead.',
  }),
  entry('step', 'Step 6: Confirm the Remote Agent is Ready', { checks: ['lines.ready'], commands: [commands.lines] }),
  entry('step', 'Step 6: Reset the list', {
    checks: ['list.dialable-leads'],
    commands: [commands.callTest],
    correction: 'The test call needs no reset: it puts its one lead into the hopper.',
  }),
  entry('step', 'Step 6: Answer the call', {
    checks: ['calls.answer-time', 'sip.refused'],
    commands: [commands.callTest],
  }),
  entry('step', 'Step 6: Let the agent run', {
    checks: ['sip.one-way-audio', 'sip.drops'],
    commands: [commands.callTest],
  }),
  entry('step', 'Step 6: Verify in Vicidial Real-Time Screen', {
    checks: ['lines.ready'],
    commands: [commands.callTest, commands.show],
    correction: 'The daemon notices a hand-over up to 10 seconds late: until then the line shows no call.',
  }),
  entry('step', 'Step 6: Verify in SigmaMind dashboard', {
    checks: [...conversations, 'platform:webhooks.registered'],
    commands: [commands.callTest, commands.calls],
  }),
  entry('step', "Step 6: Check Vicidial's recording", {
    checks: ['campaign.recording'],
    steps: ['campaign'],
    correction:
      'Calls of remote agents are recorded from the hand-over on, and only with ALLCALLS or ALLFORCE, at the campaign or at the first line user.',
  }),
  entry('step', 'Step 7: How SigmaMind reads SIP headers', {
    checks: ['carrier.header-names', 'patchbay:headers.variables'],
    steps: ['headers'],
  }),
  entry('step', 'Step 7: Configuring SIP headers in Vicidial', {
    checks: [
      'carrier.headers-before-dial',
      'carrier.driver-form',
      'carrier.pjsip-handler',
      'carrier.inherited-headers',
      'carrier.asks-us',
      'carrier.curl-limits',
    ],
    steps: ['headers', 'carrier'],
    commands: [commands.snippets],
    correction:
      "VICIdial has no fields for SIP headers: they are lines of the carrier's dialplan entry, before Dial; on PJSIP in a handler.",
  }),
  entry('step', 'Step 7: Part A — Test with a static value first', {
    checks: ['carrier.header-names', ...conversations],
    steps: ['headers'],
    commands: [commands.softphone],
    correction:
      'On chan_sip the line header=X-city: Denver in the account entry sends it without any dialplan. The variable is shown only when the prompt uses it.',
  }),
  entry('step', 'Step 7: Part B — Pass dynamic lead field values', {
    checks: ['carrier.set-variables', 'carrier.asks-us', 'patchbay:headers.entered', 'patchbay:headers.budget'],
    steps: ['headers', 'custom-fields'],
    commands: [commands.snippets],
    correction:
      "Lead fields are no variables by themselves: agi-set_variables.agi sets those of the lead's own columns, Patchbay gives custom fields and a correlation ID as well. Send no phone number that the agent does not need.",
  }),
  entry('step', 'Step 7: Part C — Reference variables in your SigmaMind agent prompt', {
    checks: ['platform:prompt.variables', 'platform:prompt.correlation-id', ...headers],
    steps: ['platform:prompt'],
  }),
  entry('step', 'Step 8: Enable AMD routing in the campaign', {
    checks: ['amd.routing', 'campaign.routing-extension', 'amd.results'],
    steps: ['amd'],
    correction:
      'It is the routing extension 8369. People wait a moment longer, and some are taken for machines: it pays where machines are many.',
  }),
  entry('step', 'Step 8: Test with AMD enabled', {
    checks: ['amd.results'],
    steps: ['amd'],
    commands: [commands.callTest],
  }),
  entry('step', 'Testing with a Softphone: Install Zoiper', {
    steps: ['softphone-account'],
    commands: [commands.softphone],
  }),
  entry('step', 'Testing with a Softphone: Configure the SIP account', {
    steps: ['softphone-account'],
    commands: [commands.softphone],
    correction:
      "The account is that of a phone (Admin → Phones), with its Registration Password: users have no SIP password, and a line user's number is no account.",
  }),
  entry('step', 'Testing with a Softphone: Dial the SigmaMind number directly', {
    checks: ['carrier.one-pattern', 'remote-agent.number', 'platform:sip.answers'],
    commands: [commands.softphone],
    correction:
      'Such a call has no caller code and no lead: its headers are empty but for static ones, and no result is written.',
  }),
  entry('step', 'How Call Transfers Work', {
    checks: ['platform:voice-actions', 'api.rights', 'agent-api.active'],
    steps: ['platform:voice-actions', 'platform:attach-tools'],
    correction:
      'A transfer by the platform leaves VICIdial out: no agent gets the lead on the screen, and the line stays busy. The tool transfer hands the customer to an in-group or extension of VICIdial.',
  }),
  entry('step', 'How Multiple Agents Work', {
    checks: ['remote-agent.active', 'remote-agent.number', 'patchbay:number.agent'],
    steps: ['remote-agent', 'platform:number'],
    commands: [commands.setup],
    correction:
      'One carrier entry serves them all: each remote agent has the prefix and its own number. None has a host in its extension.',
  }),
  entry('step', 'Architecture Reference: Component Map', {
    checks: ['remote-agent.extension', 'carrier.sip-host', 'campaign.routing-extension', 'patchbay:number.agent'],
    commands: [commands.setup],
    correction:
      'The prefix is in the dialplan entry of the carrier, and the SIP server in its account entry: the remote agent has neither host nor server name. The runbook shows every part with your own names.',
  }),
  entry('step', 'Architecture Reference: Reference Values', {
    checks: ['carrier.own-prefix', 'carrier.strip', 'remote-agent.number', 'carrier.sip-host'],
    commands: [commands.setup],
    correction:
      "All are examples; the platform's prefix must be another than 9797, which stands for that of the customers. 5565 is a line user, no extension.",
  }),
  entry('step', 'Call Recording', {
    checks: ['campaign.recording'],
    commands: [commands.calls],
    correction: "VICIdial's recording of a remote-agent call begins with the hand-over, not with the dialling.",
  }),
];
