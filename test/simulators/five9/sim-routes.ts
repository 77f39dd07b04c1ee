import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Five9Simulator } from './five9-simulator.ts';
import { type CallInput, FaultRequest, type InboundCallInput, type SeedInput } from './options.ts';

/** What a route answers: status and JSON. */
interface Answer {
  status?: number;
  json: unknown;
}

type Route = (simulator: Five9Simulator, query: URLSearchParams, body: unknown) => Answer;

const Places = z.strictObject({
  aiUrl: z.string().optional(),
  patchbayUrl: z.string().optional(),
  ivrKey: z.string().optional(),
});

/** The end of the AI's leg; headers of its BYE as an object or as pairs. */
const Ended = z.object({
  byeHeaders: z
    .union([
      z.record(z.string(), z.string()),
      z.array(z.tuple([z.string(), z.string()])).transform((pairs) => Object.fromEntries(pairs)),
    ])
    .default({}),
  reason: z.string().default(''),
});

const routes: Readonly<Record<string, Route>> = {
  'POST /_sim/seed': (simulator, _query, body) => {
    simulator.seed(body as SeedInput);
    return { json: { ok: true } };
  },
  'POST /_sim/places': (simulator, _query, body) => {
    simulator.pointAt(Places.parse(body));
    return { json: { ok: true } };
  },
  'POST /_sim/calls': (simulator, _query, body) => {
    const placed = simulator.call(body as CallInput);
    if (placed.kind === 'refused') return { status: 409, json: { refused: placed.why } };
    const { call_id, session_id } = placed.call;
    return { status: 201, json: { call_id, session_id } };
  },
  'POST /_sim/inbound-calls': (simulator, _query, body) => {
    const placed = simulator.receive(body as InboundCallInput);
    if (placed.kind === 'refused') return { status: 404, json: { refused: placed.why } };
    return { status: 201, json: { call_id: placed.call.call_id } };
  },
  'GET /_sim/calls': (simulator) => ({ json: simulator.calls() }),
  'POST /_sim/ended': (simulator, query, body) => {
    const { byeHeaders: headers, reason } = Ended.parse(body ?? {});
    const isKnown = simulator.endAiLeg(query.get('call_id') ?? '', { headers, reason });
    return { status: isKnown ? 200 : 404, json: { ok: isKnown } };
  },
  'GET /_sim/state': (simulator, query) => ({ json: simulator.state(query.get('number1') ?? '') }),
  'GET /_sim/domain': (simulator) => ({ json: simulator.domain() }),
  'GET /_sim/journal': (simulator) => ({ json: simulator.effects() }),
  'GET /_sim/requests': (simulator) => ({ json: simulator.requests() }),
  /** How many calls were placed, and how many of them are over, agents included. */
  'GET /_sim/progress': (simulator) => {
    const calls = simulator.calls();
    return { json: { started: calls.length, over: calls.filter(({ endedAt }) => endedAt !== '').length } };
  },
  'POST /_sim/faults': (simulator, _query, body) => {
    const { kind, ...options } = FaultRequest.parse(body);
    simulator.failNext(kind, options);
    return { json: { ok: true } };
  },
};

/** The simulator's own routes, under `/_sim/`. */
export function createSimRoutes(simulator: Five9Simulator) {
  return async (request: IncomingMessage, response: ServerResponse, text: string): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', simulator.url);
    const { status = 200, json } = answerTo(simulator, request.method ?? 'GET', pathname, searchParams, text);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(json));
  };
}

function answerTo(
  simulator: Five9Simulator,
  method: string,
  path: string,
  query: URLSearchParams,
  text: string,
): Answer {
  const callId = method === 'GET' ? /^\/_sim\/calls\/(.+)$/.exec(path)?.[1] : undefined;
  if (callId) {
    const call = simulator.calls().find(({ call_id }) => call_id === callId);
    return call ? { json: call } : { status: 404, json: { error: 'no such call' } };
  }
  const route = routes[`${method} ${path}`];
  if (!route) return { status: 404, json: { error: 'no such route' } };
  try {
    return route(simulator, query, text ? JSON.parse(text) : undefined);
  } catch (error) {
    return { status: 400, json: { error: error instanceof Error ? error.message : String(error) } };
  }
}
