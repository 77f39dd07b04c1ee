import express, { Router } from 'express';
import type { ConsoleDeps, ConsoleSite } from '../../src/console/console-deps.ts';
import { createConsole } from '../../src/console/create-console.ts';
import type { Guard } from '../../src/console/guard.ts';
import type { Room } from '../../src/console/page.ts';
import { rooms as allRooms } from '../../src/console/rooms.ts';
import type { Role } from '../../src/domain/roles.ts';
import type { Deps } from '../../src/flows/deps.ts';
import { realClock } from './real-clock.ts';

export const consoleSettings: ConsoleDeps['console'] = {
  timeZone: 'America/New_York',
  publicUrl: 'http://127.0.0.1',
  version: '0.0.0',
  users: {},
  session: { idleMin: 30, maxHours: 12 },
  lockOut: { tries: 5, minutes: 15 },
  oidc: null,
};

/** Everybody is let in, with the role that the header `x-role` names, as `<role>-user`; each form is its own. */
export function openGuard(defaultRole: Role = 'operator'): Guard {
  return {
    routes: Router(),
    async sessionOf(request) {
      const role = (request.get('x-role') as Role | undefined) ?? defaultRole;
      return {
        idHash: role,
        user: { name: `${role}-user`, role },
        how: 'password',
        createdAt: '2026-01-01T00:00:00.000Z',
        expiresAt: '2036-01-01T00:00:00.000Z',
      };
    },
    stillIn: (session) => Promise.resolve(session),
    formToken: () => 'token',
    isOwnForm: () => true,
  };
}

/** The console over some deps without a log-in, as an express application for supertest or `listen`. */
export function openConsole(
  deps: Deps,
  options: {
    rooms?: readonly Room[];
    role?: Role;
    site?: ConsoleSite;
    sync?: ConsoleDeps['sync'];
    settings?: Partial<ConsoleDeps['console']>;
  } = {},
): express.Express {
  const consoleDeps: ConsoleDeps = {
    ...deps,
    console: { ...consoleSettings, ...options.settings },
    wallClock: realClock,
    site: options.site ?? null,
    sync: options.sync ?? null,
  };
  const app = express();
  app.use('/console', createConsole(consoleDeps, openGuard(options.role), options.rooms ?? allRooms).routes);
  return app;
}
