import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { fail, type SpanDeps } from './spans.ts';

/** A request of `fetch`, as undici's channels show it. */
interface Fetched {
  method: string;
  origin: string | URL;
  addHeader(name: string, value: string): void;
}

/**
 * Every request that goes out within a span becomes a span, and tells `traceparent` to whom it asks. Node's own channels
 * speak of them all, so that no connector has to, and none can forget it.
 */
export function traceOutgoing({ running, start }: SpanDeps): () => void {
  const spans = new WeakMap<object, Span>();

  function begin(request: object, method: string, host: string, tell: (value: string) => void): void {
    if (!running.getStore()) return;
    const { span } = start(`HTTP ${method}`, SpanKind.CLIENT, {
      attributes: { 'http.request.method': method, 'server.address': host },
    });
    spans.set(request, span);
    const { traceId, spanId, traceFlags } = span.spanContext();
    tell(`00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`);
  }

  function answered(request: object, status: number | undefined): void {
    const span = spans.get(request);
    if (!span || status === undefined) return;
    span.setAttribute('http.response.status_code', status);
    if (status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
  }

  function end(request: object, error?: unknown): void {
    const span = spans.get(request);
    if (!span) return;
    spans.delete(request);
    if (error !== undefined) fail(span, error);
    span.end();
  }

  const listeners: Record<string, (message: never) => void> = {
    'http.client.request.created': ({ request }: { request: ClientRequest }) =>
      begin(request, request.method, request.host, (value) => {
        request.once('close', () => end(request));
        if (!request.headersSent && !request.hasHeader('traceparent')) request.setHeader('traceparent', value);
      }),
    'http.client.response.finish': ({ request, response }: { request: ClientRequest; response: IncomingMessage }) =>
      answered(request, response.statusCode),
    'http.client.request.error': ({ request, error }: { request: ClientRequest; error: unknown }) =>
      end(request, error),
    'undici:request:create': ({ request }: { request: Fetched }) =>
      begin(request, request.method, new URL(request.origin).hostname, (value) =>
        request.addHeader('traceparent', value),
      ),
    'undici:request:headers': ({ request, response }: { request: object; response: { statusCode: number } }) =>
      answered(request, response.statusCode),
    'undici:request:trailers': ({ request }: { request: object }) => end(request),
    'undici:request:error': ({ request, error }: { request: object; error: unknown }) => end(request, error),
  };
  const entries = Object.entries(listeners) as [string, (message: unknown) => void][];
  for (const [channel, listener] of entries) subscribe(channel, listener);
  return () => {
    for (const [channel, listener] of entries) unsubscribe(channel, listener);
  };
}
