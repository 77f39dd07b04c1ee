import { callTimeline, writeBackWords } from '../../../src/domain/call-timeline.ts';
import type { CallDescription } from '../../../src/domain/connector.ts';
import { factWords } from '../../../src/domain/fact-words.ts';
import type { Vicidial } from '../vicidial.ts';
import type { ShowQuery } from './show-query.ts';

/** A call of ours in words. Summaries are what the AI wrote, and may hold anything. */
export interface ShownCall {
  correlationId: string;
  dialer: string;
  campaign: string;
  leadId: string;
  phone: string;
  registeredAt: string;
  route: string;
  outcome: string;
  basis: string;
  summary: string;
  names: string[];
  /** Of both sides. */
  recordings: { source: string; url: string }[];
  facts: { at: string; source: string; what: string }[];
  writeBacks: {
    dialer: string;
    aspect: string;
    revision: number;
    value: string;
    state: string;
    why: string;
    hint: string;
  }[];
}

/** Our calls that the query means. */
export async function findShownCalls(
  { id, deps }: Pick<Vicidial, 'id' | 'deps'>,
  query: ShowQuery,
  phones: readonly string[],
): Promise<ShownCall[]> {
  const described = await deps.describeCalls(callQueryOf(id, query, phones));
  return described.map(shownCall);
}

function callQueryOf(
  id: string,
  query: ShowQuery,
  phones: readonly string[],
): Parameters<Vicidial['deps']['describeCalls']>[0] {
  switch (query.kind) {
    case 'code':
      return { refs: [{ instance: id, kind: 'caller-code', key: query.code.key }] };
    case 'lead':
      return { leadKey: query.leadId, phones };
    case 'phone':
      return { phones: [query.phone] };
  }
}

function shownCall({ call, refs, facts, writeBacks }: CallDescription): ShownCall {
  const { correlationId, dialer, campaign, leadKey, phone, registeredAt, route, outcome } = call;
  return {
    correlationId,
    dialer,
    campaign,
    leadId: leadKey,
    phone,
    registeredAt,
    route,
    outcome: outcome?.code ?? '',
    basis: outcome?.basis ?? '',
    summary: outcome?.summary ?? '',
    recordings: [...callTimeline({ facts, writeBacks }).recordings],
    names: refs.map(({ instance, kind, key }) => `${instance} ${kind} ${key}`),
    facts: facts.map((fact) => ({ at: fact.at, source: fact.source, what: factWords(fact.body) })),
    writeBacks: writeBacks.map((row) => ({
      dialer: row.dialer,
      aspect: row.aspect,
      revision: row.revision,
      value: writeBackWords(row),
      state: row.state,
      why: row.why,
      hint: row.hint,
    })),
  };
}
