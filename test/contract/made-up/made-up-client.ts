import { ConnectorError } from '../../../src/domain/errors.ts';

export type Ask = (path: string, body?: object) => Promise<unknown>;

/** Asks the made-up system: a GET, or a POST where there is a body. Null when it has no such thing. */
export function createClient(url: string): Ask {
  return async (path, body) => {
    try {
      const response = await fetch(`${url}${path}`, {
        signal: AbortSignal.timeout(2000),
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      });
      return response.status === 404 ? null : await response.json();
    } catch (cause) {
      throw new ConnectorError('dialer_away', 'the made-up dialer did not answer', {
        retryable: true,
        inDoubt: body !== undefined,
        hint: 'See whether it runs.',
        cause,
      });
    }
  };
}
