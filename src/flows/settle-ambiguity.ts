import type { Attention, AttentionKind } from '../domain/attention.ts';
import { instantOf } from '../domain/clock.ts';
import { correlationRef } from '../domain/connector.ts';
import { ConnectorError } from '../domain/errors.ts';
import type { Fact } from '../domain/fact.ts';
import type { Deps } from './deps.ts';
import { recordFacts } from './record-facts.ts';

const budgetMs = 5000;

/**
 * Binds a conversation that several calls can be to the one that a person chose: what was kept of it moves there, and
 * what follows from it is written. Saying the same again is harmless.
 *
 * @param by `cli:<system user>`, or the name of a console user
 */
export async function chooseCall(
  deps: Deps,
  { key, correlationId, by }: { key: string; correlationId: string; by: string },
): Promise<void> {
  const item = await ambiguousItem(deps, key);
  const { platform = '', conversation = '', nameKind = 'call-id' } = item.details;
  const name = { instance: platform, kind: nameKind, key: conversation };
  if (!conversation) {
    throw new ConnectorError('bad_request', `"${key}" is no conversation, and nothing is kept of it`, {
      hint: 'The conversation has a line of its own when it could not be matched. Take this one off with `leave`.',
    });
  }
  const chosen = await deps.store.callById(correlationId);
  if (!chosen || !isCandidate(item, chosen.correlationId)) {
    throw new ConnectorError('bad_request', `${correlationId} is none of the calls that it can be`, {
      hint: 'Choose one of the candidates that `patchbay attention` shows, or take it off with `leave`.',
    });
  }
  const known = await deps.store.callByRef(name);
  if (known?.isRegistered && known.correlationId !== chosen.correlationId) {
    throw new ConnectorError('bad_request', `the conversation was found to be ${known.correlationId} meanwhile`, {
      hint: 'Take it off the list with `leave`.',
    });
  }
  const settlement = `chose ${chosen.correlationId}`;
  await settle(deps, item, { by, settlement });
  const fact: Fact = {
    refs: [correlationRef(chosen.correlationId), name],
    source: `operator:${by}`,
    key: `matched:${conversation}`,
    at: instantOf(deps.clock),
    body: { kind: 'matched', by: 'operator' },
  };
  await recordFacts(deps, [fact], { budgetMs });
  await audit(deps, { by, act: 'attention-choose', item, details: { chose: chosen.correlationId } });
  deps.count.matched(platform, 'operator');
}

/** Takes a thing off the list as it is: nothing is written for it. */
export async function leaveAttention(
  deps: Deps,
  { key, kind, why, by }: { key: string; kind?: AttentionKind; why: string; by: string },
): Promise<void> {
  const items = await deps.store.attentionNamed({ key, ...(kind && { kind }) });
  const named = items.filter(({ settledAt }) => settledAt === null);
  const [item, ...others] = named;
  if (!item || others.length > 0) throw notThere(key);
  await settle(deps, item, { by, settlement: `left: ${why}` });
  await audit(deps, { by, act: 'attention-leave', item, details: { why } });
}

async function ambiguousItem(deps: Deps, key: string): Promise<Attention> {
  const [item] = await deps.store.attentionNamed({ kind: 'ambiguous-call', key });
  if (!item) throw notThere(key);
  return item;
}

/** Whoever is first decides; the same word again is taken, for the first run may have been cut off after it. */
async function settle(deps: Deps, item: Attention, { by, settlement }: { by: string; settlement: string }) {
  const { kind, key } = item;
  const isFirst = await deps.store.settleAttention({ kind, key, by, settlement, now: instantOf(deps.clock) });
  if (isFirst || item.settlement === settlement) return;
  throw new ConnectorError('bad_request', `"${key}" was settled before`, {
    hint: 'See `patchbay attention --all` for who did it, and how.',
  });
}

async function audit(
  deps: Deps,
  { by, act, item, details }: { by: string; act: string; item: Attention; details: Record<string, string> },
): Promise<void> {
  await deps.store.appendAudit({ at: instantOf(deps.clock), by, act, subject: `${item.kind} ${item.key}`, details });
}

function isCandidate({ details }: Attention, correlationId: string): boolean {
  return Object.entries(details).some(
    ([name, value]) => /^candidate\d+$/.test(name) && value.split(' ')[0] === correlationId,
  );
}

function notThere(key: string): ConnectorError {
  return new ConnectorError('not_found', `nothing that needs a person is called "${key}"`, {
    hint: 'Run `patchbay attention` to see what there is.',
  });
}
