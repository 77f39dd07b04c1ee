import type { GuideEntry } from '../../../src/domain/guide.ts';
import { commands, entry } from './entry.ts';

const notTheSame = 'They must differ: 8368 or 8369 in the campaign, prefix and number at the remote agent.';
const ready = ['lines.ready', 'remote-agent.active'];
const registered = ['remote-agent.number', 'platform:number.registered', 'patchbay:number.registered'];
const answered = ['platform:number.agent', 'platform:agents.published', 'patchbay:number.agent'];

/** What the guide says to look at under each of its troubles. */
export const advice: readonly GuideEntry[] = [
  entry('advice', '1: the remote agent is Ready', { checks: ready, commands: [commands.lines] }),
  entry('advice', '1: Routing Extension and Remote Extension', {
    checks: ['campaign.routing-extension'],
    steps: ['campaign'],
    correction: notTheSame,
  }),
  entry('advice', "1: the lead's status is dialable", {
    checks: ['campaign.dial-statuses', 'list.dialable-leads'],
    commands: [commands.push],
  }),
  entry('advice', '1: User Stats of the remote agent', {
    checks: ['calls.before-routing', 'carrier-log.active'],
    commands: [commands.show],
    correction: 'A call that never reached a line is not in it: the command tells what became of a lead or a call.',
  }),
  entry('advice', '2: form of the Remote Extension', {
    checks: ['remote-agent.extension', 'carrier.one-pattern', 'carrier.strip'],
    steps: ['remote-agent'],
    correction: 'Prefix and number, digits only, 20 at most. A host behind it is what breaks it.',
  }),
  entry('advice', '2: the SIP server in the dial string', {
    checks: ['carrier.sip-host', 'carrier.peer', 'patchbay:number.sip-host'],
    steps: ['carrier'],
    correction: "It is not there but in the carrier's account entry.",
  }),
  entry('advice', '2: the call in Conversations', {
    checks: ['platform:conversations.recent'],
    commands: [commands.calls],
  }),
  entry('advice', '2: the number and its agent', { checks: [...registered, ...answered], steps: ['platform:number'] }),
  entry('advice', '3: AMD in production', {
    checks: ['amd.routing', 'amd.results'],
    steps: ['amd'],
    correction: 'It moves the wait to before the platform is called; the customer waits all the same, and longer.',
  }),
  entry('advice', '3: ring-back in spite of AMD', {
    checks: ['calls.answer-time', 'carrier.curl-limits', 'sip.refused'],
    commands: [commands.callTest],
    correction:
      'What takes its time after the hand-over is the question for headers, and the platform until it answers.',
  }),
  entry('advice', '4: a static header first', {
    checks: ['carrier.header-names', 'carrier.headers-before-dial'],
    steps: ['headers'],
    commands: [commands.softphone],
  }),
  entry('advice', '4: names begin with X-', { checks: ['carrier.header-names'], steps: ['headers'] }),
  entry('advice', '4: the variable is the name without X-', {
    checks: ['patchbay:headers.variables', 'platform:prompt.variables'],
    correction: 'In small letters, with _ for -: X-Lead-ID is {{lead_id}}.',
  }),
  entry('advice', '4: the prompt uses the variable', {
    checks: ['patchbay:headers.variables', 'platform:prompt.variables'],
    steps: ['platform:prompt'],
  }),
  entry('advice', '5: the remote agent is Ready', { checks: ready, commands: [commands.lines] }),
  entry('advice', '5: the remote agent belongs to this campaign', {
    checks: ['remote-agent.active', 'remote-agent.in-groups'],
    steps: ['remote-agent'],
  }),
  entry('advice', '5: Routing Extension and Remote Extension', {
    checks: ['campaign.routing-extension'],
    steps: ['campaign'],
    correction: notTheSame,
  }),
  entry('advice', '6: the number is the registered one', { checks: registered, steps: ['platform:number'] }),
  entry('advice', '6: an active, published agent answers it', { checks: answered, steps: ['platform:publish'] }),
];
