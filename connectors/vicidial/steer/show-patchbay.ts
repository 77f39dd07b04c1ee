import type { CallDescription } from '../../../src/domain/connector.ts';
import type { StoredFact } from '../../../src/domain/fact.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
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
    names: refs.map(({ instance, kind, key }) => `${instance} ${kind} ${key}`),
    facts: facts.map((fact) => ({ at: fact.at, source: fact.source, what: wordsOfFact(fact) })),
    writeBacks: writeBacks.map((row) => ({
      dialer: row.dialer,
      aspect: row.aspect,
      revision: row.revision,
      value: valueOfWriteBack(row),
      state: row.state,
      why: row.why,
      hint: row.hint,
    })),
  };
}

function wordsOfFact({ body }: StoredFact): string {
  switch (body.kind) {
    case 'registered':
      return `registered by ${body.via}, route ${body.route}`;
    case 'committed':
      return `committed ${body.outcome}${body.callbackAt ? `, callback ${body.callbackAt}` : ''}`;
    case 'ended':
      return `ended ${body.outcome}${body.durationSec === undefined ? '' : ` after ${body.durationSec} s`}`;
    case 'analysed':
      return `analysed${body.outcome ? ` ${body.outcome}` : ''}`;
    case 'dispositioned':
      return `dispositioned ${body.disposition} by ${body.by} in ${body.dialer}`;
    case 'corrected':
      return `corrected to ${body.outcome} by ${body.by}`;
    default:
      return body.kind;
  }
}

function valueOfWriteBack({ desired }: WriteBack): string {
  switch (desired.aspect) {
    case 'disposition':
      return desired.disposition || desired.outcome;
    case 'callback':
      return desired.at ?? 'none';
    case 'dnc':
      return desired.listed ? 'listed' : 'taken off';
    case 'fields':
      return Object.keys(desired.fields).join(' ');
  }
}
