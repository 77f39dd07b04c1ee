import type { Request, RequestHandler, Response } from 'express';
import { isAtLeast, type Role } from '../../domain/roles.ts';
import { findPage, queryOf } from '../find-page.ts';
import type { ConsoleSession, Guard } from '../guard.ts';
import { ownPath } from '../own-path.ts';
import type { Room } from '../page.ts';
import type { LiveHub, Sight } from './hub.ts';
import { type LiveStream, openStream } from './stream.ts';

export interface LiveRoute {
  handle: RequestHandler;
  /** Ends every stream at once: a service that stops would wait for them. */
  stop(): void;
  /** How many streams there are. */
  open(): number;
}

export interface LiveRouteOptions {
  hub: LiveHub;
  guard: Guard;
  rooms: readonly Room[];
  /** Streams of one session at once. (Default: 12) */
  mostOfSession?: number;
  /** Streams of one user at once, over all their sessions. (Default: 36) */
  mostOfUser?: number;
  /** Streams at once. (Default: 300) */
  most?: number;
  /** How often a stream shows that it lives, and whether its user is still logged in. (Default: 15 s) */
  checkMs?: number;
}

interface Open {
  session: ConsoleSession;
  stream: LiveStream;
}

/** `GET /console/live?page=/console/calls?after=…`: the changing parts of that page, as they change. */
export function createLiveRoute({
  hub,
  guard,
  rooms,
  mostOfSession = 12,
  mostOfUser = 36,
  most = 300,
  checkMs = 15_000,
}: LiveRouteOptions): LiveRoute {
  const streams = new Set<Open>();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isChecking = false;

  async function handle(request: Request, response: Response): Promise<void> {
    if (request.method !== 'GET') return void response.status(405).set('Allow', 'GET').end();
    const session = await guard.sessionOf(request, false);
    // Whoever left meanwhile is never heard to close.
    if (response.destroyed) return;
    if (!session) return void response.status(401).end();
    const sight = sightOf(rooms, request.query.page, session);
    if (!sight) return void response.status(404).end();
    const own = [...streams].filter((open) => open.session.idHash === session.idHash).length;
    const ofUser = [...streams].filter((open) => open.session.user.name === session.user.name).length;
    if (isStopped || own >= mostOfSession || ofUser >= mostOfUser || streams.size >= most) {
      return void response.status(503).set('Retry-After', '30').end();
    }

    const stream = openStream(response, guard.formToken(session));
    const leave = hub.watch(sight, stream);
    const open: Open = { session, stream };
    streams.add(open);
    timer ??= setInterval(() => void check(), checkMs).unref();
    response.on('close', () => {
      leave();
      streams.delete(open);
      if (streams.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    });
  }

  /** Asks once for each session. A store that hesitates must not pile looks up. */
  async function check(): Promise<void> {
    if (isChecking) return;
    isChecking = true;
    for (const opens of Map.groupBy(streams, ({ session }) => session.idHash).values()) {
      const role = await roleNow(opens[0]?.session);
      for (const { session, stream } of opens) {
        if (role === 'unknown' || role === session.user.role) stream.keepAlive();
        else stream.end('logged-out');
      }
    }
    isChecking = false;
  }

  async function roleNow(session: ConsoleSession | undefined): Promise<Role | 'unknown' | null> {
    try {
      return session ? ((await guard.stillIn(session))?.user.role ?? null) : null;
    } catch {
      // Without the store nobody can tell: the stream goes on, and the next look decides.
      return 'unknown';
    }
  }

  return {
    handle: (request, response, next) => void handle(request, response).catch(next),
    stop() {
      isStopped = true;
      clearInterval(timer);
      for (const { stream } of streams) stream.end('closing');
    },
    open: () => streams.size,
  };
}

function sightOf(rooms: readonly Room[], page: unknown, { user }: ConsoleSession): Sight | null {
  const own = ownPath(page);
  if (!own) return null;
  const { pathname, searchParams } = new URL(own, 'http://own.invalid');
  const path = pathname.replace(/^\/console\/?/, '');
  const found = findPage(rooms, path);
  if (!found?.page.live || !isAtLeast(user.role, found.page.least)) return null;
  return { ...found, path, query: queryOf(searchParams), role: user.role };
}
