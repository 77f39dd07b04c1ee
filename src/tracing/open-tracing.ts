import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestListener } from 'node:http';
import { type Attributes, type Link, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { LRUCache } from 'lru-cache';
import type { Log } from '../domain/connector.ts';
import type { SpanStart, Tracing } from '../domain/tracing.ts';
import type { Store } from '../store/store.ts';
import { apartFromSpans } from './apart-from-spans.ts';
import { traceOutgoing } from './outgoing-requests.ts';
import { tracedRequests } from './request-spans.ts';
import { fail, type Running, type SpanDeps, type StartOptions } from './spans.ts';
import { tracedStore } from './traced-store.ts';

export interface TracingSettings {
  endpoint: string;
  headers: Readonly<Record<string, string>>;
  sampleRatio: number;
  serviceName: string;
}

/** Tracing that reaches somebody. */
export interface OpenTracing extends Tracing {
  /** The same server, each request a span of its own: below the caller's, where it names one in `traceparent`. */
  requests(handle: RequestListener): RequestListener;
  store(store: Store): Store;
  /** What a log line says of the span that runs. */
  logFields(): object;
  /** Sends what is left, for at most so long, and stops listening. */
  close(withinMs: number): Promise<void>;
}

const correlationAttribute = 'patchbay.correlation_id';
/** So many calls, the latest, are known by a span that spoke of them, to be linked from later work. */
const linkedCalls = 20_000;
const mostLinks = 128;
const kinds = { client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER, internal: SpanKind.INTERNAL } as const;

/** Opens the way to a tracing system. Loaded only where one is configured: see docs/decisions/0028. */
export function openTracing(settings: TracingSettings, { version, log }: { version: string; log: Log }): OpenTracing {
  const running = new AsyncLocalStorage<Running | undefined>();
  const exporter = new OTLPTraceExporter({
    url: settings.endpoint,
    headers: { ...settings.headers },
    timeoutMillis: 5000,
  });
  const ratio = () => new TraceIdRatioBasedSampler(settings.sampleRatio);
  const provider = new TracerProvider({
    // What a caller wants to be kept is kept by our ratio: a stranger must not decide how much is sent.
    sampler: new ParentBasedSampler({ root: ratio(), remoteParentSampled: ratio() }),
    resource: resourceFromAttributes({ 'service.name': settings.serviceName, 'service.version': version }),
    spanLimits: { attributeValueLengthLimit: 200, linkCountLimit: mostLinks },
    spanProcessors: [
      new BatchSpanProcessor({ exporter: apartFromSpans(exporter, running, log), scheduledDelayMillis: 1000 }),
    ],
  });
  const tracer = provider.getTracer('patchbay', version);
  const spansOfCalls = new LRUCache<string, Link['context']>({ max: linkedCalls });

  function start(name: string, kind: SpanKind, { attributes = {}, links = [], parent }: StartOptions = {}): Running {
    const above = running.getStore();
    const context = parent ?? above?.context ?? ROOT_CONTEXT;
    const span = tracer.startSpan(name, { kind, attributes, links }, context);
    return { span, context: trace.setSpan(context, span), above };
  }

  function linksTo(calls: readonly string[]): Link[] {
    return calls.slice(0, mostLinks).flatMap((id) => {
      const context = spansOfCalls.get(id);
      return context ? [{ context, attributes: { [correlationAttribute]: id } }] : [];
    });
  }

  function attributesOf({ attributes, calls }: SpanStart): Attributes {
    if (!calls) return { ...attributes };
    const [first] = calls;
    const named = calls.length === 1 && first ? { [correlationAttribute]: first } : {};
    return { ...attributes, ...named, 'patchbay.correlation_ids': [...new Set(calls)].slice(0, mostLinks) };
  }

  const deps: SpanDeps = { running, start };
  const stopOutgoing = traceOutgoing(deps);

  return {
    async run(given, work) {
      const links = given.calls ? linksTo(given.calls) : [];
      const options = { attributes: attributesOf(given), links };
      const isOfMany = (given.calls?.length ?? 0) > 1;
      const entry = { ...start(given.name, kinds[given.kind ?? 'internal'], options), isOfMany };
      try {
        return await running.run(entry, work);
      } catch (error) {
        fail(entry.span, error);
        throw error;
      } finally {
        entry.span.end();
      }
    },
    about(correlationId) {
      let entry = running.getStore();
      if (!entry?.span.isRecording()) return;
      spansOfCalls.set(correlationId, entry.span.spanContext());
      for (; entry && !entry.isOfMany; entry = entry.above)
        entry.span.setAttribute(correlationAttribute, correlationId);
    },
    requests: (handle) => tracedRequests(deps, handle),
    store: (store) => tracedStore(deps, store),
    logFields() {
      const span = running.getStore()?.span;
      return span ? { traceId: span.spanContext().traceId } : {};
    },
    async close(withinMs) {
      stopOutgoing();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      await Promise.race([provider.shutdown().catch(() => undefined), late]).finally(() => clearTimeout(timer));
    },
  };
}
