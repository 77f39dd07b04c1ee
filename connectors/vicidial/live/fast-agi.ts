import { BlockList, isIP, type Socket } from 'node:net';
import type { Listener, Metric } from '../../../src/domain/connector.ts';
import type { VicidialConfig } from '../config.ts';
import type { Vicidial } from '../vicidial.ts';
import { type AgiCallResult, answerAgiCall } from './fast-agi-call.ts';

export type FastAgiSettings = NonNullable<VicidialConfig['fastAgi']>;

/** `refused`: the address is not allowed; `full`: too many at once, in all or of one address; `late`: the deadline cut it off. */
type ConnectionEnd = AgiCallResult | 'refused' | 'full' | 'late';

export interface FastAgi {
  listener: Listener;
  metrics(): Metric[];
}

const warnEveryMs = 60_000;
/** Two look-ups, of the call and of its lead, and then the headers must fit into the deadline. */
const lookUpShare = 0.4;
const addressShare = 0.8;

/**
 * A server for the dialplan's `AGI(agi://HOST:PORT/vicidial,${CONNECTEDLINE(name)})`. Asterisk waits without end for what
 * neither answers nor closes, so every connection is closed at its deadline, whatever happens.
 */
export function createFastAgi(vicidial: Vicidial, settings: FastAgiSettings): FastAgi {
  const { deps } = vicidial;
  const allowed = allowList(settings.allow);
  const counts = new Map<ConnectionEnd, number>();
  const perAddress = settings.maxPerAddress ?? Math.ceil(settings.maxConnections * addressShare);
  const open = new Map<string, number>();
  let warnedAt = Number.NEGATIVE_INFINITY;

  function count(end: ConnectionEnd): void {
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }

  /** A dialplan that is set up wrongly asks at every call: one line a minute says so. */
  function warn(message: string, fields: object): void {
    if (performance.now() - warnedAt < warnEveryMs) return;
    warnedAt = performance.now();
    deps.log.warn(fields, message);
  }

  /** Counts a connection of its address until it is closed; false when there are enough. */
  function comesIn(socket: Socket): boolean {
    const { remoteAddress: address = '' } = socket;
    const before = open.get(address) ?? 0;
    if (before >= perAddress) return false;
    open.set(address, before + 1);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
    return true;
  }

  async function serve(socket: Socket): Promise<void> {
    // A reset, or a write after the other side has left: the dialogue sees the end by itself.
    socket.on('error', () => undefined);
    if (!isAllowed(allowed, socket.remoteAddress)) {
      socket.destroy();
      count('refused');
      warn('FastAGI refused an address', { hint: "Asterisk's address must be in fastAgi.allow." });
      return;
    }
    if (!comesIn(socket)) {
      socket.destroy();
      count('full');
      warn('FastAGI has too many connections of one address', {
        hint: 'See why that Asterisk asks so often, or raise fastAgi.maxPerAddress.',
      });
      return;
    }

    const startedAt = performance.now();
    let isLate = false;
    const deadline = setTimeout(() => {
      isLate = !socket.writableEnded;
      socket.destroy();
    }, settings.deadlineMs);
    socket.once('close', () => clearTimeout(deadline));

    const result = await answerAgiCall(vicidial, socket, settings.deadlineMs * lookUpShare).catch((error: unknown) => {
      deps.log.error({ err: error }, 'a FastAGI call failed inside');
      return 'broken' as const;
    });
    socket.end();
    const end = isLate ? 'late' : result;
    count(end);
    if (end === 'script') {
      warn('FastAGI was asked for a script that it does not know', { hint: 'Ask for /vicidial or /vicidial-pjsip.' });
    }
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    const fields = { dialer: vicidial.id, endpoint: 'fastagi', status: end, ms };
    // Every call of the site comes by here: what went well is a number, see the metrics.
    if (end === 'answered') deps.log.debug(fields, 'dialer request');
    else deps.log.info(fields, 'dialer request');
  }

  return {
    listener: {
      name: 'fastagi',
      scheme: 'agi',
      host: settings.host,
      port: settings.port,
      mostConnections: settings.maxConnections,
      serve,
      turnedAway: () => count('full'),
    },
    metrics: () => [
      {
        name: 'patchbay_fastagi_calls_total',
        help: 'FastAGI connections by how they ended.',
        type: 'counter',
        labelNames: ['dialer', 'result'],
        samples: [...counts].map(([result, value]) => ({ labels: { dialer: vicidial.id, result }, value })),
      },
    ],
  };
}

function allowList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/', 2);
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** On a dual-stack host an IPv4 address arrives as `::ffff:10.0.0.1`; the list's IPv4 entries mean it as well. */
function isAllowed(list: BlockList, address: string | undefined): boolean {
  if (!address) return false;
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
