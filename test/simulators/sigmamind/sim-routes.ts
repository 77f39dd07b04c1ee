import { type Response, Router } from 'express';
import { z } from 'zod';
import { Behaviours, Faults, SipCall, Wiring } from './options.ts';
import { keepAgent } from './rest/agents.ts';
import { Fields } from './rest/keep-routes.ts';
import { shownState } from './rest/shown-state.ts';
import type { RestState } from './rest/state.ts';
import { receiveSipCall } from './sip-call.ts';
import { behaviourKey, type SimCall, type World } from './world.ts';

/** The levers of the simulator itself. No real platform has these, so they ask for no key. */
export function createSimRoutes(world: World, state: RestState): Router {
  const routes = Router();

  routes.post('/sip-calls', (request, response) => {
    const invite = SipCall.safeParse(request.body);
    if (!invite.success) return sendFault(response, invite.error);
    const { callId } = receiveSipCall(world, state, invite.data);
    response.status(201).json({ callId, hangUpUrl: `http://${request.get('host')}/_sim/calls/${callId}/hang-up` });
  });
  // The dialer's side cuts the leg: a BYE.
  routes.post('/calls/:callId/hang-up', (request, response) => {
    const call = world.calls.get(request.params.callId);
    if (!call) return void response.status(404).json({ error: 'no such call' });
    call.cut.abort();
    response.status(204).end();
  });
  routes.get('/calls', (_request, response) => {
    response.json([...world.calls.values()].map(showCall));
  });
  // How many calls reached an agent, and how many of them are over, their events sent.
  routes.get('/progress', (_request, response) => {
    const calls = [...world.calls.values()];
    response.json({ started: calls.length, over: calls.filter(({ trace }) => trace.isDone).length });
  });
  routes.get('/journal', (_request, response) => {
    response.json(world.journal);
  });
  routes.get('/state', (_request, response) => {
    response.json(shownState(world, state));
  });
  // An agent under an ID of one's own, as the dashboard shows it: made, or replaced.
  routes.put('/agents/:agentId', (request, response) => {
    const fields = Fields.safeParse(request.body);
    if (!fields.success) return sendFault(response, fields.error);
    keepAgent(state.agents, { agentName: '', status: 'Live', ...fields.data, agentId: request.params.agentId });
    response.status(204).end();
  });
  routes.get('/switches', (_request, response) => {
    response.json(world.switches);
  });
  routes.put('/behaviours', (request, response) => {
    const behaviours = Behaviours.safeParse(request.body);
    if (!behaviours.success) return sendFault(response, behaviours.error);
    setBehaviours(world, request.body);
    response.status(204).end();
  });
  // Patchbay's address is often known only after the simulator runs.
  routes.put('/wiring', (request, response) => {
    const wiring = Wiring.partial().safeParse(request.body);
    if (!wiring.success) return sendFault(response, wiring.error);
    // Only what was named: a default must not undo what was wired before.
    for (const name of Object.keys(request.body))
      Object.assign(world.wiring, { [name]: Reflect.get(wiring.data, name) });
    response.status(204).end();
  });
  routes.put('/faults', (request, response) => {
    const faults = Faults.safeParse(request.body);
    if (!faults.success) return sendFault(response, faults.error);
    world.faults = faults.data;
    response.status(204).end();
  });

  return routes;
}

/** Adds behaviours by the last 10 digits of the customer's number; one that is there already is replaced. */
export function setBehaviours(world: World, behaviours: z.input<typeof Behaviours>): void {
  for (const [number, behaviour] of Object.entries(Behaviours.parse(behaviours))) {
    world.behaviours.set(behaviourKey(number), behaviour);
  }
}

/** A call as the witness tells it. */
export function showCall(call: SimCall) {
  const { callId, callType, agentId, customer, ownNumber, status, startTime, endTime, terminationReason } = call;
  return {
    ...{ callId, callType, agentId, from: customer, to: ownNumber, status, startTime, endTime, terminationReason },
    variables: call.variables,
    ...call.trace,
  };
}

function sendFault(response: Response, error: z.ZodError): void {
  response.status(400).json({ error: z.prettifyError(error) });
}
