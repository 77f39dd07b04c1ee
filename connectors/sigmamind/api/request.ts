import type { AxiosInstance, AxiosResponse } from 'axios';
import type { ZodType } from 'zod';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { traced } from '../../../src/domain/tracing.ts';
import { loadAxios } from '../../shared/axios.ts';
import { readAs } from '../../shared/read-as.ts';
import type { SigmamindConfig } from '../config.ts';
import { badStatus, noAnswer, oddAnswer } from './errors.ts';
import { type Page, readPage } from './page.ts';

/** Parts of a path after `/v1`: names of resources and ids in turn. Ids are escaped, and never shown in an error. */
export type Path = readonly string[];

/** The core that every resource shares. Fails with ConnectorError `platform_away`, `platform_limit` or `platform_refused` only. */
export interface ApiRequests {
  /** Tried three times. Null when there is no such thing. */
  read<T>(path: Path, schema: ZodType<T>, signal?: AbortSignal): Promise<T | null>;
  /** Tried three times. */
  list<Row>(path: Path, query: object, schema: ZodType<Row>, signal?: AbortSignal): Promise<Page<Row>>;
  /** Sent once: the platform has no idempotency keys. An error that is `inDoubt` may have taken effect. */
  write<T>(method: 'POST' | 'PATCH', path: Path, body: object, schema: ZodType<T>): Promise<T>;
  /** Sent once. False when there was no such thing. */
  remove(path: Path): Promise<boolean>;
}

export type ApiDeps = Pick<ConnectorDeps, 'clock' | 'random' | 'tracing'>;
export type ApiConfig = Pick<SigmamindConfig, 'apiUrl' | 'apiKey' | 'timeoutMs'> & {
  /** How often a read is tried. (Default: 3) */
  readAttempts?: number;
};

interface Sent {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: Path;
  query?: object;
  body?: object;
  signal?: AbortSignal | undefined;
}

const firstWaitMs = 300;
/** Words of the API that stand where an id would. */
const verbs: Path = ['import', 'response'];

export function createRequests(deps: ApiDeps, config: ApiConfig): ApiRequests {
  const { readAttempts = 3 } = config;
  let http: AxiosInstance | undefined;
  const openHttp = () =>
    loadAxios().create({
      baseURL: config.apiUrl.replace(/\/+$/, ''),
      timeout: config.timeoutMs,
      headers: { 'X-API-Key': config.apiKey, Accept: 'application/json' },
      // A redirect would carry the key elsewhere.
      maxRedirects: 0,
      maxContentLength: 20_000_000,
      maxBodyLength: 50_000_000,
      validateStatus: () => true,
    });

  async function send(sent: Sent): Promise<AxiosResponse<unknown>> {
    const { method, path, query: params, body: data, signal } = sent;
    const isWrite = method !== 'GET';
    const url = `/v1/${path.map(encodeURIComponent).join('/')}`;
    // `timeout` speaks of silence alone: what trickles on without end is cut off by this one.
    const whole = AbortSignal.timeout(2 * config.timeoutMs);
    const until = signal ? AbortSignal.any([signal, whole]) : whole;
    http ??= openHttp();
    const client = http;
    const response = await traced(deps.tracing, { name: `API ${wordsFor(sent)}`, kind: 'client' }, () =>
      client.request<unknown>({ method, url, params, data, signal: until }).catch((thrown: unknown) => {
        throw noAnswer(wordsFor(sent), isWrite, thrown);
      }),
    );
    if (response.status >= 200 && response.status < 300) return response;
    if (response.status === 404 && (method === 'GET' || method === 'DELETE')) return response;
    throw badStatus(wordsFor(sent), isWrite, response, deps.clock.now());
  }

  async function get(sent: Omit<Sent, 'method'>): Promise<AxiosResponse<unknown>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await send({ method: 'GET', ...sent });
      } catch (error) {
        const isWorthIt = error instanceof ConnectorError && error.retryable && !sent.signal?.aborted;
        if (attempt >= readAttempts || !isWorthIt) throw error;
        const waitMs = firstWaitMs * 2 ** (attempt - 1) * (0.5 + deps.random());
        await deps.clock.sleep(Math.max(error.afterMs ?? 0, waitMs), sent.signal);
      }
    }
  }

  return {
    async read(path, schema, signal) {
      const { status, data } = await get({ path, signal });
      if (status === 404) return null;
      const value = readAs(schema, data);
      if (!value.success) throw oddAnswer(wordsFor({ method: 'GET', path }), false);
      return value.data;
    },
    async list(path, query, schema, signal) {
      const { data } = await get({ path, query, signal });
      const page = readPage(data, schema);
      if (!page) throw oddAnswer(wordsFor({ method: 'GET', path }), false);
      return page;
    },
    async write(method, path, body, schema) {
      const { data } = await send({ method, path, body });
      const value = readAs(schema, data);
      if (!value.success) throw oddAnswer(wordsFor({ method, path }), true);
      return value.data;
    },
    async remove(path) {
      const { status } = await send({ method: 'DELETE', path });
      return status !== 404;
    },
  };
}

/** `GET /v1/phone-numbers/…`: an id may be a number, and is nobody's business in a log. */
function wordsFor({ method, path }: Pick<Sent, 'method' | 'path'>): string {
  const shown = path.map((name, index) => (index % 2 === 0 || verbs.includes(name) ? name : '…'));
  return `${method} /v1/${shown.join('/')}`;
}
