import type { GuideEntry } from '../../../src/domain/guide.ts';
import { commands, entry } from './entry.ts';

/** What the guide lists under troubleshooting, in its words. */
export const troubles: readonly GuideEntry[] = [
  entry('trouble', '1. The transferred call does not reach SigmaMind', {
    checks: [
      ...['campaigns.script', 'scripts.ours', 'scripts.number', 'scripts.number-form', 'scripts.time'],
      ...['campaigns.connection', 'patchbay:number.registered', 'patchbay:number.agent', 'platform:number.registered'],
      ...['platform:number.agent', 'platform:agents.published', 'platform:sip.answers'],
    ],
    steps: ['connection-pop', 'connection-carrier'],
    commands: [commands.callTest],
    correction:
      "Before the number look at the campaign: its calls may reach no script at all. Whether Five9 knows the number and the carrier's Origination URI is right, only a call shows.",
  }),
  entry('trouble', '2. The customer hears ringing or silence before the AI speaks', {
    checks: ['campaigns.queue-time', 'campaigns.answer-detection', 'scripts.timeout', 'scripts.time'],
    steps: ['connection-pop', 'connection-carrier'],
    correction:
      'In an outbound campaign the call first waits for an agent: Maximum Queue Time is the usual cause, and the guide does not name it. Audio is G.711 u-law on both connections.',
  }),
  entry('trouble', '3. Dynamic variables are not appearing in SigmaMind', {
    checks: [
      ...['scripts.send-data', 'headers.names', 'scripts.variables', 'fields.used', 'campaigns.connection'],
      ...['platform:prompt.variables', 'patchbay:headers.variables', 'patchbay:headers.entered'],
      ...['patchbay:headers.budget'],
    ],
    commands: [commands.callTest],
    correction: 'Over a carrier headers may be lost on the way: the inbound-call webhook brings the same values.',
  }),
  entry('trouble', '4. The AI finishes but Five9 does not route to an agent (Option A)', {
    checks: [
      ...['scripts.return', 'scripts.address', 'scripts.authorization', 'scripts.answers', 'scripts.branches'],
      ...['scripts.error-branch', 'scripts.choices', 'skills.known', 'scripts.time'],
      ...['platform:tools.attached', 'platform:tools.self-test', 'patchbay:public-url.reachable'],
    ],
    steps: ['platform:voice-actions'],
    commands: [commands.audit],
    correction: "A call that the transfer's maximum duration cut looks the same.",
  }),
  entry('trouble', '5. The agent receives no context on screen pop', {
    checks: [
      ...['variables.group', 'variables.known', 'variables.types', 'scripts.answers', 'scripts.parameters'],
      ...['platform:tools.attached', 'platform:prompt.correlation-id', 'patchbay:outcomes.mapped'],
    ],
    steps: ['call-variables'],
    correction: "The variables have to be in the layout of the campaign's profile as well: no web service tells.",
  }),
  entry('trouble', '6. Call completes but no record appears in SigmaMind Conversations', {
    checks: [
      ...['scripts.number', 'patchbay:number.registered', 'patchbay:number.agent'],
      ...['platform:number.registered', 'platform:number.agent', 'platform:agents.published'],
      ...['platform:conversations.recent'],
    ],
  }),
];
