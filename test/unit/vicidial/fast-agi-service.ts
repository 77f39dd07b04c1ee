import { VicidialConfig } from '../../../connectors/vicidial/config.ts';
import { createFastAgi, type FastAgi } from '../../../connectors/vicidial/live/fast-agi.ts';
import type { Vicidial } from '../../../connectors/vicidial/vicidial.ts';
import type { CallSighting } from '../../../src/domain/call.ts';
import type { RegisteredCall } from '../../../src/domain/connector.ts';
import type { SipHeader } from '../../../src/domain/sip-headers.ts';
import { createHeldPorts } from '../../../src/http/held-ports.ts';
import { realClock } from '../../support/real-clock.ts';

/** Ada's call: lead 1001, dialled on 20 November. */
export const adasCode = 'V1200959590000001001';

export interface AgiService {
  url: string;
  pjsipUrl: string;
  port: number;
  /** What was asked to be registered. */
  sightings: CallSighting[];
  /** Lines of the log, by message. */
  log: string[];
  /** How many connections ended this way. */
  count(end: string): number;
  stop(): Promise<void>;
}

export interface AgiServiceOptions {
  /** What a registration gives. (Default: these headers at once) */
  register?(sighting: CallSighting): Promise<RegisteredCall>;
  headers?: readonly SipHeader[];
  /** What the dialer tells of calls that go on. (Default: that there is none) */
  callsLike?: Vicidial['reads']['callsLike'];
  settings?: Record<string, unknown>;
}

/** The FastAGI server over real sockets, with a registration of the test's own behind it. */
export async function startAgiService(options: AgiServiceOptions = {}): Promise<AgiService> {
  const headers = options.headers ?? [
    ['X-correlation_id', '0123456789abcd'],
    ['X-caller_code', adasCode],
    ['X-first_name', 'Ada'],
  ];
  const register = options.register ?? (async () => registered(headers));
  const config = VicidialConfig.parse({
    type: 'vicidial',
    api: { url: 'http://127.0.0.1:9/vicidial/non_agent_api.php', user: 'patchbay', pass: 'secret7Word' },
    database: { host: '127.0.0.1', user: 'patchbay_read', password: 'readerPass77' },
    timeZone: 'America/Denver',
    headers: [
      { name: 'X-correlation_id', from: 'correlation_id' },
      { name: 'X-caller_code', from: 'caller_code' },
      { name: 'X-lead_id', from: 'lead_id' },
      { name: 'X-first_name', from: 'first_name' },
    ],
    fastAgi: { port: 0, ...options.settings },
  });
  const sightings: CallSighting[] = [];
  const log: string[] = [];
  const note = (_fields: object, message: string) => void log.push(message);
  const vicidial = {
    id: 'vicidial',
    config,
    reads: { callsLike: options.callsLike ?? (async () => []) },
    deps: {
      clock: realClock,
      log: { debug: note, info: note, warn: note, error: note },
      async registerCall(sighting: CallSighting) {
        sightings.push(sighting);
        return register(sighting);
      },
    },
  } as unknown as Vicidial;
  const agi = createFastAgi(vicidial, config.fastAgi as NonNullable<VicidialConfig['fastAgi']>);
  const { address, take, stop } = await createHeldPorts().open('vicidial', agi.listener);
  take();
  return {
    url: `${address}/vicidial`,
    pjsipUrl: `${address}/vicidial-pjsip`,
    port: Number(new URL(address.replace('agi:', 'http:')).port),
    sightings,
    log,
    count: (end) => countOf(agi, end),
    stop,
  };
}

export function registered(headers: readonly SipHeader[]): RegisteredCall {
  return { correlationId: '0123456789abcd', route: 'ai', headers, sentHeaders: headers.filter(([, value]) => value) };
}

function countOf(agi: FastAgi, end: string): number {
  return agi.metrics()[0]?.samples.find(({ labels }) => labels.result === end)?.value ?? 0;
}
