import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import express, { type Express } from 'express';
import type { z } from 'zod';
import type { Clock } from '../../../src/domain/clock.ts';
import type { Simulator } from '../simulator.ts';
import { type Behaviours, SimulatorOptions, SipCall, type Switches } from './options.ts';
import { createRestRoutes } from './rest/rest.ts';
import { createRestState, type RestState, sendError } from './rest/state.ts';
import { createSimRoutes, setBehaviours, showCall } from './sim-routes.ts';
import { receiveSipCall } from './sip-call.ts';
import { startSipResponder } from './sip-responder.ts';
import { createWorld, type World } from './world.ts';

export interface SigmamindSimulator extends Simulator {
  /** Every assumption as it is switched now. */
  switches: Switches;
  /** Port of the SIP server; 0 when there is none. */
  sipPort: number;
  placeSipCall(invite: SipCall): { callId: string };
  setBehaviours(behaviours: z.input<typeof Behaviours>): void;
  calls(): ReturnType<typeof showCall>[];
}

/** A SigmaMind of the current generation in memory, with one scripted agent. Listens on 127.0.0.1. */
export async function startSigmamindSimulator(
  options: SimulatorOptions & { clock: Clock },
): Promise<SigmamindSimulator> {
  const { clock, ...rest } = options;
  const checked = SimulatorOptions.parse(rest);
  const stopping = new AbortController();
  const world = createWorld(clock, checked, stopping.signal);
  const state = createRestState();
  const server = createServer(createApp(world, state));
  await listen(server, checked.port);
  const sip = checked.sipPort === undefined ? null : await startSipResponder(checked.sipPort, () => world.faults);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    switches: world.switches,
    sipPort: sip?.port ?? 0,
    journal: async () => [...world.journal],
    placeSipCall: (invite) => ({ callId: receiveSipCall(world, state, SipCall.parse(invite)).callId }),
    setBehaviours: (behaviours) => setBehaviours(world, behaviours),
    calls: () => [...world.calls.values()].map(showCall),
    async stop() {
      stopping.abort();
      await Promise.all(world.running);
      await sip?.stop();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function createApp(world: World, state: RestState): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json({ limit: '20mb' }));
  app.use('/_sim', createSimRoutes(world, state));
  app.use('/v1', async (request, response, next) => {
    if (world.faults.slowMs > 0) await wait(world.faults.slowMs, undefined, { ref: false });
    if (request.get('x-api-key') !== world.apiKey) return sendError(world, request, response, 401);
    const fault = request.method !== 'GET' && world.faults.failWrites > 0 ? 'failWrites' : 'failNext';
    if (world.faults[fault] > 0) {
      world.faults[fault] -= 1;
      const { retryAfterSec } = world.faults;
      if (retryAfterSec !== undefined) response.set('retry-after', String(retryAfterSec));
      return sendError(world, request, response, world.faults.status);
    }
    next();
  });
  app.use('/v1', createRestRoutes(world, state));
  app.use((request, response) => sendError(world, request, response, 404));
  return app;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
