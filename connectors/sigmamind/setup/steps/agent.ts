import type { SetupStep } from '../../../../src/domain/setup.ts';
import { agentIdsOf, type SetupDeps } from '../seen-site.ts';

export function agentStep({ id, config }: SetupDeps): SetupStep {
  return {
    id: 'agent',
    title: 'Make the agents, or choose them',
    kind: 'manual',
    phase: 'platform',
    checks: ['agents.known'],
    describe() {
      const served = agentIdsOf(config).map((agentId) => {
        const numbers = Object.entries(config.numbers).flatMap(([number, answer]) =>
          answer.agentId === agentId ? [number] : [],
        );
        return `- ${agentId}: ${numbers.length > 0 ? `answers ${numbers.join(', ')}` : "speaks on SigmaMind's own calls"}`;
      });
      return [
        'Each number has one agent: campaigns that shall speak with different agents need numbers of their own.',
        '',
        ...(served.length > 0 ? served : [`- none yet: name them in \`platforms.${id}.numbers\``]),
        '',
        'A new one: dashboard → Agents → Create. Write what it shall find out; the data of the call, and how the agent ends it, come with the step "prompt". Its ID is in the address of its page.',
      ].join('\n');
    },
  };
}
