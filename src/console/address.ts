export type Query = Readonly<Record<string, string | number | null | undefined>>;

/** The address of a page of the console; what is empty is left out of its query. */
export function address(path: string, query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, String(value)] as [string, string]],
  );
  const tail = new URLSearchParams(given).toString();
  return `/console${path && `/${path}`}${tail && `?${tail}`}`;
}
