import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Dialer } from './dialer.ts';
import { faultKinds } from './faults.ts';
import { CallRequest } from './live-call.ts';
import { readBody } from './parameters.ts';
import type { VicidialSimulator } from './vicidial-simulator.ts';

const FaultRequest = z.strictObject({
  kind: z.enum(faultKinds),
  times: z.number().int().optional(),
  ms: z.number().optional(),
  build: z.number().int().optional(),
});

/** The simulator's own interface under `/_sim/`, for tests and demos in other processes. */
export async function answerControl(
  dialer: Dialer,
  simulator: VicidialSimulator,
  request: IncomingMessage,
  url: URL,
): Promise<{ status: number; body: unknown }> {
  const ok = (body: unknown) => ({ status: 200, body });
  const code = url.searchParams.get('code') ?? '';
  switch (`${request.method} ${url.pathname}`) {
    case 'POST /_sim/calls': {
      const order = CallRequest.safeParse(JSON.parse(await readBody(request)));
      if (!order.success) return { status: 400, body: { error: z.prettifyError(order.error) } };
      return simulator
        .place(order.data)
        .then(ok, (error: unknown) => ({ status: 400, body: { error: String(error) } }));
    }
    case 'GET /_sim/calls':
      return ok(
        dialer.calls().map(({ code, uniqueid, line, headers, ended }) => ({
          callerCode: code,
          uniqueid,
          line,
          headers,
          isOver: ended.signal.aborted,
        })),
      );
    case 'POST /_sim/ended':
      return ok({ wasLive: await dialer.end(code) });
    case 'POST /_sim/hang-up':
      return ok({ wasLive: await dialer.end(code, { tellAi: true }) });
    case 'GET /_sim/state': {
      const phone = url.searchParams.get('phone');
      return ok(await simulator.state(phone ? { phone } : { leadId: Number(url.searchParams.get('leadId')) }));
    }
    case 'GET /_sim/journal':
      return ok(await simulator.journal());
    case 'GET /_sim/progress':
      return ok(simulator.progress());
    case 'POST /_sim/faults': {
      const fault = FaultRequest.safeParse(JSON.parse(await readBody(request)));
      if (!fault.success) return { status: 400, body: { error: z.prettifyError(fault.error) } };
      const { kind, times, ms, build } = fault.data;
      simulator.fault({
        kind,
        ...(times !== undefined && { times }),
        ...(ms !== undefined && { ms }),
        ...(build !== undefined && { build }),
      });
      return ok({});
    }
    default:
      return { status: 404, body: { error: 'not found' } };
  }
}
