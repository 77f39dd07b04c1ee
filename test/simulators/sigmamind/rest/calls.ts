import { Router } from 'express';
import { z } from 'zod';
import { dial } from '../dial.ts';
import { inBackground, newCall, note, type SimCall, type World } from '../world.ts';
import { shownCall } from './generations.ts';
import { promptVariables } from './prompt-variables.ts';
import { page, type RestState, sendError } from './state.ts';

const Number_ = z.string().regex(/^\+[1-9][0-9]{6,14}$/);
const NewCall = z.object({
  fromPhoneNumber: Number_,
  toPhoneNumber: Number_,
  agentId: z.string().max(64).optional(),
  dynamicVariables: z.record(z.string(), z.unknown()).default({}),
});

/** Calls that the platform places, and the records of all. */
export function createCallRoutes(world: World, rest: RestState): Router {
  const routes = Router();

  routes.post('/calls', (request, response) => {
    const body = NewCall.safeParse(request.body);
    if (!body.success) return sendError(world, request, response, 400);
    const { fromPhoneNumber, toPhoneNumber, agentId, dynamicVariables } = body.data;
    const call = newCall(world, {
      callType: 'outbound',
      agentId: agentId ?? String(rest.phoneNumbers.get(fromPhoneNumber)?.outboundAgentId ?? 'agent_simulated'),
      customer: toPhoneNumber,
      ownNumber: fromPhoneNumber,
      variables: Object.fromEntries(Object.entries(dynamicVariables).map(([name, value]) => [name, String(value)])),
    });
    call.promptVariables = promptVariables(rest, call.agentId);
    world.calls.set(call.callId, call);
    note(world, 'dialled', call.callId, call.variables.correlation_id ?? '', 'api');
    inBackground(world, () => dial(world, call));
    // The worst that can happen to a caller: the call is on its way, and the answer does not arrive.
    if (world.faults.loseAnswers > 0) {
      world.faults.loseAnswers -= 1;
      return void request.socket.destroy();
    }
    response.json(shownCall(world, call));
  });
  routes.get('/calls', (request, response) => {
    const wanted = statusOf(request.query.status);
    const rows = [...world.calls.values()].filter(({ status }) => !wanted || statusOf(status) === wanted);
    const shown = inOrder(world, rows).map((call) => shownCall(world, call));
    response.json(page(world, request, shown));
  });
  routes.get('/calls/:id', (request, response) => {
    const call = world.calls.get(request.params.id);
    return call ? response.json(shownCall(world, call)) : sendError(world, request, response, 404);
  });
  routes.delete('/calls/:id', (request, response) => {
    const isThere = world.calls.delete(request.params.id);
    return isThere ? response.status(204).end() : sendError(world, request, response, 404);
  });
  return routes;
}

/** `neither`: by the id, which is random. */
function inOrder({ switches }: World, calls: readonly SimCall[]): SimCall[] {
  if (switches.callListOrder === 'newest-first') return [...calls].reverse();
  if (switches.callListOrder === 'oldest-first') return [...calls];
  return [...calls].sort((a, b) => (a.callId < b.callId ? -1 : 1));
}

/** The guide asks for `completed` where the record says `ended`. */
function statusOf(status: unknown): string {
  const text = typeof status === 'string' ? status.toLowerCase().replaceAll('_', '-') : '';
  return text === 'completed' ? 'ended' : text;
}
