import type { GuideEntry } from '../../../src/domain/guide.ts';
import { commands, entry } from './entry.ts';

/** What the guide explains at its end. */
export const reference: readonly GuideEntry[] = [
  entry('step', 'How Call Transfers Work: option A', {
    checks: ['scripts.return', 'scripts.branches', 'skills.known', 'platform:voice-actions'],
    steps: ['script', 'platform:voice-actions'],
    correction: 'Only where Return After 3rd Party Call is on, and the agent hangs up before the maximum duration.',
  }),
  entry('step', 'How Call Transfers Work: option B', {
    checks: ['handoff.number', 'platform:number.termination-uri', 'platform:voice-actions'],
    steps: ['handoff-number', 'platform:voice-actions'],
    correction:
      'It is a second call, over the carrier behind the Terminal URI: with a line and a price of its own. Who shows as the caller is for that carrier to allow.',
  }),
  entry('step', 'Multiple agents: register a separate number for each campaign', {
    checks: ['platform:number.registered', 'platform:number.agent', 'patchbay:number.agent'],
    steps: ['platform:number'],
  }),
  entry('step', 'Multiple agents: a separate IVR script per campaign', {
    checks: ['scripts.exist', 'scripts.number'],
    steps: ['script'],
    commands: [commands.script],
  }),
  entry('step', 'Multiple agents: bind each IVR script to its campaign', {
    checks: ['campaigns.script', 'campaigns.bound'],
    steps: ['bind'],
  }),
  entry('step', 'Architecture Reference: Component Map', {
    checks: ['campaigns.script', 'scripts.ours', 'scripts.audit', 'variables.known', 'patchbay:service.running'],
    commands: [commands.applySetup],
    correction: 'Patchbay is missing in it: the Queries ask it, and it writes what the AI found to Five9.',
  }),
  entry('step', 'Architecture Reference: Reference Values', {
    checks: ['headers.names', 'platform:sip.answers'],
    steps: ['connection-pop', 'connection-carrier'],
  }),
  entry('step', 'Architecture Reference: Connection Method Summary', {
    checks: ['campaigns.connection', 'campaigns.caller-id'],
    steps: ['connection-pop', 'connection-carrier'],
    correction:
      'What counts besides: headers. Over method A they arrive, over method B only where the carrier lets them pass.',
  }),
  entry('step', 'Call Recording', {
    checks: ['platform:recordings'],
    commands: ['npx patchbay <id> call-log --since 24h'],
    correction:
      'The 3rd Party Transfer module has a switch of its own for recording: Five9 has the part with the AI only where it is on, and no check looks at it. SigmaMind has no word of what people say after the hand-over.',
  }),
];
