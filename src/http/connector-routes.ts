import { type Request, type Response, Router } from 'express';
import type { ConnectorRoute, Contributions } from '../domain/connector.ts';
import { messageOf } from '../domain/errors.ts';
import type { Deps } from '../flows/deps.ts';
import type { HttpOptions } from './options.ts';
import { plainRequest } from './plain-request.ts';
import { sendProblem } from './problem.ts';
import { takeBody } from './take-body.ts';

/** A connector's own routes, under its instance id. */
export function createConnectorRoutes(deps: Deps, instances: Iterable<Contributions>, options: HttpOptions): Router {
  const routes = Router({ caseSensitive: true });
  for (const instance of instances) {
    for (const route of instance.routes ?? []) {
      const handle = (request: Request, response: Response) => answer(instance.id, route, request, response);
      if (route.method === 'GET') routes.get(`/${instance.id}/${route.path}`, handle);
      else routes.post(`/${instance.id}/${route.path}`, handle);
    }
  }

  async function answer(id: string, route: ConnectorRoute, request: Request, response: Response): Promise<void> {
    if (route.access === 'client' && options.authenticate(request, 'dialer').kind === 'denied') {
      return options.deny(request, response);
    }
    // What an unknown token leads to is the route's to say: it says so without the body.
    const mayBeGood = route.knowsToken?.(String(request.params.token ?? '')) ?? true;
    if (mayBeGood && !(await takeBody(options, request, response, route.access === 'client'))) return;
    const startedAt = performance.now();
    try {
      const { status, contentType, body } = await route.handle(plainRequest(request));
      response.status(status).type(contentType).send(body);
    } catch (error) {
      deps.log.error({ connector: id, route: route.path, reason: messageOf(error) }, "a connector's route failed");
      sendProblem(response, { status: 500, title: 'Failed', detail: 'The log of the service says more.' });
    }
    const { statusCode } = response;
    // What is refused may have come from anybody.
    if (statusCode < 400 || statusCode >= 500) deps.traffic.asked(id, performance.now() - startedAt, statusCode >= 500);
  }

  return routes;
}
