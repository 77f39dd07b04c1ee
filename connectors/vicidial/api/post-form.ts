import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';

export interface FormAnswer {
  status: number;
  /** The bytes as they came, one character each: values are in either of two character sets. */
  body: string;
}

export interface FormPoster {
  /** Rejects with an error that has a `code`, and nothing of the form. */
  post(url: string, form: URLSearchParams, signal?: AbortSignal): Promise<FormAnswer>;
  close(): void;
}

/**
 * A request on a connection that the server has just closed looks like a lost answer. So connections are kept while
 * requests follow each other, and no web server closes one as soon as this. (Apache: 5 s, and it says so in its answers)
 */
const idleMs = 1000;
/** A line for each lead of a batch is the longest answer. */
const mostBytes = 4_000_000;

/**
 * Posts forms and follows no redirect. By Node's own client: one with more to offer costs as much again for each request.
 *
 * @param timeoutMs of silence; what trickles on without end is cut off after twice as long
 */
export function createFormPoster(timeoutMs: number): FormPoster {
  const kept = { keepAlive: true, timeout: idleMs };
  const agents = { http: new HttpAgent(kept), https: new HttpsAgent(kept) };

  return {
    async post(url, form, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<FormAnswer>();
      const text = form.toString();
      const headers = {
        accept: '*/*',
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(text),
        'user-agent': 'Patchbay',
      };
      const how = { method: 'POST', headers, timeout: timeoutMs, ...(signal && { signal }) };
      const request = url.startsWith('https:')
        ? requestHttps(url, { ...how, agent: agents.https })
        : requestHttp(url, { ...how, agent: agents.http });
      const giveUp = (code: string) => request.destroy(Object.assign(new Error(code), { code }));
      const whole = setTimeout(giveUp, 2 * timeoutMs, 'ETIMEDOUT');
      request.once('timeout', () => giveUp('ETIMEDOUT'));
      request.on('error', reject);
      request.once('response', (response) => {
        let body = '';
        response.setEncoding('latin1');
        response.on('data', (part: string) => {
          body += part;
          if (body.length > mostBytes) giveUp('EMSGSIZE');
        });
        response.on('error', reject);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      request.end(text);
      try {
        return await promise;
      } finally {
        clearTimeout(whole);
      }
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}
