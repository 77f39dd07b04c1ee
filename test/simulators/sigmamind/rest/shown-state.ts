import type { World } from '../world.ts';
import type { RestState, Row } from './state.ts';

const passing = ['createdAt', 'updatedAt'];

/** Everything that a set-up could change, in a stable order: two are equal when nothing differs. Tokens of auths are left out. */
export function shownState(world: World, rest: RestState): Row {
  return {
    phoneNumbers: sorted([...rest.phoneNumbers.values()], 'sipPhoneNumber'),
    agents: sorted([...rest.agents.values()], 'agentId'),
    webhooks: sorted(
      [...world.webhooks.values()].map((webhook) => ({ ...webhook })),
      'webhookId',
    ),
    integrations: sorted([...rest.integrations.values()], 'integrationId').map((row) => {
      const isOwn = ({ integrationId }: { integrationId: string }) => integrationId === row.integrationId;
      return {
        ...row,
        auths: [...rest.auths.values()].filter(isOwn).map(({ authId, authType }) => ({ authId, authType })),
        tools: sorted([...rest.tools.values()].filter(isOwn), 'toolId'),
      };
    }),
  };
}

function sorted(rows: readonly object[], by: string): Row[] {
  const plain = rows.map((row) => inOrder(row) as Row);
  return plain.sort((a, b) => (String(a[by]) < String(b[by]) ? -1 : 1));
}

/** Keys in the order of the alphabet, without those that change by themselves. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([key, inner]) => !passing.includes(key) && inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, inOrder(inner)]));
}
