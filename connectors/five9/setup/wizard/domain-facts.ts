import { createScriptOperations } from '../../ivr/script/script-operations.ts';
import type { Five9Api } from '../../soap/api.ts';
import { type CampaignWay, campaignWay } from '../campaign-ways.ts';
import { createSetupOperations } from '../setup-operations.ts';

/** What a domain holds that a wizard need not ask. */
export interface DomainFacts {
  campaigns: readonly { name: string; type: string; state: string; way: CampaignWay | null }[];
  fields: readonly { name: string; mapTo: string; type: string }[];
  dispositions: readonly { name: string; type: string }[];
  lists: readonly string[];
  variableGroups: readonly string[];
  skills: readonly string[];
  /** As Five9 writes them. */
  freeNumbers: readonly string[];
}

/** A domain of many campaigns is read in its names only: the rest would cost a request each. */
const mostWays = 50;

export async function readDomainFacts(
  api: Pick<Five9Api, 'call' | 'campaigns' | 'contactFields'>,
): Promise<DomainFacts> {
  const operations = createSetupOperations(api);
  const named = await api.campaigns();
  const campaigns: DomainFacts['campaigns'][number][] = [];
  for (const [index, { name, type, state }] of named.entries()) {
    const way = index < mostWays ? await campaignWay(api, name, type).catch(() => null) : null;
    campaigns.push({ name, type, state, way });
  }
  return {
    campaigns,
    fields: await api.contactFields(),
    dispositions: await operations.dispositions(),
    lists: [...(await operations.lists()).keys()],
    variableGroups: await operations.callVariableGroups(),
    skills: [...(await createScriptOperations(api).skills()).keys()],
    freeNumbers: await operations.freeNumbers(),
  };
}

/** What a person has to know of a campaign before choosing it; empty when it is as good as any. */
export function remarkOn({ type, way }: Pick<DomainFacts['campaigns'][number], 'type' | 'way'>): string {
  if (way?.isPreview) return 'preview mode: an agent has every call, no script can run';
  if (type === 'INBOUND') return 'inbound: places no calls';
  if (type === 'AUTODIAL') return 'autodial: every answered call reaches the script';
  return 'outbound: only calls for which no agent is free in time reach the script';
}
