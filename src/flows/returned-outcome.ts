import type { Call, CallRef } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import type { Variables } from '../domain/connector.ts';
import type { Dialer } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import type { Fact } from '../domain/fact.ts';
import { normaliseOutcomeCode } from '../domain/outcome-codes.ts';
import { campaignSettings } from '../domain/settings.ts';
import { cleanText } from '../domain/sip-headers.ts';
import { readInstant } from '../domain/wanted-time.ts';
import type { Deps } from './deps.ts';
import { recordFacts } from './record-facts.ts';

const maxSummaryBytes = 2000;

export type KeptOutcome =
  | { kind: 'none' }
  /** Durable. `call` is missing while only the spool has it. */
  | { kind: 'kept'; call?: Call }
  /** Neither the store nor the spool took it: it must not be acknowledged. */
  | { kind: 'lost' };

/**
 * Records an outcome that the AI side put into the headers of its BYE, which the script hands on. Never rejects. The
 * values are anybody's: only a code that we know counts.
 *
 * @param refs names of the call, strongest first
 */
export async function keepReturnedOutcome(
  deps: Deps,
  dialer: Dialer,
  { variables, refs, campaign }: { variables: Variables; refs: readonly CallRef[]; campaign: string },
  budgetMs: number,
): Promise<KeptOutcome> {
  const body = refs.length > 0 ? readReturned(deps, dialer, returnedHeaders(variables), campaign) : null;
  if (!body) return { kind: 'none' };
  const key = `bye:${body.outcome}:${body.callbackAt ?? ''}`;
  const fact: Fact = { refs, source: dialer.id, key, at: instantOf(deps.clock), body };
  try {
    const result = await recordFacts(deps, [fact], { budgetMs, spoolMs: budgetMs });
    const call = result.kind === 'recorded' ? result.results[0]?.call : undefined;
    return { kind: 'kept', ...(call && { call }) };
  } catch (error) {
    deps.log.error(
      { dialer: dialer.id, reason: messageOf(error) },
      'an outcome from returned headers could not be kept',
    );
    return { kind: 'lost' };
  }
}

/** By lower-case name without `X-`: some SIP stacks write them small, and `_` for `-`. */
function returnedHeaders(variables: Variables): Map<string, string> {
  const returned = new Map<string, string>();
  for (const [name, value] of Object.entries(variables)) {
    const plain = plainName(name);
    if (plain.startsWith('x_') && value && !returned.has(plain.slice(2))) returned.set(plain.slice(2), value);
  }
  return returned;
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

function readReturned(
  deps: Deps,
  dialer: Dialer,
  returned: ReadonlyMap<string, string>,
  campaign: string,
): Extract<Fact['body'], { kind: 'committed' }> | null {
  const outcome = normaliseOutcomeCode(returned.get('outcome') ?? '');
  if (!outcome) return null;
  if (!deps.settings.outcomeCodes.includes(outcome)) {
    const hint = 'Let the AI side send one of the codes, or add it to `outcomes.extra`.';
    deps.log.warn({ dialer: dialer.id, campaign, hint }, 'a returned header named an outcome that is not known');
    return null;
  }
  const callbackAt = readInstant(returned.get('callback_at') ?? '');
  const { screenPop } = campaignSettings(dialer.settings, campaign);
  const fields = screenPop.map((name) => [name, returned.get(plainName(name)) ?? ''] as const);
  return {
    kind: 'committed',
    outcome,
    summary: cleanText(returned.get('summary') ?? '', maxSummaryBytes),
    ...(callbackAt !== null && { callbackAt: new Date(callbackAt).toISOString() }),
    fields: Object.fromEntries(fields.filter(([, value]) => value !== '')),
  };
}
