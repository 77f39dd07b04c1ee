import type { SetupStep } from '../../../../src/domain/setup.ts';
import { toolDefinitions } from '../../tools.ts';
import { agentIdsOf, type SetupDeps } from '../seen-site.ts';

export function apiKeyStep({ id }: SetupDeps): SetupStep {
  return {
    id: 'api-key',
    title: 'Make an API key at SigmaMind',
    kind: 'manual',
    phase: 'access',
    checks: ['api.key'],
    describe: () =>
      [
        '1. SigmaMind dashboard → Deploy → API Keys: copy the Production key.',
        `2. Put it into \`platforms.${id}.apiKey\` (the wizard asks for it).`,
        '',
        'A key can read and change the whole workspace; SigmaMind knows no lesser rights. Keep it out of tickets and chats.',
      ].join('\n'),
  };
}

export function inboundUrlStep({ id, config, deps }: SetupDeps): SetupStep {
  const { tokens } = config.inboundCall;
  return {
    id: 'inbound-webhook-url',
    title: 'Let SigmaMind ask us about calls that come in without headers',
    kind: 'manual',
    phase: 'platform',
    checks: ['inbound-webhook.url'],
    describe() {
      if (tokens.length === 0) {
        return [
          'Not needed here: `inboundCall.tokens` is empty, so every call is taken to bring its headers along.',
          '',
          `Where a carrier stands between dialer and SigmaMind (Five9, method B) the headers are lost: set \`platforms.${id}.inboundCall.tokens\`, and make the runbook again.`,
        ].join('\n');
      }
      return [
        'Only for numbers whose calls come by a carrier, which loses the headers: with Five9 those of method B, which the step about the trunk at your carrier lists. Of yours:',
        '',
        ...Object.keys(config.numbers).map(
          (number) => `- dashboard → Deploy → Phone Numbers → ${number} → Inbound Call Setting`,
        ),
        '',
        `Inbound Webhook URL: \`${deps.publicUrl}/v1/platforms/${id}/inbound-call/<token>\`, where <token> is the first of \`platforms.${id}.inboundCall.tokens\` (in the file of secrets).`,
        '',
        'Enter it only once `patchbay serve` runs at this address: while it does not answer, SigmaMind drops the calls. Leave it empty on numbers whose calls bring their headers.',
      ].join('\n');
    },
  };
}

export function attachToolsStep({ id, config, deps }: SetupDeps): SetupStep {
  return {
    id: 'attach-tools',
    title: 'Attach the tools to the agents',
    kind: 'manual',
    phase: 'platform',
    checks: ['tools.attached'],
    describe: () =>
      [
        'The API has no documented way for it. For each of these agents (dashboard → Agents → the agent → Add tool):',
        '',
        ...agentIdsOf(config).map((agentId) => `- ${agentId}`),
        '',
        '| Tool of the integration patchbay | Instruction when to call it |',
        '| --- | --- |',
        ...toolDefinitions(id, deps.publicUrl).map(({ name, description }) => `| ${name} | ${description} |`),
        '',
        '`commit_outcome` is needed. `transfer` and `end_call` are for VICIdial, which acts on the call; `find_lead` and `schedule_callback` where the agent shall do that.',
      ].join('\n'),
  };
}

export function voiceActionsStep({ config }: SetupDeps): SetupStep {
  return {
    id: 'voice-actions',
    title: 'Give the agents End Call, and Transfer Call where SigmaMind transfers',
    kind: 'manual',
    phase: 'platform',
    checks: ['voice-actions'],
    describe: () =>
      [
        `For each agent (${agentIdsOf(config).join(', ')}): dashboard → Agents → the agent → Voice Actions.`,
        '',
        '**End Call**, always. Instruction: "Call it after commit_outcome has answered, when the conversation is over, or when the result of a tool has `next`: end_call." On Five9 with Return After 3rd Party Call this is what gives the call back to the script.',
        '',
        '**Transfer Call**, only where SigmaMind itself calls your people (Five9, option B). On VICIdial the tool `transfer` does it.',
        '',
        '- Destination: the number of your people in E.164 form (for Five9 the DNIS of the inbound campaign), never a number that SigmaMind answers.',
        '- Cold: the customer hears ringing, and the AI leaves. Warm: your agent is called first; whisper message, prompt-generated: "Sum up in two sentences who is calling and what they want."',
        '- Custom header: `X-correlation_id` with the value `{{correlation_id}}`: by it the screen pop finds the call.',
        '- Instruction: "Call it after commit_outcome has answered."',
      ].join('\n'),
  };
}

export function publishStep({ config }: SetupDeps): SetupStep {
  return {
    id: 'publish',
    title: 'Publish the agents',
    kind: 'manual',
    phase: 'platform',
    checks: ['agents.published'],
    describe: () =>
      [
        'Last of all, as a change counts only once it is published, and the API has no way for it:',
        '',
        ...agentIdsOf(config).map((agentId) => `- dashboard → Agents → ${agentId} → Publish`),
      ].join('\n'),
  };
}
