import type { Router } from 'express';
import { z } from 'zod';
import { note, type World } from '../world.ts';
import { page, type Row, sendError } from './state.ts';

interface KeepOptions {
  /** How a row is told. (Default: as it is kept) */
  show?(row: Row): Row;
  /** Takes a change of a row. (Default: the named fields are replaced) */
  change?(row: Row, change: Row): void;
  isListed?(): boolean;
  canDelete?(): boolean;
}

/** List, read, change and delete, which are alike for numbers, agents and integrations. */
export function keepRoutes(
  world: World,
  routes: Router,
  name: string,
  rows: Map<string, Row>,
  { show = (row) => row, change = Object.assign, isListed = () => true, canDelete = () => true }: KeepOptions = {},
): void {
  routes.get(`/${name}`, (request, response) => {
    if (!isListed()) return sendError(world, request, response, 405);
    response.json(page(world, request, [...rows.values()].map(show)));
  });
  routes.get(`/${name}/:id`, (request, response) => {
    const row = rows.get(request.params.id);
    return row ? response.json(show(row)) : sendError(world, request, response, 404);
  });
  routes.patch(`/${name}/:id`, (request, response) => {
    const row = rows.get(request.params.id);
    if (!row) return sendError(world, request, response, 404);
    note(world, `${name}-changed`, request.params.id, '', 'api');
    // A change of a number writes `terminationSipUri` where its import writes `terminationSipURI`.
    const { terminationSipUri: sipUri, terminationSipURI: _, ...named } = Fields.safeParse(request.body).data ?? {};
    change(row, { ...named, ...(sipUri !== undefined && { terminationSipURI: sipUri }) });
    response.json(show(row));
  });
  routes.delete(`/${name}/:id`, (request, response) => {
    if (!canDelete()) return sendError(world, request, response, 405);
    return rows.delete(request.params.id) ? response.status(204).end() : sendError(world, request, response, 404);
  });
}

export const Fields = z.record(z.string(), z.unknown());
