import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export interface ConnectionRoom {
  /** Who is at the other end has shown a key, a token or a session: the connection makes room for nobody. */
  prove(socket: Socket): void;
  /** Connections that were closed to make room, or were not let in. */
  turnedAway(): number;
}

interface Guest {
  socket: Socket;
  address: string;
}

const guestOf = Symbol('guest');
type Marked = Socket & { [guestOf]?: Guest };

/**
 * Keeps connections below a number without shutting out who matters: beyond it, the oldest that never proved who it is makes
 * room, of the address that holds most of them. So a flood from outside closes its own connections, and a dialer, whose
 * connections are proven by their first request, keeps its own. Only where all are proven a new one is not let in.
 */
export function keepRoom(server: Server, most: number): ConnectionRoom {
  const guests = new Map<string, Guest>();
  /** Who has proven nothing yet, by address, in the order in which they came. */
  const strangers = new Map<string, Set<Guest>>();
  let turnedAway = 0;

  function enter(socket: Marked): void {
    const { remoteAddress: address = '' } = socket;
    if (guests.size >= most && !makeRoom()) {
      turnedAway += 1;
      socket.destroy();
      return;
    }
    const key = keyOf(socket);
    const guest = { socket, address };
    guests.set(key, guest);
    const others = strangers.get(address);
    if (others) others.add(guest);
    else strangers.set(address, new Set([guest]));
    socket[guestOf] = guest;
    socket.once('close', () => leave(key, guest));
  }

  function leave(key: string, guest: Guest): void {
    if (guests.get(key) === guest) guests.delete(key);
    noStranger(guest);
  }

  function noStranger(guest: Guest): void {
    const others = strangers.get(guest.address);
    others?.delete(guest);
    if (others?.size === 0) strangers.delete(guest.address);
  }

  /** False when everybody has proven who they are. */
  function makeRoom(): boolean {
    let crowd: Set<Guest> | undefined;
    for (const each of strangers.values()) if (!crowd || each.size > crowd.size) crowd = each;
    const [oldest] = crowd ?? [];
    if (!oldest) return false;
    turnedAway += 1;
    leave(keyOf(oldest.socket), oldest);
    oldest.socket.destroy();
    return true;
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
  return {
    prove(socket: Marked) {
      const guest = socket[guestOf];
      if (!guest) return;
      delete socket[guestOf];
      noStranger(guest);
    },
    turnedAway: () => turnedAway,
  };
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
