const maxLength = 4000;
const maxTextLength = 200;
const maxEntries = 50;
const maxDepth = 6;

/** What was spoken, where it can be heard, and what proves somebody: none of it is kept of what we don't know. */
const leftOut =
  /transcript|recording|audio|utterance|message|speech|spoken|summary|content|text|prompt|response|answer|input|secret|token|password|api_?key|authori[sz]ation|signature/i;

/** A body that we have no other word for as text, at most 4,000 characters: without what was spoken in the call. */
export function notedText(body: unknown): string {
  return JSON.stringify(pared(body, 0)).slice(0, maxLength);
}

function pared(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.length > maxTextLength ? '(a long text)' : value.toWellFormed();
  if (value === null || typeof value !== 'object') return value;
  if (depth >= maxDepth) return '(more)';
  if (Array.isArray(value)) return value.slice(0, maxEntries).map((item) => pared(item, depth + 1));
  const kept = Object.entries(value).filter(([name]) => !leftOut.test(name));
  return Object.fromEntries(
    kept.slice(0, maxEntries).map(([name, inner]) => [name.slice(0, maxTextLength), pared(inner, depth + 1)]),
  );
}
