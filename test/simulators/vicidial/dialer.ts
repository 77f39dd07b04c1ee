import type { CallerName } from './caller-names.ts';
import { patient } from './database-away.ts';
import type { DialerServer } from './dialer-servers.ts';
import { type HandOverOptions, handOver } from './hand-over.ts';
import { hangUp } from './hang-up.ts';
import { CallRequest, inTurn, type LiveCall } from './live-call.ts';
import { playManualCall, writeHumanDisposition } from './manual-call.ts';
import { dial, notAnswered } from './place-call.ts';
import { tellPlatform } from './platform-leg.ts';
import type { RemoteAgentDaemon } from './remote-agent-daemon.ts';
import type { Row } from './tables.ts';
import { playTransferredCall } from './transferred-call.ts';

/** The dialer: auto-dial daemon, routing and hang-up of VICIdial, as far as the tables show them. */
export interface Dialer {
  place(request: CallRequest): Promise<{ callerCode: string; uniqueid: string }>;
  /** The customer's leg is over: the AI platform ended its leg, or (`tellAi`) the customer hung up. */
  end(callerCode: string, options?: { tellAi: boolean }): Promise<boolean>;
  /** The Agent API cuts the customer's leg or moves it to an in-group, and writes the records itself. False: it is over. */
  letGo(callerCode: string, writeRecords: () => Promise<void>, inGroup: string): Promise<boolean>;
  calls(): readonly LiveCall[];
  /** Calls ordered, and those with nothing left to come: not even a human's disposition. */
  progress(): { started: number; over: number };
  /** What the dialplan makes of the caller codes of calls to come that name nothing else. */
  setCallerName(name: CallerName): void;
  settle(): Promise<void>;
}

/** @param servers the dialers of the cluster, the first of which takes calls that name none */
export function createDialer(
  servers: ReadonlyMap<string, DialerServer>,
  daemon: RemoteAgentDaemon,
  options: HandOverOptions,
): Dialer {
  const calls = new Map<string, LiveCall>();
  const running = new Set<Promise<void>>();
  let callerName: CallerName = { kind: 'kept' };
  let started = 0;
  let over = 0;

  async function place(raw: CallRequest) {
    const request = CallRequest.parse(raw);
    const server = request.server ? servers.get(request.server) : [...servers.values()][0];
    if (!server) throw new Error(`the simulated VICIdial has no server ${request.server}`);
    // With the database dead the dialer waits, as its daemon is started anew until it finds it again.
    const tables = patient(server.deps.tables, server.deps.stopping);
    const lead = await tables.first('SELECT * FROM vicidial_list WHERE lead_id = ?', [request.leadId]);
    if (!lead) throw new Error(`the simulated VICIdial has no lead ${request.leadId}`);
    const call = newCall(server, lead, { callerName, ...request }, started);
    if (calls.has(call.code)) throw new Error(`lead ${request.leadId} is dialled twice in one second`);
    calls.set(call.code, call);
    started += 1;
    await dial(call);
    const run = playCall(call)
      .catch((error: unknown) => {
        if (!call.deps.stopping.aborted) process.stderr.write(`simulated VICIdial, call failed: ${String(error)}\n`);
      })
      .finally(() => {
        over += 1;
        running.delete(run);
      });
    running.add(run);
    return { callerCode: call.code, uniqueid: call.uniqueid };
  }

  async function playCall(call: LiveCall): Promise<void> {
    const { request, ended, deps } = call;
    const { clock, stopping } = deps;
    if (request.kind === 'manual') return playManualCall(call);

    const answerMs = request.kind === 'inbound' ? 0 : request.answerSec * 1000;
    await clock.sleep(answerMs, AbortSignal.any([stopping, ended.signal]));
    if (stopping.aborted) return;

    if (request.notAnswered) await notAnswered(call);
    else if (!ended.signal.aborted) await handOver(daemon, options, call);
    if (stopping.aborted) return;
    if (call.transferredTo) return playTransferredCall(call);
    if (!request.human) return;

    await clock.sleep(request.human.afterSec * 1000, stopping);
    if (!stopping.aborted) await writeHumanDisposition(call, request.human);
  }

  return {
    place,
    async end(callerCode, { tellAi } = { tellAi: false }) {
      const call = calls.get(callerCode);
      if (!call || call.ended.signal.aborted) return false;
      await hangUp(daemon, call);
      if (tellAi) await tellPlatform(call);
      return true;
    },
    async letGo(callerCode, writeRecords, inGroup) {
      const call = calls.get(callerCode);
      if (!call) return writeRecords().then(() => true);
      const wasLive = await inTurn(call, async () => {
        if (call.ended.signal.aborted) return false;
        await writeRecords();
        call.transferredTo = inGroup;
        call.ended.abort();
        return true;
      });
      if (!wasLive) return false;
      daemon.freeLater(call);
      await tellPlatform(call);
      return true;
    },
    calls: () => [...calls.values()],
    progress: () => ({ started, over }),
    setCallerName(name) {
      callerName = name;
    },
    async settle() {
      await Promise.all(running);
    },
  };
}

const codeLetters = { auto: 'V', inbound: 'Y', manual: 'M' } as const;

function newCall(server: DialerServer, lead: Row, request: LiveCall['request'], index: number): LiveCall {
  const { deps } = server;
  const startedSec = deps.time.epochSec();
  return {
    code: `${codeLetters[request.kind]}${deps.time.codeStamp()}${String(lead.lead_id).padStart(10, '0')}`,
    uniqueid: request.uniqueid ?? server.nextUniqueid(),
    lead,
    request,
    deps,
    startedSec,
    channel: `SIP/customers-${(index + 1).toString(16).padStart(8, '0')}`,
    line: '',
    headers: [],
    isHandedOver: false,
    transferredTo: '',
    ended: new AbortController(),
    hangUpUrl: '',
    turn: Promise.resolve(),
  };
}
