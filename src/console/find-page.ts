import type { Page, Room } from './page.ts';

export interface FoundPage {
  page: Page;
  params: Readonly<Record<string, string>>;
}

/** The page at a path below `/console`, as the routes would find it. */
export function findPage(rooms: readonly Room[], path: string): FoundPage | null {
  const given = path.split('/');
  for (const page of rooms.flatMap(({ pages }) => pages)) {
    const params = paramsOf(page.path.split('/'), given);
    if (params) return { page, params };
  }
  return null;
}

function paramsOf(pattern: readonly string[], given: readonly string[]): Record<string, string> | null {
  if (pattern.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, step] of pattern.entries()) {
    const value = decoded(given[index] ?? '');
    if (value === null) return null;
    if (step.startsWith(':') && value !== '') params[step.slice(1)] = value;
    else if (step !== value) return null;
  }
  return params;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The first value of each name; empty ones are left out. */
export function queryOf(given: Iterable<readonly [string, unknown]>): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of given) {
    const first = Array.isArray(value) ? value[0] : value;
    if (typeof first === 'string' && first !== '' && !Object.hasOwn(query, name)) query[name] = first;
  }
  return query;
}
