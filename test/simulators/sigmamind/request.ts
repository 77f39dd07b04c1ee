export interface Answer {
  /** 0 when there was none. */
  status: number;
  body: string;
}

/** One HTTP request of the platform. Whatever goes wrong on the way is an answer with status 0. */
export async function request(
  method: string,
  url: string,
  options: { body?: string; headers?: Record<string, string>; signal: AbortSignal },
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: options.signal,
      headers: { 'content-type': 'application/json', ...options.headers },
      ...(options.body !== undefined && { body: options.body }),
    });
    return { status: response.status, body: await response.text() };
  } catch {
    return { status: 0, body: '' };
  }
}

export function isGood({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** The body as an object; empty when it is none. */
export function objectOf(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A real time limit that also ends when the simulator stops. */
export function limit(signal: AbortSignal, realMs: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(realMs)]);
}
