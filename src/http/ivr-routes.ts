import type { IncomingMessage, ServerResponse } from 'node:http';
import { Router } from 'express';
import type { Variables } from '../domain/connector.ts';
import { isCorrelationId } from '../domain/correlation-id.ts';
import type { Dialer } from '../domain/dialer.ts';
import type { Deps } from '../flows/deps.ts';
import { readContext } from '../flows/read-context.ts';
import { readOutcome } from '../flows/read-outcome.ts';
import { recogniseCall } from '../flows/recognise-call.ts';
import { registerCall } from '../flows/register-call.ts';
import { type Answer, type Endpoint, errorAnswer, outcomeAnswer, registrationAnswer } from './ivr-answers.ts';
import type { HttpOptions } from './options.ts';
import { variablesOf, withReturnedHeaders } from './read-variables.ts';
import { readHeaderForm, renderHeaders } from './render-headers.ts';
import { sendBody } from './send-body.ts';

/** Of a request's time, how much may go into finding out which call is meant, where its variables don't say so. */
const lookUpShare = 0.4;

/** What a dialer's script asks during a live call. */
export interface IvrRoutes {
  /** Every spelling of every request, good or bad. */
  routes: Router;
  /**
   * Answers a good request in its plain spelling, without the web framework, which costs such a request more than the flow
   * that answers it. False: nothing was done, and it is for the routes.
   */
  takePlain(request: IncomingMessage, response: ServerResponse): boolean;
}

type AnswerCall = (dialer: Dialer, variables: Variables) => Promise<Answer>;

const mountedAt = '/v1/ivr';
const plainUrl = /^\/v1\/ivr\/([\w-]+)\/(register|outcome|context|headers)(?:\?|$)/;

/** Always 200 once the key is right: a script can branch on `status`. */
export function createIvrRoutes(deps: Deps, options: HttpOptions): IvrRoutes {
  const routes = Router({ caseSensitive: true });
  const answers = new Map<string, AnswerCall>();

  function mount(name: Endpoint, answer: AnswerCall): void {
    answers.set(name, answer);
    routes.all(`/:dialer/${name}`, async (request, response) => {
      if (!methods.has(request.method)) {
        response
          .status(405)
          .set('Allow', [...methods].join(', '))
          .end();
        return;
      }
      if (options.authenticate(request, 'dialer').kind === 'denied') {
        await options.deny(request, response);
        return;
      }
      // Who only asks whether we are there registers no call.
      if (request.method === 'HEAD') {
        response.status(200).end();
        return;
      }
      await serve(request, response, { id: String(request.params.dialer), name, answer });
    });
  }

  function takePlain(request: IncomingMessage & Routed, response: ServerResponse): boolean {
    const [, id, name] = plainUrl.exec(request.url ?? '') ?? [];
    const answer = name && answers.get(name);
    if (!id || !answer || !plainMethods.has(request.method ?? '')) return false;
    if (options.authenticate(request, 'dialer').kind === 'denied') return false;
    request.baseUrl = mountedAt;
    request.route = { path: `/:dialer/${name}` };
    serve(request, response, { id, name: name as Endpoint, answer }).catch((error: unknown) => {
      deps.log.error({ err: error }, 'a request failed inside');
      response.destroy();
    });
    return true;
  }

  async function serve(request: IncomingMessage, response: ServerResponse, asked: Asked): Promise<void> {
    const startedAt = performance.now();
    const { id, name } = asked;
    // One that is too large or broken is left out: the script is answered with what its query says.
    const reading = await options.readBody(request, true);
    const body = reading.kind === 'whole' ? reading.bytes : null;
    const answered = await answerSafely(request, body, asked);
    sendBody(response, 200, answered.contentType, answered.body);
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    const { status, correlationId } = answered;
    options.observe(`ivr/${name}`, ms);
    deps.traffic.asked(id, ms, status === 'error');
    const fields = { dialer: id, endpoint: name, status, correlationId, ms };
    // Headers are asked for with every call of the site: what went well is a number, see the metrics.
    if (name === 'headers' && status === 'ok') deps.log.debug(fields, 'dialer request');
    else deps.log.info(fields, 'dialer request');
  }

  /** Whatever breaks inside, the script gets an answer that it can branch on. */
  async function answerSafely(
    { url = '', headers }: IncomingMessage,
    body: Buffer | null,
    { id, name, answer }: Asked,
  ): Promise<Answer> {
    const dialer = deps.dialers.get(id);
    let variables: Variables = {};
    try {
      const told = variablesOf(url, body, headers['content-type'] ?? '');
      // Only what is asked about a call that was with the AI can bring headers back.
      const whole = name === 'outcome' || name === 'context' ? withReturnedHeaders(told) : told;
      variables = dialer?.readRequest?.(whole) ?? whole;
      if (!dialer) return errorAnswer(name, variables, undefined, 'no dialer has this name in the configuration');
      const start = { name: `flow ${name}`, attributes: { 'patchbay.system': dialer.id } };
      return await deps.tracing.run(start, async () => {
        const answered = await answer(dialer, variables);
        if (answered.correlationId) deps.tracing.about(answered.correlationId);
        return answered;
      });
    } catch (error) {
      deps.log.error({ dialer: id, err: error }, 'a dialer request failed inside');
      return errorAnswer(name, variables, dialer, 'an internal error');
    }
  }

  mount('register', async (dialer, variables) => {
    const endsAt = performance.now() + dialer.settings.budgets.registerMs;
    const sighting = await recogniseCall(deps, dialer, variables, dialer.settings.budgets.registerMs * lookUpShare);
    if (!sighting) {
      return errorAnswer('register', variables, dialer, 'call_id is missing or is not a call of this dialer');
    }
    const registration = await registerCall(deps, dialer, sighting, 'register', endsAt - performance.now());
    return registrationAnswer(variables, { ...registration, error: '' });
  });

  mount('outcome', async (dialer, variables) => {
    const answer = await readOutcome(deps, dialer, {
      correlationId: correlationIdIn(dialer, variables),
      variables,
      waitMs: waitMsIn(variables),
      phone: options.readPhone(variables.number || variables.phone || '', dialer.settings.country),
    });
    return outcomeAnswer(variables, answer);
  });

  mount('context', async (dialer, variables) => {
    const answer = await readContext(deps, dialer, {
      correlationId: correlationIdIn(dialer, variables),
      phone: options.readPhone(variables.number || variables.ani || '', dialer.settings.country),
      campaign: variables.campaign ?? '',
      asker: dialer.recogniseCall?.(variables)?.leg.callKey ?? '',
      waitMs: waitMsIn(variables),
    });
    return outcomeAnswer(variables, answer);
  });

  mount('headers', async (dialer, variables) => {
    const form = readHeaderForm(variables.fmt);
    const endsAt = performance.now() + dialer.settings.budgets.headersMs;
    const sighting = await recogniseCall(deps, dialer, variables, dialer.settings.budgets.headersMs * lookUpShare);
    if (!sighting) return { ...renderHeaders([], form), status: 'unknown', correlationId: '' };
    const registration = await registerCall(deps, dialer, sighting, 'headers', endsAt - performance.now());
    const { status, correlationId } = registration;
    return { ...renderHeaders(registration.sentHeaders, form), status, correlationId };
  });

  return { routes, takePlain };
}

interface Asked {
  /** Of the dialer, as the path has it. */
  id: string;
  name: Endpoint;
  answer: AnswerCall;
}

/** What the web framework notes of a request that found its route: traces name it by that. */
interface Routed {
  baseUrl?: string;
  route?: { path: string };
}

const plainMethods = new Set(['GET', 'POST', 'PUT']);

/** HEAD comes from monitors; a script that asks by PUT means what it would by POST. */
const methods = new Set(['GET', 'POST', 'PUT', 'HEAD']);

/** Our ID as a variable of its own, or in the header that carried it, by whatever letters it came back. */
function correlationIdIn(dialer: Dialer, variables: Variables): string {
  const header = dialer.settings.headers.find(({ from }) => from === 'correlation_id')?.name ?? 'X-correlation_id';
  const names = new Set(['correlation_id', 'x_correlation_id', header.toLowerCase().replaceAll('-', '_')]);
  for (const name of Object.keys(variables)) {
    if (!names.has(name.toLowerCase().replaceAll('-', '_'))) continue;
    const id = (variables[name] ?? '').trim().toLowerCase();
    if (isCorrelationId(id)) return id;
  }
  return '';
}

function waitMsIn(variables: Variables): number | null {
  const waitMs = Number.parseInt(variables.wait_ms ?? '', 10);
  return Number.isNaN(waitMs) ? null : Math.max(0, waitMs);
}
