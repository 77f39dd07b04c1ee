/** A value of the section as it is configured now, by its path; empty when it is not there. */
export function presentText(present: unknown, ...path: string[]): string {
  const value = presentValue(present, ...path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function presentValue(present: unknown, ...path: string[]): unknown {
  let part = present;
  for (const key of path) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, key)) return undefined;
    part = (part as Record<string, unknown>)[key];
  }
  return part;
}

/** Names of the entries of a part: the campaigns. */
export function presentKeys(present: unknown, ...path: string[]): string[] {
  const value = presentValue(present, ...path);
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
