import { SpanKind } from '@opentelemetry/api';
import type { Store } from '../store/store.ts';
import { fail, type SpanDeps } from './spans.ts';

/** The same store, each of whose units is a span where it is asked within one: loops that look for work begin no trace. */
export function tracedStore({ running, start }: SpanDeps, store: Store): Store {
  const parts = Object.entries(store).map(([name, part]) => {
    if (typeof part !== 'function') return [name, part] as const;
    const ask = part.bind(store) as (...given: unknown[]) => unknown;
    return [name, (...given: unknown[]) => (running.getStore() ? asSpan(name, () => ask(...given)) : ask(...given))];
  });
  return Object.fromEntries(parts) as Store;

  function asSpan(name: string, ask: () => unknown): unknown {
    const entry = start(`store ${name}`, SpanKind.CLIENT, { attributes: { 'db.system.name': store.kind } });
    const answer = running.run(entry, ask);
    if (!(answer instanceof Promise)) {
      entry.span.end();
      return answer;
    }
    return answer
      .catch((error: unknown) => {
        fail(entry.span, error);
        throw error;
      })
      .finally(() => entry.span.end());
  }
}
