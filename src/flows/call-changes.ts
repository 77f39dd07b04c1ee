/** Tells who looks at calls, in this process, that one changed. Costs nothing while nobody listens. */
export interface CallChanges {
  /** After what changed is durable. */
  tell(correlationId: string): void;
  /** Gives what ends it. */
  listen(listener: (correlationId: string) => void): () => void;
}

export function createCallChanges(): CallChanges {
  const listeners = new Set<(correlationId: string) => void>();
  return {
    tell(correlationId) {
      for (const listener of listeners) listener(correlationId);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
