import type { Clock } from '../../../src/domain/clock.ts';
import { assertOurs, type Hold, nobodysHold } from '../../../src/domain/delivery.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { type Tracing, traced } from '../../../src/domain/tracing.ts';
import { agentUrlOf, type VicidialConfig } from '../config.ts';
import { type ApiAnswer, readAnswer } from './api-answer.ts';
import { createLoginGuard, type LoginGuard, type Memory } from './login-guard.ts';
import { createFormPoster } from './post-form.ts';
import { rightsError } from './rights-error.ts';

export type ApiParameters = Readonly<Record<string, string>>;

/** VICIdial's two HTTP APIs. A call throws ConnectorError when nobody could have an answer; all else is an ApiAnswer. */
export interface VicidialApi {
  /** `/vicidial/non_agent_api.php` */
  call(functionName: string, parameters?: ApiParameters, signal?: AbortSignal): Promise<UsableAnswer>;
  /** `/agc/api.php` */
  callAgent(functionName: string, parameters: ApiParameters): Promise<UsableAnswer>;
  /** How often callAgent was tried and answered: what was read of live calls before is out of date. */
  acts(): number;
  /** The same for write-backs: each request is sent only while their claim is ours. */
  under(hold: Hold): VicidialApi;
  close(): void;
}

export type UsableAnswer = Extract<ApiAnswer, { kind: 'lines' | 'empty' | 'noFunction' }>;

/** What the API needs beside its settings. `memory`: of log-ins that were refused. `who`: see createLoginGuard. */
export interface ApiDeps {
  clock: Pick<Clock, 'now'>;
  memory: Memory;
  who: string;
  /** (Default: nothing is traced) */
  tracing?: Tracing | undefined;
}

/** The requests never reached the server with these. */
const notSent: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

export function createApi(config: VicidialConfig['api'], { clock, memory, who, tracing }: ApiDeps): VicidialApi {
  const poster = createFormPoster(config.timeoutMs);
  // The Agent API says the same for a wrong password and for a missing right of its own, so it pauses by itself.
  const agentMemory: Memory = { read: async () => '', write: async () => undefined };
  const guard = createLoginGuard(clock, memory, who);
  const agentGuard = createLoginGuard(clock, agentMemory, who);
  let acts = 0;

  async function ask(
    { url, hold }: Way,
    functionName: string,
    parameters: ApiParameters,
    signal: AbortSignal | undefined,
  ): Promise<ApiAnswer> {
    // The label of a custom field is missed in the first place, so ours come first. POST keeps the password out of logs.
    const { user, pass, source } = config;
    const form = new URLSearchParams({ source, user, pass, function: functionName, ...parameters });
    const start = { name: `API ${functionName}`, kind: 'client' } as const;
    const response = await traced(tracing, start, async () => {
      assertOurs(hold);
      return await poster.post(url, form, signal).catch((cause: unknown) => {
        throw networkError(functionName, cause);
      });
    });
    const body = withoutEcho(response.body, functionName, pass);
    return readAnswer(response.status, body, functionName);
  }

  async function send(
    way: Way,
    functionName: string,
    parameters: ApiParameters,
    signal?: AbortSignal,
  ): Promise<UsableAnswer> {
    const options = { proves: functionName !== 'version', signal };
    const answer = await way.guard.pass(() => ask(way, functionName, parameters, signal), options);
    if (answer.kind === 'denied') throw rightsError(functionName, answer);
    if (answer.kind === 'unreadable') throw oddError(functionName, answer.status);
    if (answer.kind === 'login') throw new Error('the guard lets no refused log-in through');
    return answer;
  }

  function under(hold: Hold): VicidialApi {
    return {
      call: (functionName, parameters = {}, signal) =>
        send({ url: config.url, guard, hold }, functionName, parameters, signal),
      async callAgent(functionName, parameters) {
        acts += 1;
        return await send({ url: agentUrlOf(config), guard: agentGuard, hold }, functionName, parameters).finally(
          () => {
            acts += 1;
          },
        );
      },
      acts: () => acts,
      under,
      close() {
        poster.close();
      },
    };
  }

  return under(nobodysHold);
}

interface Way {
  url: string;
  guard: LoginGuard;
  hold: Hold;
}

/**
 * An error that names no function may be one about the log-in, whatever its words: they echo the password. PHP may have
 * printed something of its own before it; other lines are data, in which the same letters mean something else.
 */
function withoutEcho(body: string, functionName: string, pass: string): string {
  return body.replace(/^[ \t]*ERROR: .*$/gm, (line) =>
    line.trimStart().startsWith(`ERROR: ${functionName} `) ? line : line.replaceAll(pass, '(password)'),
  );
}

/** The original error holds the whole request with the password, so only its code is kept. */
function networkError(functionName: string, cause: unknown): ConnectorError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  const inDoubt = !notSent.includes(code);
  return new ConnectorError('dialer_away', `VICIdial's API did not answer ${functionName} (${code})`, {
    retryable: true,
    inDoubt,
    hint: 'Check that the web server runs, and api.url.',
  });
}

/**
 * A 500 with an empty body is a PHP fault in mid-work, and so is a page in place of an answer; a proxy's 502 to 504 leave
 * it open as well.
 */
function oddError(functionName: string, status: number): ConnectorError {
  const isScript = status === 200 || status >= 500;
  const said = status === 200 ? 'with something else than its own words' : `with HTTP ${status}`;
  return new ConnectorError('dialer_odd', `VICIdial's API answered ${functionName} ${said}`, {
    retryable: true,
    inDoubt: isScript,
    isGarbled: isScript,
    hint: isScript ? "See the web server's error log on the dialer." : 'Check api.url and api.agentUrl.',
  });
}
