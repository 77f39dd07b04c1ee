import { fileURLToPath } from 'node:url';
import type { Client } from 'soap';
import { assertOurs, type Hold, nobodysHold } from '../../../src/domain/delivery.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Five9Config } from '../config.ts';
import { envelopeIn } from './envelope.ts';
import { translateError } from './errors.ts';
import { isWriteOperation, type Operation } from './operations.ts';

/** Calls operations as one API user, one after the other: the user's queue sees to that. */
export interface SoapClient {
  /**
   * @param args children in the order of the WSDL at every level; null and undefined ones are left out
   * @param hold asked right before it is sent
   * @returns the content of `return`, unchecked; undefined for a void operation
   */
  call(operation: Operation, args: object, hold?: Hold): Promise<unknown>;
}

type Settings = Pick<Five9Config['soap'], 'host' | 'version' | 'timeoutMs'>;
type Method = (args: object, options: object) => Promise<readonly unknown[]>;

/** The largest report that Five9 gives, with room: an answer without end must not fill the memory. */
const mostBytes = 100_000_000;
const wsdl = fileURLToPath(new URL('./five9.wsdl', import.meta.url));

/** A SOAP client for one API user. Nothing is read or sent before the first call. */
export function createSoapClient(settings: Settings, user: { user: string; password: string }): SoapClient {
  let opened: Promise<Client> | null = null;

  async function open(): Promise<Client> {
    const endpoint = `${settings.host.replace(/\/+$/, '')}/wsadmin/${settings.version}/AdminWebService`;
    // A domain that is asked nothing carries none of it.
    const { BasicAuthSecurity, createClientAsync, HttpClient } = await import('soap');
    const httpClient = new HttpClient();
    httpClient.handleResponse = (_request, _response, body) => envelopeIn(body);
    const client = await createClientAsync(wsdl, { httpClient }, endpoint);
    client.setSecurity(new BasicAuthSecurity(user.user, user.password));
    return client;
  }

  return {
    async call(operation, args, hold = nobodysHold) {
      opened ??= open();
      const client = await opened;
      const method = client[`${operation}Async`] as Method | undefined;
      if (!method) throw new ConnectorError('bad_request', `our WSDL has no operation ${operation}`);
      assertOurs(hold);
      try {
        // Redirects are off: a POST that is sent on as a GET would look like an empty answer.
        // `timeout` speaks of silence alone: what trickles on without end is cut off by this one. A report may be long.
        const signal = AbortSignal.timeout(6 * settings.timeoutMs);
        const options = { timeout: settings.timeoutMs, signal, maxRedirects: 0, maxContentLength: mostBytes };
        const [result] = await method(clean(args) as object, options);
        return contentOf(result);
      } catch (error) {
        throw translateError(error, operation, isWriteOperation(operation));
      }
    },
  };
}

/** A void operation, or `<return/>`, gives null; where several may come, `<return/>` gives a list of one null. */
function contentOf(result: unknown): unknown {
  if (typeof result !== 'object' || result === null || !('return' in result)) return undefined;
  const { return: content } = result;
  if (Array.isArray(content)) return content.filter((item) => item !== null && item !== undefined);
  return content ?? undefined;
}

/**
 * Makes a value fit for XML 1.0: no control characters, and no null children, which would go out as xsi:nil. An empty
 * optional element is an error to Five9, so children without a value are left out; texts in a row keep their place.
 */
export function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  // The SOAP library would send an empty element.
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => (item === null || item === undefined ? '' : clean(item)));
  if (typeof value !== 'object' || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    if (child !== null && child !== undefined) kept[key] = clean(child);
  }
  return kept;
}

/** Text without characters that XML 1.0 does not allow. Tabs and line breaks stay. */
export function cleanText(value: string): string {
  return value.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (found) => (/[\t\n\r]/.test(found) ? found : ''));
}
