import type { AxiosResponse } from 'axios';
import { z } from 'zod';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { loadAxios } from '../../shared/axios.ts';
import { readAs } from '../../shared/read-as.ts';

/** Spring-style error body; only its title is kept, and only words: a message may repeat what was sent. */
const ErrorBody = z.object({ error: z.string().regex(/^[A-Za-z ]{1,40}$/) });

const longestWaitMs = 60_000;
/** The request did not leave this machine, so it took no effect. */
const notSent = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ERR_INVALID_URL/;

const hints: Readonly<Record<number, string>> = {
  400: 'A value is not accepted: check ids, numbers (E.164) and names. Dashboard → System → Logs may tell more.',
  401: 'Check `apiKey`: Dashboard → API Keys.',
  403: 'Check `apiKey`: Dashboard → API Keys.',
  404: 'It is not in this workspace: check the id, and that `apiKey` belongs to the workspace.',
  409: 'It exists already, or was changed meanwhile: look in the dashboard.',
  413: 'It is too large: send less at once.',
  422: 'A value is not accepted: check ids, numbers (E.164) and names.',
};

/**
 * No answer came. The library's own error carries the request with our API key, so only its code travels on.
 *
 * @param what method and path, without ids
 */
export function noAnswer(what: string, isWrite: boolean, thrown: unknown): ConnectorError {
  const reason = loadAxios().isAxiosError(thrown) ? (thrown.code ?? 'no answer') : 'no answer';
  const inDoubt = isWrite && !notSent.test(reason);
  return new ConnectorError('platform_away', `SigmaMind did not answer ${what} (${reason}).`, {
    retryable: true,
    inDoubt,
    hint: inDoubt ? lookFirst : 'Check the network and `apiUrl`.',
    cause: new Error(reason),
  });
}

/** An answer other than success. A write that was answered with 408 or 5xx may have taken effect. */
export function badStatus(
  what: string,
  isWrite: boolean,
  { status, data, headers }: AxiosResponse<unknown>,
  now: number,
): ConnectorError {
  const title = readAs(ErrorBody, data).data?.error ?? '';
  const words = `${status}${title && ` ${title}`}`;
  if (status === 408 || status === 429 || status >= 500) {
    const inDoubt = isWrite && status !== 429;
    const afterMs = retryAfterMs(headers['retry-after'], now);
    return new ConnectorError(
      status === 429 ? 'platform_limit' : 'platform_away',
      `SigmaMind answered ${words} to ${what}.`,
      {
        retryable: true,
        inDoubt,
        hint: inDoubt ? lookFirst : 'It usually passes by itself; see the status page of SigmaMind if it lasts.',
        ...(afterMs > 0 && { afterMs }),
      },
    );
  }
  return new ConnectorError('platform_refused', `SigmaMind refused ${what} with ${words}.`, {
    hint: hints[status] ?? 'See Dashboard → System → Logs for the reason.',
  });
}

/** Success, in words that we can't read. A write has taken effect all the same. */
export function oddAnswer(what: string, isWrite: boolean): ConnectorError {
  return new ConnectorError('platform_refused', `SigmaMind answered ${what} in a form that we do not understand.`, {
    inDoubt: isWrite,
    hint: isWrite ? lookFirst : 'Check that `apiUrl` is the address of the API.',
  });
}

const lookFirst = 'It may have taken effect: look in the dashboard before you do it again.';

/** Seconds, or a date (RFC 9110); at most a minute. */
function retryAfterMs(value: unknown, now: number): number {
  const text = typeof value === 'string' ? value.trim() : '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, longestWaitMs) : 0;
}
