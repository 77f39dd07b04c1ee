import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface ConnectionRoom {
  /** Who is at the other end has shown a key or a token: while it is served, the connection makes room for nobody. */
  prove(socket: Socket): void;
  /** Connections that were closed to make room, or were not let in. */
  turnedAway(): number;
}

interface Guest {
  socket: Socket;
  network: string;
  isProven: boolean;
  /** Requests that are not answered yet. */
  running: number;
}

const guestOf = Symbol('guest');
type Marked = Socket & { [guestOf]?: Guest };

/** So large a part of the room may be held by those of one network who proved nothing yet, before it counts as a crowd. */
const ordinaryShare = 1 / 64;
/** The same of a network from which somebody has shown a key: connections are bare for a moment, those of dialers too. */
const knownShare = 1 / 8;
const mostKnown = 10_000;

/**
 * Keeps connections below a number without shutting out who matters. Beyond it, one that never proved who it is makes room:
 * the oldest of the largest crowd of one network, or else the oldest of a network that nobody showed a key from. So a flood
 * closes its own connections, from one address or from thousands. Where all have proven who they are, the one that is unused
 * for the longest time makes room; only where all of them are being served, a new one is not let in.
 */
export function keepRoom(server: Server, most: number): ConnectionRoom {
  const guests = new Map<string, Guest>();
  /** Who has proven nothing yet, in the order in which they came, and the same by network. */
  const strangers = new Set<Guest>();
  const crowds = new Map<string, Set<Guest>>();
  /** Who has proven who it is and asks nothing now, the longest unused first. */
  const unused = new Set<Guest>();
  /** Networks from which somebody showed a key, the latest last. */
  const known = new Set<string>();
  let turnedAway = 0;

  function enter(socket: Marked): void {
    if (guests.size >= most && !makeRoom()) {
      turnedAway += 1;
      socket.destroy();
      return;
    }
    const key = keyOf(socket);
    const guest = { socket, network: networkOf(socket.remoteAddress ?? ''), isProven: false, running: 0 };
    guests.set(key, guest);
    strangers.add(guest);
    const others = crowds.get(guest.network);
    if (others) others.add(guest);
    else crowds.set(guest.network, new Set([guest]));
    socket[guestOf] = guest;
    socket.once('close', () => leave(key, guest));
  }

  function leave(key: string, guest: Guest): void {
    if (guests.get(key) === guest) guests.delete(key);
    unused.delete(guest);
    noStranger(guest);
  }

  function noStranger(guest: Guest): void {
    strangers.delete(guest);
    const others = crowds.get(guest.network);
    others?.delete(guest);
    if (others?.size === 0) crowds.delete(guest.network);
  }

  /** False when everybody has proven who they are, and is being served. */
  function makeRoom(): boolean {
    const guest = whoLeaves();
    if (!guest) return false;
    turnedAway += 1;
    leave(keyOf(guest.socket), guest);
    guest.socket.destroy();
    return true;
  }

  function whoLeaves(): Guest | undefined {
    let crowd: Set<Guest> | undefined;
    let excess = 0;
    for (const [network, each] of crowds) {
      const over = each.size - most * (known.has(network) ? knownShare : ordinaryShare);
      if (over > excess) [crowd, excess] = [each, over];
    }
    const [oldest] = crowd ?? [];
    if (oldest) return oldest;
    for (const stranger of strangers) if (!known.has(stranger.network)) return stranger;
    const [next] = strangers.size > 0 ? strangers : unused;
    return next;
  }

  function serve({ socket }: { socket: Marked }, response: ServerResponse<IncomingMessage>): void {
    const guest = socket[guestOf];
    if (!guest) return;
    guest.running += 1;
    unused.delete(guest);
    response.once('close', () => {
      guest.running -= 1;
      if (guest.isProven && guest.running === 0 && !guest.socket.destroyed) unused.add(guest);
    });
  }

  server.on('connection', enter);
  // The connection on which requests are seen; the one below it ends with it.
  server.on('secureConnection', (socket: Marked) => {
    const key = keyOf(socket);
    const guest = guests.get(key);
    if (!guest) return;
    guest.socket = socket;
    socket[guestOf] = guest;
    socket.once('close', () => leave(key, guest));
  });
  server.on('request', serve);
  return {
    prove(socket: Marked) {
      const guest = socket[guestOf];
      if (!guest || guest.isProven) return;
      guest.isProven = true;
      noStranger(guest);
      known.delete(guest.network);
      known.add(guest.network);
      const [longestAgo] = known;
      if (known.size > mostKnown && longestAgo !== undefined) known.delete(longestAgo);
    },
    turnedAway: () => turnedAway,
  };
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** Whoever has one address of IPv6 has all of its /64. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [before, behind] = address.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const first = before ?? [];
  const last = behind ?? [];
  return [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last].slice(0, 4).join(':');
}
