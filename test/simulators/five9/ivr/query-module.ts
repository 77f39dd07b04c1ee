/** What the simulated Query module got. `isError`: the script goes on at the error branch. */
export interface QueryResult {
  isError: boolean;
  status: number;
  body: string;
  /** Machine milliseconds until the answer, or until it was given up. */
  ms: number;
  error: string;
}

/** The module's default time-out, by the machine's clock: it is about the real service's speed. */
const fetchTimeoutMs = 5000;

/** Runs a Query by GET. Anything but a status of 200 finds no response rule and takes the error branch. */
export async function runQuery(
  url: string,
  parameters: Readonly<Record<string, string>>,
  user: { name: string; password: string },
  stopping: AbortSignal,
): Promise<QueryResult> {
  const started = performance.now();
  const result = { isError: true, status: 0, body: '', ms: 0, error: '' };
  try {
    const response = await fetch(`${url}?${new URLSearchParams(parameters)}`, {
      headers: { Authorization: `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}` },
      redirect: 'manual',
      signal: AbortSignal.any([stopping, AbortSignal.timeout(fetchTimeoutMs)]),
    });
    Object.assign(result, { status: response.status, body: await response.text() });
    result.isError = response.status !== 200;
    if (result.isError) result.error = `no rule for status ${response.status}`;
  } catch (error) {
    result.error = error instanceof Error ? error.name : String(error);
  }
  result.ms = Math.round((performance.now() - started) * 10) / 10;
  return result;
}

/** A script's rule for one key: the first capture group of `"key":"([^"]*)"`; empty when nothing matches. */
export function readKey(body: string, key: string): string {
  return new RegExp(`"${key}":"([^"]*)"`).exec(body)?.[1] ?? '';
}

/** The rules for the headers: every key that starts with `X-` and has a value, the first occurrence of each. */
export function readHeaderKeys(body: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [, name = '', value = ''] of body.matchAll(/"(X-[A-Za-z0-9_-]+)":"([^"]*)"/g)) {
    if (value !== '' && !(name in headers)) headers[name] = value;
  }
  return headers;
}
