import type { Instant } from '../domain/call.ts';
import { callEvidence, type EvidenceRow, optOutEvidence } from '../domain/evidence.ts';
import type { Lead } from '../domain/lead.ts';
import type { OptOutClock } from '../domain/opt-out-clock.ts';
import type { Deps } from './deps.ts';
import { readOptOuts } from './watch-opt-outs.ts';

type EvidenceDeps = Pick<Deps, 'store' | 'clock' | 'dialers' | 'settings'>;

/** From one instant on, and before another. */
export interface Span {
  from: Instant;
  before: Instant;
}

const pageSize = 200;

/** The evidence of every call of a span, dialer by dialer in the order of time; never more than a page in memory. */
export async function* evidenceOfCalls({ store }: EvidenceDeps, span: Span): AsyncGenerator<EvidenceRow> {
  for (const dialer of await store.dialersOfCalls()) {
    let after = { at: span.from, correlationId: '' };
    for (;;) {
      const calls = await store.callsPage({ dialer, before: span.before, after, limit: pageSize });
      for (const call of calls) {
        const { correlationId } = call;
        const [facts, writeBacks] = await Promise.all([
          store.factsOf(correlationId),
          store.writeBacksOf(correlationId),
        ]);
        yield callEvidence({ call, facts, writeBacks });
        after = { at: call.registeredAt, correlationId };
      }
      if (calls.length < pageSize) break;
    }
  }
}

/** The evidence of every opt-out that was told in a span, oldest first. */
export async function* evidenceOfOptOuts(deps: EvidenceDeps, { from, before }: Span): AsyncGenerator<EvidenceRow> {
  let after = { toldAt: '', correlationId: '' };
  for (;;) {
    const clocks = await readOptOuts(deps, { from, before, after, limit: pageSize });
    for (const clock of clocks) {
      const facts = await deps.store.factsOf(clock.correlationId);
      yield optOutEvidence(clock, facts, await leadOf(deps, clock));
      after = { toldAt: clock.toldAt, correlationId: clock.correlationId };
    }
    if (clocks.length < pageSize) return;
  }
}

/** The lead that was called, for its name. */
async function leadOf({ store }: EvidenceDeps, { correlationId }: OptOutClock): Promise<Lead | null> {
  const call = await store.callById(correlationId);
  if (!call) return null;
  const called = call.leadKey ? await store.leadByKey(call.dialer, call.leadKey) : null;
  if (called || !call.phone) return called;
  const leads = await store.leadsByPhone(call.phone);
  return leads.find(({ fields }) => fields.first_name || fields.last_name) ?? null;
}
