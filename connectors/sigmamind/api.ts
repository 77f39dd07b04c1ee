import axios, { type AxiosResponse, isAxiosError } from 'axios';
import type { ZodType } from 'zod';
import type { ConnectorDeps } from '../../src/domain/connector.ts';
import { ConnectorError } from '../../src/domain/errors.ts';
import type { SigmamindConfig } from './config.ts';
import { CallRecord, ErrorBody, ListPage, PhoneNumber, Webhook } from './schema.ts';

export interface Page<Row> {
  rows: Row[];
  /** Rows that could not be read. */
  rejects: number;
  total: number | undefined;
  hasNext: boolean;
}

export interface PageQuery {
  page?: number;
  size?: number;
}

/** What we use of the REST API. Every method fails with ConnectorError `platform_away` or `platform_refused`. */
export interface SigmamindApi {
  /** Null when there is no such call. */
  getCall(callId: string): Promise<CallRecord | null>;
  listCalls(query: PageQuery & { status?: string }): Promise<Page<CallRecord>>;
  /** Active ones; disabled ones only when asked for. */
  listWebhooks(query: PageQuery & { agentId?: string; active?: boolean }): Promise<Page<Webhook>>;
  createWebhook(webhook: NewWebhook): Promise<Webhook>;
  listPhoneNumbers(query: PageQuery): Promise<Page<PhoneNumber>>;
}

export interface NewWebhook {
  name: string;
  agentId: string;
  url: string;
  events: readonly string[];
}

type ApiDeps = Pick<ConnectorDeps, 'clock' | 'random'>;
type ApiConfig = Pick<SigmamindConfig, 'apiUrl' | 'apiKey' | 'timeoutMs'>;

const readAttempts = 3;
const firstWaitMs = 300;

/** A thin client. Reads are tried three times; writes once, since the platform has no idempotency keys. */
export function createSigmamindApi(deps: ApiDeps, config: ApiConfig): SigmamindApi {
  const http = axios.create({
    baseURL: config.apiUrl.replace(/\/+$/, ''),
    timeout: config.timeoutMs,
    headers: { 'X-API-Key': config.apiKey, Accept: 'application/json' },
    maxRedirects: 0,
    maxContentLength: 20_000_000,
    validateStatus: () => true,
  });

  async function read(path: string, query: object): Promise<AxiosResponse<unknown>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await request('GET', path, { params: query });
      } catch (error) {
        if (attempt >= readAttempts || !(error instanceof ConnectorError) || !error.retryable) throw error;
        const waitMs = firstWaitMs * 2 ** (attempt - 1) * (0.5 + deps.random());
        await deps.clock.sleep(error.afterMs ?? waitMs);
      }
    }
  }

  async function request(
    method: 'GET' | 'POST',
    path: string,
    options: { params?: object; data?: object },
  ): Promise<AxiosResponse<unknown>> {
    const what = `${method} ${path.replace(/^(\/v1\/[a-z-]+)\/.*/, '$1/…')}`;
    const response = await http.request<unknown>({ method, url: path, ...options }).catch((thrown: unknown) => {
      throw noAnswer(what, method, thrown);
    });
    if (response.status >= 200 && response.status < 300) return response;
    if (response.status === 404 && method === 'GET') return response;
    throw badStatus(what, method, response);
  }

  async function list<Row>(path: string, query: PageQuery, schema: ZodType<Row>): Promise<Page<Row>> {
    const { data } = await read(path, query);
    const page = ListPage.safeParse(data);
    if (!page.success) throw oddAnswer(`GET ${path}`);
    const rows: Row[] = [];
    for (const item of page.data.data) {
      const row = schema.safeParse(item);
      if (row.success) rows.push(row.data);
    }
    return {
      rows,
      rejects: page.data.data.length - rows.length,
      total: page.data.totalCount ?? page.data.totalCounts,
      hasNext: page.data.hasNext ?? false,
    };
  }

  return {
    async getCall(callId) {
      const { status, data } = await read(`/v1/calls/${encodeURIComponent(callId)}`, {});
      if (status === 404) return null;
      const call = CallRecord.safeParse(data);
      if (!call.success) throw oddAnswer('GET /v1/calls/…');
      return call.data;
    },
    listCalls: (query) => list('/v1/calls', query, CallRecord),
    listWebhooks: (query) => list('/v1/webhooks', query, Webhook),
    listPhoneNumbers: (query) => list('/v1/phone-numbers', query, PhoneNumber),
    async createWebhook(webhook) {
      const { data } = await request('POST', '/v1/webhooks', { data: webhook });
      const created = Webhook.safeParse(data);
      if (!created.success) throw oddAnswer('POST /v1/webhooks');
      return created.data;
    },
  };
}

function noAnswer(what: string, method: string, thrown: unknown): ConnectorError {
  const reason = isAxiosError(thrown) ? (thrown.code ?? 'no answer') : 'no answer';
  return new ConnectorError('platform_away', `SigmaMind did not answer ${what} (${reason}).`, {
    retryable: true,
    inDoubt: method !== 'GET' && !/ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(reason),
    hint: 'Check the network and `apiUrl`.',
    // The library's own error carries the request with our API key, so it must not travel on.
    cause: new Error(reason),
  });
}

function badStatus(what: string, method: string, response: AxiosResponse<unknown>): ConnectorError {
  const { status } = response;
  const title = ErrorBody.safeParse(response.data).data?.error ?? '';
  const words = `${status}${title && ` ${title}`}`;
  if (status === 429 || status >= 500) {
    const afterSec = Number(response.headers['retry-after']);
    return new ConnectorError('platform_away', `SigmaMind answered ${words} to ${what}.`, {
      retryable: true,
      inDoubt: method !== 'GET' && status !== 429,
      hint: 'It usually passes by itself; see the status page of SigmaMind if it lasts.',
      ...(afterSec > 0 && { afterMs: Math.min(afterSec, 60) * 1000 }),
    });
  }
  const isDenied = status === 401 || status === 403;
  return new ConnectorError('platform_refused', `SigmaMind refused ${what} with ${words}.`, {
    hint: isDenied ? 'Check `apiKey`: Dashboard → API Keys.' : 'See Dashboard → System → Logs for the reason.',
  });
}

function oddAnswer(what: string): ConnectorError {
  return new ConnectorError('platform_refused', `SigmaMind answered ${what} in a form that we do not understand.`, {
    hint: 'Check that `apiUrl` is the address of the API.',
  });
}
