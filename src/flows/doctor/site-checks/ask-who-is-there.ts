import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ourInstance } from '../../../domain/connector.ts';

const patienceMs = 5000;
const mostBytes = 4096;

/** Who answers at an address. `what`: in words for the operator. */
export type WhoIsThere =
  | { kind: 'patchbay' }
  | { kind: 'other'; what: string }
  | { kind: 'nobody'; code: string; what: string };

/** Asks an address for our sign of life. Certificates are not judged here. */
export function askWhoIsThere(baseUrl: string): Promise<WhoIsThere> {
  const url = new URL(`${baseUrl}/livez`);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const options = { rejectUnauthorized: false, agent: false, signal: AbortSignal.timeout(patienceMs) };
    const nobody = (error: Error & { code?: string }) => resolve(nobodyOf(error));
    const request = send(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('error', nobody);
      response.on('data', (part: string) => {
        text = (text + part).slice(0, mostBytes);
      });
      response.on('end', () => {
        const status = `HTTP ${response.statusCode ?? 0}`;
        resolve(isOurs(text) ? { kind: 'patchbay' } : { kind: 'other', what: status });
      });
    });
    request.on('error', nobody);
    request.end();
  });
}

function isOurs(text: string): boolean {
  try {
    return (JSON.parse(text) as { service?: unknown } | null)?.service === ourInstance;
  } catch {
    return false;
  }
}

const words: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name server does not answer',
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection is cut off',
  EHOSTUNREACH: 'there is no way to that machine',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'there is no answer',
  ABORT_ERR: `there is no answer within ${patienceMs / 1000} s`,
};

function nobodyOf(error: Error & { code?: string }): WhoIsThere {
  const code = error.name === 'TimeoutError' || error.name === 'AbortError' ? 'ABORT_ERR' : (error.code ?? '');
  return { kind: 'nobody', code, what: words[code] ?? (code || error.message) };
}
