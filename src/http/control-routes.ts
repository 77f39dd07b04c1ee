import { type Request, type Response, Router } from 'express';
import type { ZodType } from 'zod';
import type { Control } from '../domain/controls.ts';
import { ConnectorError, messageOf } from '../domain/errors.ts';
import type { Deps } from '../flows/deps.ts';
import { faultOfControl, unknownCampaign } from '../flows/judge-control.ts';
import { pauseOutlook } from '../flows/pause-outlook.ts';
import { liftControl, setControl } from '../flows/set-control.ts';
import { type ControlAnswer, ControlName, ControlWish } from './control-schemas.ts';
import type { HttpOptions } from './options.ts';
import { sendProblem } from './problem.ts';
import { sendJson } from './send-body.ts';
import { takeBody } from './take-body.ts';

/** What people in charge decide live, for their own programs: pauses, stages, shares. */
export function createControlRoutes(deps: Deps, options: HttpOptions): Router {
  const routes = Router({ caseSensitive: true });

  routes.get('/', (request, response) =>
    asOperator(request, response, async () => {
      const controls = await deps.store.controls();
      sendJson(response, 200, { controls: controls.map(answerOf) });
    }),
  );

  routes.put('/', (request, response) =>
    asOperator(request, response, async (by) => {
      if (!(await takeBody(options, request, response, true))) return;
      const wish = read(response, ControlWish, jsonOf(request));
      if (!wish) return;
      const { kind, percent = kind === 'pause' ? 0 : Number.NaN, note, ...scope } = wish;
      const control = { kind, scope, percent, note: note.trim() };
      const fault = faultOfControl(deps, control);
      if (fault) return refuse(response, `${fault.words} ${fault.hint}`);
      await setControl(deps, { ...control, by });
      // It holds by now, whether what waits can be counted in time or not.
      const outlook = kind === 'pause' ? await pauseOutlook(deps, scope).catch(() => null) : null;
      const waits = outlook && { waiting: outlook.waiting, waiting_opt_outs: outlook.optOuts };
      const unknown = unknownCampaign(deps, scope);
      const warns = unknown && { warning: `${unknown.words} ${unknown.hint}` };
      sendJson(response, 200, { kind, ...scope, percent, note: control.note, by, ...waits, ...warns });
    }),
  );

  routes.delete('/', (request, response) =>
    asOperator(request, response, async (by) => {
      const named = read(response, ControlName, request.query);
      if (!named) return;
      const { kind, ...scope } = named;
      if (await liftControl(deps, { kind, scope, by })) return sendJson(response, 200, { lifted: named });
      const detail = 'No control of this kind is set for exactly this scope: GET /v1/controls lists those that are.';
      sendProblem(response, { status: 404, title: 'Not set', detail });
    }),
  );

  async function asOperator(
    request: Request,
    response: Response,
    answer: (by: string) => Promise<void>,
  ): Promise<void> {
    const client = options.authenticate(request, 'operator');
    if (client.kind === 'denied') return await options.deny(request, response);
    try {
      await answer(`api:${client.name}`);
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.code !== 'store_away') throw error;
      deps.log.error({ reason: messageOf(error) }, 'a control could not be read or set');
      const detail = 'The store did not answer, so that nothing may have changed. Ask again.';
      sendProblem(response, { status: 503, title: 'Store away', detail });
    }
  }

  return routes;
}

function answerOf({ kind, scope, percent, note, by, at }: Control): ControlAnswer {
  return { kind, ...scope, percent, note, by, at };
}

function jsonOf({ body }: Request): unknown {
  try {
    return Buffer.isBuffer(body) ? JSON.parse(body.toString('utf8')) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined when it can't be used, which is answered. */
function read<T>(response: Response, schema: ZodType<T>, value: unknown): T | undefined {
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  const faults = found.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  refuse(response, `${faults.join('; ')}. /openapi.json says what is asked for.`);
  return undefined;
}

function refuse(response: Response, detail: string): void {
  sendProblem(response, { status: 400, title: 'Bad request', detail });
}
