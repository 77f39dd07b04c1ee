import type { AsyncLocalStorage } from 'node:async_hooks';
import { type Attributes, type Context, type Link, type Span, type SpanKind, SpanStatusCode } from '@opentelemetry/api';

/** A span that runs in this process, and those that it is part of. */
export interface Running {
  span: Span;
  context: Context;
  above: Running | undefined;
  /** It is about several calls: no single one is told of it. */
  isOfMany?: boolean;
}

export interface StartOptions {
  attributes?: Attributes;
  links?: Link[];
  /** (Default: the span that runs) */
  parent?: Context;
}

/** What makes spans, and knows which one runs. */
export interface SpanDeps {
  running: AsyncLocalStorage<Running | undefined>;
  start(name: string, kind: SpanKind, options?: StartOptions): Running;
}

/** Says of a span what kind of error it was, and no more: an error's words may repeat what a lead says. */
export function fail(span: Span, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  span.setAttribute('error.type', code || (error instanceof Error ? error.name : 'unknown'));
  span.setStatus({ code: SpanStatusCode.ERROR });
}
