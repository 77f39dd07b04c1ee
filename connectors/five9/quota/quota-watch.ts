import type { Job, Metric } from '../../../src/domain/connector.ts';
import { messageOf } from '../../../src/domain/errors.ts';
import { aspects } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { type Forecast, forecast } from './forecast.ts';
import { pausedUntil } from './paused-until.ts';

/** What the operator's graphs show of the backlog, at the last look. What is left of the limits is in `quotas`. */
export interface QuotaWatch {
  jobs: readonly Job[];
  metrics(): Metric[];
}

const lookEveryMs = 30_000;

export function createQuotaWatch(five9: Five9): QuotaWatch {
  let seen: readonly Forecast[] = [];
  const dialer = five9.id;

  return {
    jobs: [
      {
        name: 'backlog',
        schedule: { everyMs: lookEveryMs },
        isExclusive: false,
        async run(signal) {
          await lookAgain(five9, signal);
          seen = forecast(five9, await five9.deps.backlog());
        },
      },
    ],
    metrics() {
      const now = five9.deps.clock.now();
      return [
        gauge(
          'patchbay_five9_backlog_rows',
          'Write-backs that wait or are not confirmed yet, at the last look.',
          ['dialer', 'aspect', 'state'],
          seen.flatMap(({ aspect, waiting, submitted }) => [
            { labels: { dialer, aspect, state: 'waiting' }, value: waiting },
            { labels: { dialer, aspect, state: 'submitted' }, value: submitted },
          ]),
        ),
        gauge(
          'patchbay_five9_backlog_seconds',
          'Estimate of how long the waiting write-backs will take within the limits.',
          ['dialer', 'aspect'],
          seen.flatMap(({ aspect, throughAt }) =>
            throughAt === null ? [] : [{ labels: { dialer, aspect }, value: Math.max(0, throughAt - now) / 1000 }],
          ),
        ),
      ];
    },
  };
}

/**
 * Rows of a paused aspect are not claimed, so that no request would bring the counters up to date: Five9 may have given the
 * domain more, or have begun a new window when it was asked last.
 */
async function lookAgain(five9: Five9, signal: AbortSignal): Promise<void> {
  const { api, deps } = five9;
  if (!aspects.some((aspect) => pausedUntil(five9, aspect) > deps.clock.now())) return;
  await api.counters(signal).catch((error: unknown) => {
    deps.log.debug({ reason: messageOf(error) }, 'the counters of Five9 could not be read');
  });
}

function gauge(name: string, help: string, labelNames: readonly string[], samples: Metric['samples']): Metric {
  return { name, help, type: 'gauge', labelNames, samples };
}
