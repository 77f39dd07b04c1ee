import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import type { SpanDeps } from './spans.ts';

/** What express knows of a request once it has found its route. */
interface Routed {
  baseUrl?: unknown;
  route?: { path?: unknown };
}

/** A server's handler, each of whose requests is a span until its answer is out. */
export function tracedRequests({ running, start }: SpanDeps, handle: RequestListener): RequestListener {
  return (request, response) => {
    const method = request.method ?? 'GET';
    const parent = parentOf(request);
    const entry = start(method, SpanKind.SERVER, {
      attributes: { 'http.request.method': method },
      parent,
    });
    response.once('close', () => {
      const route = routeOf(request);
      if (route) entry.span.updateName(`${method} ${route}`).setAttribute('http.route', route);
      describe(response);
      entry.span.end();
    });
    running.run({ ...entry, above: undefined }, () => handle(request, response));

    function describe({ statusCode, writableFinished }: ServerResponse): void {
      entry.span.setAttribute('http.response.status_code', statusCode);
      if (!writableFinished) entry.span.setAttribute('error.type', 'aborted');
      if (statusCode >= 500 || !writableFinished) entry.span.setStatus({ code: SpanStatusCode.ERROR });
    }
  };
}

/** A request begins a trace of its own, unless its caller names one. */
function parentOf({ headers }: IncomingMessage): Context {
  const told = typeof headers.traceparent === 'string' ? parseTraceParent(headers.traceparent) : null;
  return told ? trace.setSpanContext(ROOT_CONTEXT, { ...told, isRemote: true }) : ROOT_CONTEXT;
}

/** The pattern of the route, never the path: that may hold a token, an id or a number. */
function routeOf(request: IncomingMessage & Routed): string {
  const path = request.route?.path;
  return typeof path === 'string' ? `${mountOf(request.baseUrl)}${path}` : '';
}

/** Where the routes are mounted: a part of our own addresses, in which nothing varies. */
function mountOf(baseUrl: unknown): string {
  return typeof baseUrl === 'string' && /^(\/(v1|ivr|platforms|dialers|console))*$/.test(baseUrl) ? baseUrl : '';
}
