import { Router } from 'express';
import { ourInstance } from '../domain/connector.ts';
import type { Deps } from '../flows/deps.ts';

export interface HealthOptions {
  isDraining(): boolean;
  metrics(): Promise<{ contentType: string; body: string }>;
}

/** For load balancers and Prometheus. `/readyz` stays 200 while intake works; only draining makes it 503. */
export function createHealthRoutes(deps: Deps, options: HealthOptions): Router {
  const routes = Router();
  routes.get('/livez', (_request, response) => {
    response.json({ status: 'ok', service: ourInstance });
  });
  routes.get('/readyz', (_request, response) => {
    const isStoreAway = deps.gate.isAway();
    const status = options.isDraining() ? 'draining' : isStoreAway ? 'degraded' : 'ok';
    response.status(status === 'draining' ? 503 : 200).json({
      status,
      store: isStoreAway ? 'away' : 'ok',
      spooled: deps.spool.size(),
    });
  });
  routes.get('/metrics', async (_request, response) => {
    const { contentType, body } = await options.metrics();
    response.type(contentType).send(body);
  });
  return routes;
}
