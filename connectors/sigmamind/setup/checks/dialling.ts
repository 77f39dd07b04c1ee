import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { fail, looked, ok } from '../check-results.ts';
import type { SeenSite } from '../seen-site.ts';

export function diallingChecks(site: SeenSite): Check[] {
  return [
    {
      id: 'dialling.ready',
      title: 'SigmaMind can place calls itself',
      looksAt: 'GET /v1/phone-numbers, and our configuration: dialling',
      needs: ['api.key'],
      run: () => looked(() => checkDialling(site)),
    },
  ];
}

async function checkDialling({ id, config, phoneNumbers }: SeenSite): Promise<CheckResult> {
  const { from, agentId } = config.dialling;
  if (!from) return ok(agentId ? `${agentId}; the number is named with each call` : 'not used: it is not set up to');
  const own = (await phoneNumbers()).find(({ sipPhoneNumber }) => sipPhoneNumber === from);
  if (!own?.active) {
    return fail(
      `${from} is no active number of the workspace`,
      'Every call and campaign is refused.',
      `Change \`platforms.${id}.dialling.from\` to a number under Dashboard → Deploy → Phone Numbers.`,
    );
  }
  if (!agentId && own.outboundAgentId === '') {
    return fail(
      `${from} has no outbound agent, and \`dialling.agentId\` is not set`,
      'A call without an agent is not made, unless --agent names one.',
      `Dashboard → Deploy → Phone Numbers → ${from} → Outbound Call Setting → Outbound AI Agent, or \`platforms.${id}.dialling.agentId\`.`,
    );
  }
  return ok([from, agentId || own.outboundAgentId].join(' with '));
}
