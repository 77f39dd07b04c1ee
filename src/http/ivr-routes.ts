import { type Request, Router } from 'express';
import type { Variables } from '../domain/connector.ts';
import { isCorrelationId } from '../domain/correlation-id.ts';
import type { Dialer } from '../domain/dialer.ts';
import { campaignSettings } from '../domain/settings.ts';
import type { Deps } from '../flows/deps.ts';
import { readContext } from '../flows/read-context.ts';
import { type OutcomeAnswer, readOutcome } from '../flows/read-outcome.ts';
import { recogniseCall } from '../flows/recognise-call.ts';
import { type Registration, registerCall } from '../flows/register-call.ts';
import { screenPopOf } from '../flows/screen-pop.ts';
import type { HttpOptions } from './options.ts';
import { readVariables, withReturnedHeaders } from './read-variables.ts';
import { type AnswerEntry, readFormat, renderAnswer } from './render-answer.ts';
import { readHeaderForm, renderHeaders } from './render-headers.ts';
import { sendBody } from './send-body.ts';

/** Of a request's time, how much may go into finding out which call is meant, where its variables don't say so. */
const lookUpShare = 0.4;

/** What a dialer's script asks during a live call. Always 200 once the key is right: a script can branch on `status`. */
export function createIvrRoutes(deps: Deps, options: HttpOptions): Router {
  const routes = Router({ caseSensitive: true });

  function mount(name: Endpoint, answer: (dialer: Dialer, variables: Variables) => Promise<Answer>): void {
    routes.all(`/:dialer/${name}`, async (request, response) => {
      const startedAt = performance.now();
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
      // One that is too large or broken is left out: the script is answered with what its query says.
      const reading = await options.readBody(request, true);
      if (reading.kind === 'whole') request.body = reading.bytes;
      const { contentType, body, status, correlationId } = await answerSafely(request, name, answer);
      sendBody(response, 200, contentType, body);
      const ms = Math.round((performance.now() - startedAt) * 10) / 10;
      options.observe(`ivr/${name}`, ms);
      deps.traffic.asked(String(request.params.dialer), ms, status === 'error');
      const fields = { dialer: String(request.params.dialer), endpoint: name, status, correlationId, ms };
      // Headers are asked for with every call of the site: what went well is a number, see the metrics.
      if (name === 'headers' && status === 'ok') deps.log.debug(fields, 'dialer request');
      else deps.log.info(fields, 'dialer request');
    });
  }

  /** Whatever breaks inside, the script gets an answer that it can branch on. */
  async function answerSafely(
    request: Request,
    name: Endpoint,
    answer: (dialer: Dialer, variables: Variables) => Promise<Answer>,
  ): Promise<Answer> {
    const id = String(request.params.dialer);
    const dialer = deps.dialers.get(id);
    let variables: Variables = {};
    try {
      const told = readVariables(request);
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

  return routes;
}

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

type Endpoint = 'register' | 'outcome' | 'context' | 'headers';

interface Answer {
  contentType: string;
  body: string;
  status: string;
  /** Of the call; empty when none is known. */
  correlationId: string;
}

type RegisterAnswer = Omit<Registration, 'status' | 'sentHeaders'> & { status: string; error: string };

function registrationAnswer(variables: Variables, registration: RegisterAnswer): Answer {
  const entries: AnswerEntry[] = [
    { key: 'status', value: registration.status, kind: 'code' },
    { key: 'route', value: registration.route, kind: 'code' },
    { key: 'reason', value: registration.reason, kind: 'code' },
    { key: 'correlation_id', value: registration.correlationId, kind: 'code' },
    { key: 'error', value: registration.error, kind: 'text' },
    ...registration.headers.map(([key, value]) => ({ key, value, kind: 'text' }) as const),
  ];
  const { status, correlationId } = registration;
  return { ...renderAnswer(entries, readFormat(variables.format)), status, correlationId };
}

function outcomeAnswer(variables: Variables, answer: OutcomeAnswer): Answer {
  const entries: AnswerEntry[] = [
    { key: 'status', value: answer.status, kind: 'code' },
    { key: 'route', value: answer.route, kind: 'code' },
    { key: 'outcome', value: answer.outcome, kind: 'code' },
    { key: 'disposition', value: answer.disposition, kind: 'code' },
    { key: 'callback_at', value: answer.callbackAt, kind: 'code' },
    { key: 'summary', value: answer.summary, kind: 'summary' },
    { key: 'correlation_id', value: answer.correlationId, kind: 'code' },
    { key: 'error', value: answer.error, kind: 'text' },
    ...answer.screenPop.map(([key, value]) => ({ key, value, kind: 'text' }) as const),
  ];
  const { status, correlationId } = answer;
  return { ...renderAnswer(entries, readFormat(variables.format)), status, correlationId };
}

/** Every key of the endpoint is there, so that each regular expression of a script finds its own. */
function errorAnswer(name: Endpoint, variables: Variables, dialer: Dialer | undefined, error: string): Answer {
  const campaign = variables.campaign ?? '';
  const route = dialer ? campaignSettings(dialer.settings, campaign).safeRoute : 'skill';
  if (name === 'headers')
    return { ...renderHeaders([], readHeaderForm(variables.fmt)), status: 'error', correlationId: '' };
  if (name === 'register') {
    const headers = (dialer?.settings.headers ?? []).map((header) => [header.name, ''] as const);
    return registrationAnswer(variables, { status: 'error', route, reason: '', error, correlationId: '', headers });
  }
  const screenPop = dialer ? screenPopOf(dialer.settings, campaign, null, name === 'context') : [];
  return outcomeAnswer(variables, { ...emptyOutcome, status: 'error', route, error, screenPop });
}

const emptyOutcome = { outcome: '', disposition: '', callbackAt: '', summary: '', correlationId: '' };
