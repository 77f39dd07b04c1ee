import type { Router } from 'express';
import { z } from 'zod';
import { note, type World } from '../world.ts';
import { page, type Row, sendError } from './state.ts';

/** List, read, change and delete, which are alike for numbers, agents and integrations. */
export function keepRoutes(world: World, routes: Router, name: string, rows: Map<string, Row>): void {
  routes.get(`/${name}`, (request, response) => {
    response.json(page(world, request, [...rows.values()]));
  });
  routes.get(`/${name}/:id`, (request, response) => {
    const row = rows.get(request.params.id);
    return row ? response.json(row) : sendError(world, request, response, 404);
  });
  routes.patch(`/${name}/:id`, (request, response) => {
    const row = rows.get(request.params.id);
    if (!row) return sendError(world, request, response, 404);
    note(world, `${name}-changed`, request.params.id, '', 'api');
    // A change of a number writes `terminationSipUri` where its import writes `terminationSipURI`.
    const { terminationSipUri: sipUri, terminationSipURI: _, ...change } = Fields.safeParse(request.body).data ?? {};
    response.json(Object.assign(row, change, sipUri !== undefined && { terminationSipURI: sipUri }));
  });
  routes.delete(`/${name}/:id`, (request, response) => {
    return rows.delete(request.params.id) ? response.status(204).end() : sendError(world, request, response, 404);
  });
}

export const Fields = z.record(z.string(), z.unknown());
