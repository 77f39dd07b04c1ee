import type { GuideEntry } from '../../../src/domain/guide.ts';
import { commands, entry } from './entry.ts';

const registered = ['scripts.number', 'platform:number.registered', 'patchbay:number.registered'];
const answered = ['platform:number.agent', 'platform:agents.published', 'patchbay:number.agent'];
const committed = ['platform:prompt.commit', 'platform:tools.attached', 'platform:tools.self-test'];

/** What the guide says to look at under each of its troubles. */
export const advice: readonly GuideEntry[] = [
  entry('advice', '1: the number of the transfer and its agent', {
    checks: ['scripts.number-form', ...registered, ...answered],
    steps: ['platform:number', 'script'],
  }),
  entry('advice', '1, method A: Five9 knows the number', {
    checks: ['campaigns.connection'],
    steps: ['connection-pop'],
    commands: [commands.callTest],
    correction: 'No web service tells: where headers are missing at SigmaMind, the call went over the public network.',
  }),
  entry('advice', '1, method B: Origination URI and SRTP', {
    checks: ['campaigns.connection', 'platform:sip.answers'],
    steps: ['connection-carrier'],
    commands: [commands.callTest],
    correction: "They are the carrier's: only a call shows whether they are right.",
  }),
  entry('advice', '1: the call in Conversations', {
    checks: ['platform:conversations.recent'],
    commands: [commands.callTest],
  }),
  entry('advice', '2: answer detection of the campaign', {
    checks: ['campaigns.answer-detection', 'campaigns.queue-time', 'campaigns.machines'],
    correction: 'A live answer is not enough: an outbound campaign lets the call wait for an agent before the script.',
  }),
  entry('advice', '2: codec and media of the trunk', {
    checks: ['campaigns.connection', 'scripts.time'],
    steps: ['connection-pop', 'connection-carrier'],
  }),
  entry('advice', '3: a static header first', {
    checks: ['scripts.send-data', 'headers.names', 'patchbay:headers.entered'],
    commands: [commands.callTest],
  }),
  entry('advice', '3: names begin with X-', { checks: ['headers.names'], steps: ['script'] }),
  entry('advice', '3: the variable is the name without X-', {
    checks: ['patchbay:headers.variables', 'platform:prompt.variables'],
    correction: 'In small letters, with _ for -: X-Lead-ID is {{lead_id}}.',
  }),
  entry('advice', '3: the prompt uses the variable', {
    checks: ['patchbay:headers.variables', 'platform:prompt.variables'],
    steps: ['platform:prompt'],
  }),
  entry('advice', '4: Return After 3rd Party Call', { checks: ['scripts.return'], steps: ['script'] }),
  entry('advice', '4: the agent ends its own leg', {
    checks: ['platform:voice-actions', 'scripts.time'],
    steps: ['platform:voice-actions'],
  }),
  entry('advice', '4: Query and Case after the transfer', {
    checks: ['scripts.address', 'scripts.authorization', 'scripts.answers', 'scripts.branches', 'scripts.error-branch'],
    steps: ['script', 'auth-profile'],
    correction: 'The Query asks Patchbay.',
  }),
  entry('advice', '4: the outcome is committed before the end', { checks: committed, steps: ['platform:prompt'] }),
  entry('advice', '5: the outcome is written back before the end', {
    checks: [...committed, 'platform:prompt.correlation-id'],
    steps: ['platform:prompt', 'platform:integration'],
    correction: 'It is committed to Patchbay, by the tool: SigmaMind has no place for it that a script could ask.',
  }),
  entry('advice', '5: the Query fills the call variables', {
    checks: ['scripts.answers', 'variables.group', 'variables.known', 'variables.types'],
    steps: ['call-variables', 'script'],
  }),
  entry('advice', '5: the correlation reference is the same on both sides', {
    checks: ['scripts.parameters', 'platform:prompt.correlation-id', 'patchbay:headers.variables'],
    commands: [commands.callTest],
  }),
  entry('advice', '6: the number is the registered one', { checks: registered, steps: ['platform:number'] }),
  entry('advice', '6: an active, published agent answers it', { checks: answered, steps: ['platform:publish'] }),
];
