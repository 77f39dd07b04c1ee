import type { PatchbayConfig } from '../config/schema.ts';
import type { Dialer } from './domain/dialer.ts';
import { outcomeCodes } from './domain/outcome-codes.ts';
import type { PlanRules } from './domain/plan-write-backs.ts';
import type { FlowSettings } from './flows/deps.ts';

/** The rules follow the dialers that were made: what each can be told is known by then. */
export function planRules(config: PatchbayConfig, dialers: ReadonlyMap<string, Dialer>): () => PlanRules {
  return () => ({
    dialers: Object.fromEntries(
      [...dialers].map(([id, { aspects, settings }]) => [id, { aspects, campaigns: settings.campaigns }]),
    ),
    technicalEndWaitSec: config.outcomes.technicalEndWaitSec,
    humanWaitSec: config.outcomes.humanWaitSec,
    handOverOutcomes: config.outcomes.handOver,
  });
}

/** The part of the configuration that flows work by. */
export function flowSettings(config: PatchbayConfig): FlowSettings {
  return {
    outcomeCodes: [...outcomeCodes, ...config.outcomes.extra],
    handOverOutcomes: config.outcomes.handOver,
    idHours: config.calls.idHours,
    contextWindowMinutes: config.calls.contextWindowMinutes,
    outbox: {
      leaseMs: config.outbox.leaseSec * 1000,
      maxAttempts: config.outbox.maxAttempts,
      firstBackoffMs: config.outbox.backoff.firstMs,
      maxBackoffMs: config.outbox.backoff.maxMs,
      breakerFailures: config.outbox.breaker.failures,
      breakerWaitMs: config.outbox.breaker.waitMs,
    },
    drill: {
      ignoresIdempotency: config.drill?.ignoreIdempotency ?? false,
      dropsCommitOfCall: config.drill?.dropCommittedFact ?? 0,
    },
  };
}
