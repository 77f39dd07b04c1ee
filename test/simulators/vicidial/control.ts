import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { CallerName } from './caller-names.ts';
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

const Customer = CallRequest.omit({ leadId: true, campaign: true }).partial();
const Switch = z.strictObject({ isUp: z.boolean() });
const TableHold = z.strictObject({ table: z.string(), ms: z.number() });
const LogArchive = z.strictObject({ olderThanDays: z.number(), isDaily: z.boolean().default(false) });
const LeadArchive = z.strictObject({ leadIds: z.array(z.number()) });

/** The simulator's own interface under `/_sim/`, for tests and demos in other processes. */
export async function answerControl(
  dialer: Dialer,
  simulator: VicidialSimulator,
  request: IncomingMessage,
  url: URL,
): Promise<{ status: number; body: unknown }> {
  const ok = (body: unknown) => ({ status: 200, body });
  const code = url.searchParams.get('code') ?? '';
  /** Reads the body, and answers 400 to one of another form, or to what the simulator refuses. */
  async function take<T>(schema: z.ZodType<T>, act: (order: T) => unknown): Promise<{ status: number; body: unknown }> {
    const order = schema.safeParse(JSON.parse(await readBody(request)));
    if (!order.success) return { status: 400, body: { error: z.prettifyError(order.error) } };
    try {
      return ok((await act(order.data)) ?? {});
    } catch (error) {
      return { status: 400, body: { error: String(error) } };
    }
  }

  switch (`${request.method} ${url.pathname}`) {
    case 'POST /_sim/calls':
      return take(CallRequest, simulator.place);
    case 'GET /_sim/calls':
      return ok(
        dialer.calls().map(({ code, uniqueid, lead, line, headers, isHandedOver, ended }) => ({
          callerCode: code,
          uniqueid,
          leadId: lead.lead_id,
          line,
          headers,
          isHandedOver,
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
    case 'GET /_sim/header-requests':
      return ok(simulator.headerRequests());
    case 'POST /_sim/faults':
      return take(FaultRequest, simulator.fault);
    case 'POST /_sim/web-server':
      return take(Switch, ({ isUp }) => simulator.setWebServer(isUp));
    case 'POST /_sim/daemon':
      return take(Switch, ({ isUp }) => simulator.setDaemon(isUp));
    case 'POST /_sim/caller-name':
      return take(CallerName, simulator.setCallerName);
    case 'POST /_sim/customer':
      return take(Customer, simulator.setCustomer);
    case 'POST /_sim/hold-table':
      return take(TableHold, ({ table, ms }) => simulator.holdTable(table, ms));
    case 'POST /_sim/archive-logs':
      return take(LogArchive, async (which) => ({ rows: await simulator.archiveLogs(which) }));
    case 'POST /_sim/archive-leads':
      return take(LeadArchive, async ({ leadIds }) => ({ rows: await simulator.archiveLeads(leadIds) }));
    default:
      return { status: 404, body: { error: 'not found' } };
  }
}
