import { createContext, Script } from 'node:vm';

export interface Pattern {
  source: string;
  flags: string;
}

/**
 * Groups of the first match in each text, the whole match first; null where there is none. `'too slow'` when a moment was
 * not enough: a regular expression that somebody wrote may take for ever.
 */
export type Match = (pattern: Pattern, texts: readonly string[]) => (readonly string[] | null)[] | 'too slow';

/** Long for an honest expression, which takes a millisecond, also on a machine that has much else to do. */
const maxEachMs = 1000;
/** All of a script's together get not much more. */
const maxAllMs = 2000;

const code = 'texts.map((text) => new RegExp(source, flags).exec(text))';

export function createMatch(): Match {
  let leftMs = maxAllMs;
  let prepared: { script: Script; context: Partial<Pattern & { texts: readonly string[] }> } | undefined;
  return (pattern, texts) => {
    if (leftMs <= 0) return 'too slow';
    prepared ??= { script: new Script(code), context: createContext({}) };
    const startedAt = performance.now();
    try {
      Object.assign(prepared.context, pattern, { texts });
      const found: unknown = prepared.script.runInContext(prepared.context, { timeout: maxEachMs });
      return (found as (RegExpExecArray | null)[]).map(
        (match) => match && Array.from(match, (group: string | undefined) => group ?? ''),
      );
    } catch {
      return 'too slow';
    } finally {
      leftMs -= performance.now() - startedAt;
    }
  };
}
