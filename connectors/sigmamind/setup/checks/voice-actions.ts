import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { fail, listed, looked, ok, unknown } from '../check-results.ts';
import { nameOfAgent, type SeenSite } from '../seen-site.ts';

export function voiceChecks(site: SeenSite): Check[] {
  return [
    {
      id: 'voice-actions',
      title: 'Each agent can end a call, and transfers to numbers that can be dialled',
      looksAt: 'GET /v1/agents/{agentId}: tools of the types voice_end_call and voice_transfer_call',
      needs: ['agents.known'],
      run: () => looked(() => checkActions(site)),
    },
  ];
}

async function checkActions({ config, agents }: SeenSite): Promise<CheckResult> {
  const found = await agents();
  const own = Object.keys(config.numbers);
  for (const agent of found) {
    const tools = agent.tools ?? [];
    for (const { type, transferTo } of tools) {
      if (type !== 'voice_transfer_call' || typeof transferTo !== 'string') continue;
      const where = `Dashboard → Agents → ${nameOfAgent(agent)} → Transfer Call → the destination`;
      if (!/^(\+[1-9][0-9]{6,14}|\{\{\s*[a-z][a-z0-9_]*\s*\}\})$/.test(transferTo.trim())) {
        return fail(
          `${nameOfAgent(agent)} transfers to ${transferTo || 'nobody'}`,
          'Only a number in E.164 form, or one variable that holds it, can be dialled.',
          `${where}: such as +15550100000.`,
        );
      }
      if (own.includes(transferTo.trim())) {
        return fail(
          `${nameOfAgent(agent)} transfers to ${transferTo}, a number that agents of SigmaMind answer`,
          'The customer gets the AI again instead of people.',
          `${where}: the number of your people, for Five9 the DNIS of the inbound campaign.`,
        );
      }
    }
  }
  const silent = found.filter(({ tools }) => !(tools ?? []).some(({ type }) => /end_?call/i.test(String(type))));
  const names = listed(silent.map(nameOfAgent));
  if (silent.length === 0) return ok(`${listed(found.map(nameOfAgent))} can end the call`);
  return unknown(
    `the API shows no End Call action on ${names}`,
    'An agent that can not end its leg leaves the customer on the line, and a script that waits for the end goes on waiting.',
    `Look yourself, as the API may not tell of it: Dashboard → Agents → ${names} → Voice Actions → End Call must be there.`,
  );
}
