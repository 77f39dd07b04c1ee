/** A value as JSON; empty for what is none, or is nested deeper than the stack: nobody means that. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
