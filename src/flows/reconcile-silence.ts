import type { Call, Instant, Leg } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { correlationRef, ourInstance } from '../domain/connector.ts';
import type { Dialer, HeldState } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import type { Fact } from '../domain/fact.ts';
import { firstLegs } from '../domain/legs.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';
import { dispositionedFact } from './dispositioned-fact.ts';
import type { ReconcileRun } from './reconcile.ts';
import { recordFacts } from './record-facts.ts';

const pageSize = 1000;
const lookedAtOnce = 50;
const recordMs = 5000;

/**
 * Calls that the AI had long ago and of which nobody told how they ended: their dialers are asked what people said of
 * them. Where no system knows, that is the fact: the outcome is `unknown` until somebody tells. While a platform could not
 * be read to the end, nothing can be said.
 */
export async function markSilent(deps: Deps, run: ReconcileRun): Promise<void> {
  const { report } = run;
  const before = new Date(deps.clock.now() - deps.settings.reconcile.silenceAfterMin * 60_000).toISOString();
  const isEverythingRead = report.unread.length === 0;
  for (const dialer of deps.dialers.values()) {
    let after: { registeredAt: Instant; correlationId: string } | undefined;
    let isAsked = isEverythingRead;
    do {
      const span = {
        dialer: dialer.id,
        route: 'ai',
        from: report.since,
        before,
        limit: pageSize,
        ...(after && { after }),
      };
      const calls = await deps.store.callsWithoutOutcome(span);
      const open = calls.filter(({ correlationId }) => !run.spokenFor.has(correlationId));
      report.callsWithoutEnd += open.length;
      if (isAsked) isAsked = await judgeCalls(deps, dialer, open, run);
      after = calls.length < pageSize ? undefined : calls.at(-1);
    } while (after && !run.signal.aborted);
  }
}

/** False when the dialer could not be asked. */
async function judgeCalls(deps: Deps, dialer: Dialer, calls: readonly Call[], run: ReconcileRun): Promise<boolean> {
  const { report, signal } = run;
  for (let start = 0; start < calls.length && !signal.aborted; start += lookedAtOnce) {
    const asked = await Promise.all(calls.slice(start, start + lookedAtOnce).map((call) => questionOf(deps, call)));
    const questions = asked.filter((question) => question !== null);
    try {
      const held = (await dialer.look?.(questions, signal)) ?? new Map<string, HeldState>();
      const facts = questions.map((row) => factOf(deps, dialer, row, held.get(row.id)));
      report.silent += facts.filter(({ body }) => body.kind === 'silent').length;
      report.movedOn += facts.filter(({ body }) => body.kind === 'dispositioned').length;
      if (run.isDryRun) continue;
      const kept = await recordFacts(deps, facts, { budgetMs: recordMs });
      if (kept.kind === 'recorded') report.factsAdded += kept.results.filter(({ isAdded }) => isAdded).length;
    } catch (error) {
      deps.log.warn({ dialer: dialer.id, reason: messageOf(error) }, 'a dialer could not be asked about silent calls');
      report.unread.push(dialer.id);
      return false;
    }
  }
  return true;
}

/** A write-back that wants nothing asks what people said of the call. Null where the AI never had it. */
async function questionOf(deps: Deps, call: Call): Promise<WriteBack | null> {
  const facts = await deps.store.factsOf(call.correlationId);
  // Its script was sent elsewhere, for the store was late (docs/decisions/0036-what-can-not-be-kept.md).
  const reasons = facts.flatMap(({ body }) =>
    body.kind === 'registered' && body.via === 'register' ? body.reason : [],
  );
  if (reasons.at(-1) === 'store_away') return null;
  const leg = firstLegs(facts).find(({ dialer }) => dialer === call.dialer);
  const none = { campaign: call.campaign, list: '', leadKey: call.leadKey, callKey: '', number: '', phone: call.phone };
  const { dialer: _, ...target }: Leg = leg ?? { dialer: '', ...none, agent: '', calledAt: call.registeredAt };
  return {
    id: call.correlationId,
    correlationId: call.correlationId,
    dialer: call.dialer,
    aspect: 'disposition',
    revision: 1,
    target,
    desired: { aspect: 'disposition', disposition: '', outcome: 'unknown' },
    state: 'confirmed',
    dueAt: call.registeredAt,
    attempts: 0,
    inDoubt: false,
    receipt: '',
    why: '',
    hint: '',
    createdAt: call.registeredAt,
    settledAt: call.registeredAt,
  };
}

function factOf(deps: Deps, dialer: Dialer, row: WriteBack, held: HeldState | undefined): Fact {
  if (held?.kind === 'moved-on') {
    return dispositionedFact(dialer, row, { disposition: held.held, by: held.by, at: held.at });
  }
  return {
    refs: [correlationRef(row.correlationId)],
    source: ourInstance,
    key: 'silent',
    at: instantOf(deps.clock),
    body: { kind: 'silent', why: held?.kind === 'unknown' ? held.why : 'no system tells how the call ended' },
  };
}
