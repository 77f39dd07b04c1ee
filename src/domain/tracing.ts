/** One piece of work, as whoever reads traces sees it. */
export interface SpanStart {
  /** What is done, in words that are always the same: `deliver write-backs`. */
  name: string;
  /** `client`: another system is asked; `consumer`: something that waited is done. (Default: `internal`) */
  kind?: 'client' | 'consumer' | 'internal';
  /** Never personal data: names of instances, counts, states. */
  attributes?: Readonly<Record<string, string | number | boolean>>;
  /** Correlation IDs of the calls that it is about, where it is about several. */
  calls?: readonly string[];
}

/** Tells a tracing system what goes on. Where none is configured, work just runs. */
export interface Tracing {
  /** Runs the work as a span below the one that runs. The span fails when the work does. */
  run<T>(start: SpanStart, work: () => Promise<T>): Promise<T>;
  /** The call that the running span, and the request it belongs to, turn out to be about. */
  about(correlationId: string): void;
}

/** Runs the work as a span where somebody traces. */
export function traced<T>(tracing: Tracing | undefined, start: SpanStart, work: () => Promise<T>): Promise<T> {
  return tracing ? tracing.run(start, work) : work();
}

/** Traces nothing. */
export const noTracing: Tracing = {
  run: (_start, work) => work(),
  about: () => undefined,
};
