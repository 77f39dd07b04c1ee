import type { GuideEntry } from '../../../src/domain/guide.ts';
import { commands, entry } from './entry.ts';

const noEndpoint =
  "SigmaMind's API has no endpoint to register a call or to fetch its outcome, whatever the guide says: the Queries ask Patchbay.";
const queries = ['scripts.address', 'scripts.authorization', 'scripts.timeout', 'scripts.error-branch'];
const answering = ['patchbay:service.running', 'patchbay:public-url.reachable', 'patchbay:public-url.tls'];

/** The script, the campaign, the headers and the agent. */
export const steps: readonly GuideEntry[] = [
  entry('step', 'Step 1: open the IVR Script Designer', {
    checks: ['scripts.exist', 'scripts.ours'],
    steps: ['script'],
    commands: [commands.script],
  }),
  entry('step', 'Step 1: register the call using a Query module (optional)', {
    checks: [...queries, 'scripts.parameters', 'scripts.answers', ...answering, 'patchbay:clients.keys'],
    steps: ['auth-profile', 'script'],
    correction: `It is not optional: without it no outcome can be matched. ${noEndpoint} The authorization profile holds Patchbay's key, not SigmaMind's, and a Query that fails needs an error branch.`,
  }),
  entry('step', 'Step 1: add the 3rd Party Transfer module', {
    checks: ['scripts.number', 'scripts.number-form', 'scripts.time', 'patchbay:number.registered'],
    steps: ['script', 'connection-pop', 'connection-carrier'],
    correction:
      'The maximum duration begins at 300 seconds, which cuts calls with the AI; the guide does not name it. Raise it to script.maxCallSec.',
  }),
  entry('step', 'Step 1: enable Send Data to 3rd Party', {
    checks: ['scripts.send-data', 'headers.names', 'patchbay:headers.entered'],
    steps: ['script'],
  }),
  entry('step', 'Step 1: enable Return After 3rd Party Call', {
    checks: ['scripts.return'],
    steps: ['script'],
  }),
  entry('step', 'Step 1: save the IVR script', {
    checks: ['scripts.audit', 'scripts.choices', 'scripts.variables', 'scripts.secrets', 'scripts.seed'],
    steps: ['script'],
    commands: [commands.audit],
    correction:
      'What Five9 lets you save may still fail when it runs: a prompt without its id, a module without an error branch, a call variable or contact field that is not there.',
  }),
  entry('step', 'Step 2: open your outbound campaign', {
    checks: ['campaigns.known', 'campaigns.type'],
    steps: ['bind'],
    correction:
      'Preview is listed, and can not be used: an agent has every call. An autodial campaign is the natural fit.',
  }),
  entry('step', 'Step 2: route connected calls to the IVR script', {
    checks: ['campaigns.script', 'campaigns.bound', 'campaigns.queue-time', 'campaigns.machines'],
    steps: ['bind'],
    correction:
      'An outbound campaign has no setting that sends every answered call to a script. Autodial: IVR Schedule. Outbound: Action on Queue Expiration, Start IVR Script, with a Maximum Queue Time of 1 second and no agents of other work in it.',
  }),
  entry('step', 'Step 2: confirm caller ID and pacing', {
    checks: ['campaigns.caller-id', 'campaigns.dials', 'campaigns.answer-detection', 'patchbay:concurrency.lines'],
    steps: ['caller-id'],
    correction:
      "There are two caller ids: what customers see stands in the campaign's profile; what the AI's side sees is DNIS as ANI, which a carrier needs.",
  }),
  entry('step', 'Step 2: save the campaign', {
    checks: ['campaigns.state', 'lists.in-campaign', 'lists.filled'],
    steps: ['lists'],
    correction: 'The guide names no list: a campaign without one dials nobody. And it has to be started.',
  }),
  entry('step', 'Step 3: how SigmaMind reads SIP headers', {
    checks: ['headers.names', 'patchbay:headers.budget'],
    steps: ['script'],
    correction: 'Five9 sends ten headers at most, each line below 1,024 bytes.',
  }),
  entry('step', 'Step 3: configuring SIP headers in Five9', {
    checks: ['scripts.send-data', 'headers.names', 'scripts.seed', 'patchbay:headers.entered'],
    steps: ['script'],
    commands: [commands.script],
    correction:
      'How the exported script names the list to send is not told anywhere: set-up takes it from a seed script of your own domain.',
  }),
  entry('step', 'Step 3, part A: test with a static value first', {
    checks: ['scripts.send-data', 'headers.names', 'patchbay:headers.entered'],
    commands: [commands.callTest],
  }),
  entry('step', 'Step 3, part B: pass dynamic lead field values', {
    checks: ['fields.used', 'headers.names', 'scripts.variables', 'patchbay:headers.budget'],
    steps: ['contact-fields', 'script'],
  }),
  entry('step', "Step 3, part C: reference variables in the agent's prompt", {
    checks: [
      ...['platform:prompt.variables', 'platform:prompt.correlation-id'],
      ...['patchbay:headers.variables', 'patchbay:variables.headers'],
    ],
    steps: ['platform:prompt'],
    correction: 'The prompt must name {{correlation_id}} too: by it the outcome finds its call.',
  }),
  entry('step', 'Step 4: define the qualification goal in the prompt', {
    checks: ['platform:prompt.correlation-id', 'platform:tools.known', 'platform:tools.attached'],
    steps: ['platform:prompt', 'platform:integration', 'platform:attach-tools'],
  }),
  entry('step', 'Step 4: decide how the agent ends its turn', {
    checks: ['scripts.return', 'handoff.number'],
    steps: ['platform:voice-actions', 'handoff-number'],
    correction: 'Five9 takes no SIP REFER: the agent hangs up (End Call), or dials out (Transfer Call).',
  }),
  entry('step', 'Step 4: commit the outcome before ending', {
    checks: ['platform:tools.self-test', 'platform:analysis.fields', 'patchbay:outcomes.mapped', ...answering],
    steps: ['platform:integration', 'platform:analysis', 'platform:webhooks'],
    correction: `${noEndpoint} The agent commits by its tool commit_outcome.`,
  }),
  entry('step', 'Step 5, option A: confirm Return After 3rd Party Call is enabled', {
    checks: ['scripts.return'],
    steps: ['script'],
  }),
  entry('step', 'Step 5, option A: fetch the AI outcome', {
    checks: [...queries, 'scripts.parameters', 'scripts.answers', ...answering],
    steps: ['auth-profile', 'script'],
    correction: noEndpoint,
  }),
  entry('step', 'Step 5, option A: branch on the outcome', {
    checks: ['scripts.branches', 'patchbay:outcomes.mapped'],
    steps: ['script'],
  }),
  entry('step', 'Step 5, option A: route qualified calls to a skill', {
    checks: ['skills.known', 'scripts.choices', 'variables.group', 'variables.known', 'variables.types'],
    steps: ['skill', 'call-variables', 'script'],
    correction:
      "Agents see a call variable only when it is in the layout of the campaign's profile: no web service tells.",
  }),
  entry('step', 'Step 5, option A: handle non-qualified outcomes', {
    checks: [
      ...['dispositions.known', 'dispositions.types', 'scripts.dnc', 'callbacks.list', 'dnc.list', 'dnc.window'],
      ...['fields.known', 'fields.types', 'fields.mappings', 'fields.agents', 'key.unique', 'key.values'],
      ...['contacts.numbers', 'contacts.times'],
    ],
    steps: ['dispositions', 'contact-fields', 'keys', 'callback-list', 'import-callback'],
    commands: ['npx patchbay <id> dispositions --apply', 'npx patchbay <id> keys --apply'],
    correction:
      'The type of the disposition decides what the dialer does. Over the web services numbers are put on the DNC list at night only, and a callback keeps its time only in a list that a campaign dials. Which dispositions a campaign has, no web service tells: the command assigns them, which is harmless twice.',
  }),
  entry('step', 'Step 5, option B: create a Five9 inbound campaign for the handoff', {
    checks: ['handoff.number', 'scripts.exist'],
    steps: ['handoff-number', 'script'],
  }),
  entry('step', 'Step 5, option B: configure the Transfer Call voice action in SigmaMind', {
    checks: ['handoff.number', 'platform:number.termination-uri'],
    steps: ['platform:voice-actions'],
    correction: "The AI dials out by the number's Terminal URI, and the customer's number must show as the caller.",
  }),
  entry('step', 'Step 5, option B: fetch context in the inbound IVR script', {
    checks: [...queries, 'scripts.parameters', 'scripts.answers', 'variables.known'],
    steps: ['script'],
    correction: `${noEndpoint} By the customer's number Patchbay answers only while exactly one call of that customer waits.`,
  }),
  entry('step', 'Step 5: what both options bring to the agent', {
    checks: ['variables.known', 'scripts.answers', 'patchbay:headers.budget'],
    steps: ['call-variables', 'script'],
    correction: `${noEndpoint} The summary is cut to 500 bytes for the screen.`,
  }),
  entry('step', 'Step 6: place a test call', {
    checks: ['campaigns.state', 'lists.filled', 'campaigns.script'],
    commands: [commands.callTest],
  }),
  entry('step', 'Step 6: confirm the AI agent speaks', {
    checks: ['platform:number.agent', 'platform:agents.published', 'platform:sip.answers'],
    commands: [commands.callTest],
  }),
  entry('step', 'Step 6: confirm dynamic variables', {
    checks: ['headers.names', 'platform:prompt.variables', 'patchbay:headers.variables'],
    commands: [commands.callTest],
  }),
  entry('step', 'Step 6: confirm the handoff', {
    checks: ['scripts.return', 'scripts.branches', 'skills.known', 'handoff.number'],
    commands: [commands.callTest],
  }),
  entry('step', 'Step 6: verify in both dashboards', {
    checks: ['platform:conversations.recent', 'reports.saved'],
    commands: ['npx patchbay <id> call-log --since 24h'],
    correction: "An imported disposition marks the list's record; the call log shows what script or agent set.",
  }),
  entry('step', 'Testing with a softphone: install Zoiper', {
    steps: ['softphone-account'],
    commands: [commands.softphone],
  }),
  entry('step', 'Testing with a softphone: configure the SIP account', {
    checks: ['platform:sip.answers'],
    steps: ['softphone-account'],
    commands: [commands.softphone],
  }),
  entry('step', 'Testing with a softphone: dial the SigmaMind number', {
    checks: ['platform:number.registered', 'platform:number.agent', 'platform:sip.answers'],
    commands: [commands.softphone],
    correction: 'It shows trunk and agent. Script and headers are not on the way: only a campaign call shows those.',
  }),
];
