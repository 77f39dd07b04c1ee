import type { AsyncLocalStorage } from 'node:async_hooks';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from '../domain/connector.ts';
import { messageOf } from '../domain/errors.ts';

/** The same exporter, whose own requests belong to no span: they would be traced, sent, and traced again. */
export function apartFromSpans(exporter: SpanExporter, running: AsyncLocalStorage<unknown>, log: Log): SpanExporter {
  let isAway = false;

  function note(error: Error | undefined): void {
    if (error && !isAway) log.warn({ reason: messageOf(error) }, 'traces can not be sent: they are dropped meanwhile');
    if (!error && isAway) log.info({}, 'traces are sent again');
    isAway = error !== undefined;
  }

  return {
    export(spans, done) {
      running.run(undefined, () =>
        exporter.export(spans, (result) => {
          note(result.code === 0 ? undefined : (result.error ?? new Error('the receiver took none')));
          // Told above, once: the library would write each failure to standard error.
          done({ code: 0 });
        }),
      );
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
