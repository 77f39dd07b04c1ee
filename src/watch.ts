import type { RequestListener } from 'node:http';
import { type Logger, pino } from 'pino';
import type { PatchbayConfig } from '../config/schema.ts';
import { noTracing, type Tracing } from './domain/tracing.ts';
import type { Store } from './store/store.ts';
import type { OpenTracing } from './tracing/open-tracing.ts';

/** What watches the service from within: its log lines are counted, and its traces sent where that is configured. */
export interface Watch {
  /** Counts its lines, and says in each to which trace it belongs. */
  logger: Logger;
  tracing: Tracing;
  /** How many lines were written, by level. */
  logLines: ReadonlyMap<string, number>;
  requests(handle: RequestListener): RequestListener;
  store(store: Store): Store;
  /** Sends what is left, for at most so long. */
  close(withinMs: number): Promise<void>;
}

/** Without `tracing` in the configuration none of its code is loaded: it would cost memory, and time at the start. */
export async function openWatch(
  { tracing: settings }: Pick<PatchbayConfig, 'tracing'>,
  { logger, version }: { logger: Logger; version: string },
): Promise<Watch> {
  const open = settings && (await import('./tracing/open-tracing.ts')).openTracing(settings, { version, log: logger });
  const logLines = new Map<string, number>();
  return {
    logger: watchedLogger(logger, logLines, open),
    tracing: open ?? noTracing,
    logLines,
    requests: (handle) => open?.requests(handle) ?? handle,
    store: (store) => open?.store(store) ?? store,
    close: async (withinMs) => open?.close(withinMs),
  };
}

function watchedLogger(logger: Logger, lines: Map<string, number>, open: OpenTracing | undefined): Logger {
  const before = (logger as Partial<Record<symbol, unknown>>)[pino.symbols.mixinSym] as Mixin | undefined;
  const mixin: Mixin = (given, level, itself) => {
    const name = logger.levels.labels[level] ?? 'other';
    lines.set(name, (lines.get(name) ?? 0) + 1);
    return { ...before?.(given, level, itself), ...open?.logFields() };
  };
  return Object.assign(logger.child({}), { [pino.symbols.mixinSym]: mixin });
}

type Mixin = (given: object, level: number, logger: unknown) => object;
