import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import type { Agent } from '../api/agents.ts';
import { createSigmamindApi } from '../api/api.ts';
import { allRows } from '../api/page.ts';
import type { PhoneNumber } from '../api/phone-numbers.ts';

/** What the wizard need not ask, as SigmaMind holds it. */
export interface Workspace {
  agents: readonly Agent[];
  numbers: readonly PhoneNumber[];
}

const timeoutMs = 5000;

/** Throws a ConnectorError when the key is refused, or nobody answers. */
export async function readWorkspace(
  deps: Pick<ConnectorDeps, 'clock' | 'random'>,
  access: { apiUrl: string; apiKey: string },
): Promise<Workspace> {
  const api = createSigmamindApi(deps, { ...access, timeoutMs, readAttempts: 2 });
  const [agents, numbers] = await Promise.all([
    allRows((query) => api.listAgents(query)),
    allRows((query) => api.listPhoneNumbers(query)),
  ]);
  return { agents, numbers };
}
