import type { Request, Response } from 'express';
import { instant, type World } from '../world.ts';
import type { SimAuth } from './integrations.ts';
import type { SimCampaign } from './run-campaign.ts';
import type { SimTool } from './tools.ts';

export type Row = Record<string, unknown>;

/** What the REST API keeps besides calls and webhooks. */
export interface RestState {
  phoneNumbers: Map<string, Row>;
  agents: Map<string, Row>;
  integrations: Map<string, Row>;
  auths: Map<string, SimAuth>;
  tools: Map<string, SimTool>;
  campaigns: Map<string, SimCampaign>;
}

export function createRestState(): RestState {
  return {
    phoneNumbers: new Map(),
    agents: new Map(),
    integrations: new Map(),
    auths: new Map(),
    tools: new Map(),
    campaigns: new Map(),
  };
}

/** One page; `page` counts from zero. The first generation said `totalCounts`. */
export function page({ switches }: Pick<World, 'switches'>, request: Request, rows: readonly unknown[]): Row {
  const number = Math.max(0, Number(request.query.page ?? 0) || 0);
  const size = Math.min(switches.mostPerPage, Math.max(1, Number(request.query.size ?? 10) || 10));
  const totalPages = Math.ceil(rows.length / size);
  return {
    data: rows.slice(number * size, (number + 1) * size),
    page: number,
    size,
    [switches.generation === 'g1' ? 'totalCounts' : 'totalCount']: rows.length,
    totalPages,
    hasNext: number + 1 < totalPages,
    hasPrevious: number > 0,
  };
}

const errorTitles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
};

/** The platform's error shape, without a code. */
export function sendError(world: World, request: Request, response: Response, status: number): void {
  const error = errorTitles[status] ?? 'Service Unavailable';
  const path = request.originalUrl.split('?')[0];
  response.status(status).json({ error, message: error, path, status, timestamp: instant(world) });
}
