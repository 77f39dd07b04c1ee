import { type AgiRun, runAgi } from './asterisk-agi.ts';
import { askForHeaders, type LegHeaders } from './asterisk-curl.ts';
import { namesOf } from './caller-names.ts';
import type { LiveCall } from './live-call.ts';
import { text } from './tables.ts';

/** One question for headers, as the channel saw it: the witness for deadlines. */
export interface HeaderRequest {
  /** When it was asked, by the simulated clock. */
  at: string;
  code: string;
  by: 'curl' | 'agi';
  /** Milliseconds of the machine from the dialplan's call to its return. */
  ms: number;
  /** The longest time for which this process itself stood still meanwhile: a busy machine, not a late answer. */
  stallMs: number;
  /** How many headers came; none also when the answer was late or refused. */
  headers: number;
}

/** Where the connector answers. */
export interface HeaderPlaces {
  /** Its headers endpoint, log-in in the URL. */
  headersUrl?: string | undefined;
  /** Its FastAGI server, `agi://host:port/script`. */
  agiUrl?: string | undefined;
}

/** Asks as the carrier's entry does, and notes how long the channel was held. */
export async function requestHeaders(
  places: HeaderPlaces,
  call: LiveCall,
  dialled: string,
  note: (request: HeaderRequest) => void,
): Promise<LegHeaders> {
  const by = call.request.asksBy ?? (places.headersUrl ? 'curl' : 'agi');
  const url = by === 'curl' ? places.headersUrl : places.agiUrl;
  if (!url) return [];
  const at = new Date(call.deps.clock.now()).toISOString();
  const stall = watchStalls();
  const began = performance.now();
  const headers = by === 'curl' ? await askByCurl(url, call, dialled) : (await askByAgi(url, call, dialled)).headers;
  const ms = Math.round((performance.now() - began) * 10) / 10;
  note({ at, code: call.code, by, ms, stallMs: stall(), headers: headers.length });
  return headers;
}

function askByCurl(url: string, call: LiveCall, dialled: string): Promise<LegHeaders> {
  const { callerId, connectedLine } = namesOf(call.code, call.request.callerName ?? { kind: 'kept' });
  return askForHeaders(url, {
    code: callerId,
    cl: connectedLine,
    phone: text(call.lead.phone_number),
    uid: call.uniqueid,
    number: dialled,
    fmt: 'arr',
  });
}

function askByAgi(url: string, call: LiveCall, dialled: string): Promise<AgiRun> {
  const { callerId, connectedLine } = namesOf(call.code, call.request.callerName ?? { kind: 'kept' });
  const channel = {
    callerIdName: callerId,
    callerIdNumber: text(call.lead.phone_number),
    uniqueid: call.uniqueid,
    channel: call.channel,
    extension: dialled,
  };
  return runAgi(url, channel, [connectedLine]);
}

const tickMs = 10;

/** Gives back how to end the watch; that gives the longest stall in milliseconds. */
function watchStalls(): () => number {
  let longest = 0;
  let last = performance.now();
  const tick = () => {
    longest = Math.max(longest, performance.now() - last - tickMs);
    last = performance.now();
  };
  const timer = setInterval(tick, tickMs);
  return () => {
    clearInterval(timer);
    tick();
    return Math.round(longest);
  };
}
