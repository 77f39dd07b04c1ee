import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { isAxiosError } from 'axios';
import type { Clock } from '../../../src/domain/clock.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { agentUrlOf, type VicidialConfig } from '../config.ts';
import { type ApiAnswer, readAnswer } from './api-answer.ts';

export type ApiParameters = Readonly<Record<string, string>>;

/** VICIdial's two HTTP APIs. A call throws ConnectorError when nobody could have an answer; all else is an ApiAnswer. */
export interface VicidialApi {
  /** `/vicidial/non_agent_api.php` */
  call(functionName: string, parameters?: ApiParameters): Promise<UsableAnswer>;
  /** `/agc/api.php` */
  callAgent(functionName: string, parameters: ApiParameters): Promise<UsableAnswer>;
  close(): void;
}

export type UsableAnswer = Extract<ApiAnswer, { kind: 'lines' | 'empty' | 'noFunction' }>;

/** Ten wrong passwords lock the user for 15 minutes, so one is enough for a long pause. */
const pauseAfterWrongMs = 600_000;
const pauseAfterLockMs = 900_000;

/** The requests never reached the server with these. */
const notSent: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

export function createApi(config: VicidialConfig['api'], clock: Pick<Clock, 'now'>): VicidialApi {
  // A kept connection that the server just closed would look like a lost answer.
  const agents = { httpAgent: new HttpAgent(), httpsAgent: new HttpsAgent() };
  const client = axios.create({
    ...agents,
    timeout: config.timeoutMs,
    maxRedirects: 0,
    proxy: false,
    responseType: 'text',
    transitional: { clarifyTimeoutError: true },
    validateStatus: () => true,
  });
  let deniedUntil = 0;
  let isLocked = false;

  async function send(url: string, functionName: string, parameters: ApiParameters): Promise<UsableAnswer> {
    if (clock.now() < deniedUntil) throw loginError(isLocked, deniedUntil - clock.now());
    // The label of a custom field is missed in the first place, so ours come first. POST keeps the password out of logs.
    const { user, pass, source } = config;
    const form = new URLSearchParams({ source, user, pass, function: functionName, ...parameters });
    const response = await client.post<string>(url, form).catch((cause: unknown) => {
      throw networkError(functionName, cause);
    });
    const answer = readAnswer(response.status, String(response.data ?? ''), functionName);
    if (answer.kind === 'login') {
      isLocked = answer.isLocked;
      const pauseMs = isLocked ? pauseAfterLockMs : pauseAfterWrongMs;
      deniedUntil = clock.now() + pauseMs;
      throw loginError(isLocked, pauseMs);
    }
    if (answer.kind === 'denied') throw rightsError(functionName, answer);
    if (answer.kind === 'unreadable') throw oddError(functionName, answer.status);
    return answer;
  }

  return {
    call: (functionName, parameters = {}) => send(config.url, functionName, parameters),
    callAgent: (functionName, parameters) => send(agentUrlOf(config), functionName, parameters),
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

/** The original error holds the whole request with the password, so only its code is kept. */
function networkError(functionName: string, cause: unknown): ConnectorError {
  const code = isAxiosError(cause) ? (cause.code ?? 'unknown') : 'unknown';
  const inDoubt = !notSent.includes(code);
  return new ConnectorError('dialer_away', `VICIdial's API did not answer ${functionName} (${code})`, {
    retryable: true,
    inDoubt,
    hint: 'Check that the web server runs, and api.url.',
  });
}

function loginError(isLocked: boolean, afterMs: number): ConnectorError {
  const message = isLocked
    ? 'VICIdial has locked the API user'
    : 'VICIdial did not accept the API user or its password';
  return new ConnectorError('dialer_denied', message, {
    retryable: true,
    afterMs,
    hint: 'Check api.user and api.pass, that the user is active and of level 8; we ask no more for some minutes, since ten wrong tries lock the user.',
  });
}

function rightsError(functionName: string, answer: Extract<ApiAnswer, { kind: 'denied' }>): ConnectorError {
  return new ConnectorError('dialer_denied', `VICIdial refused ${functionName}: ${answer.words}`, {
    retryable: true,
    afterMs: 60_000,
    hint: answer.isFunction
      ? `Add ${functionName} to the API user's "API allowed functions".`
      : 'Give the API user the rights that the README of this connector lists.',
  });
}

/** A 500 with an empty body is a PHP fault in mid-work; a proxy's 502 to 504 leave it open as well. */
function oddError(functionName: string, status: number): ConnectorError {
  return new ConnectorError('dialer_odd', `VICIdial's API answered ${functionName} with HTTP ${status}`, {
    retryable: true,
    inDoubt: status >= 500,
    hint: status >= 500 ? "See the web server's error log on the dialer." : 'Check api.url and api.agentUrl.',
  });
}
