import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hash } from '@node-rs/argon2';
import express from 'express';
import { createGuard } from '../../src/console/auth/create-guard.ts';
import type { ConsoleDeps, ConsoleSettings, ConsoleSite } from '../../src/console/console-deps.ts';
import { createConsole } from '../../src/console/create-console.ts';
import type { Room } from '../../src/console/page.ts';
import { rooms as allRooms } from '../../src/console/rooms.ts';
import type { Role } from '../../src/domain/roles.ts';
import type { Deps } from '../../src/flows/deps.ts';
import { consoleSettings } from './console-site.ts';
import { type Browser, createBrowser } from './cookie-browser.ts';

/** The users of the tests: vera looks, olga acts, ada sees everything. */
export const users = {
  vera: { role: 'viewer', password: 'a tulip in vienna' },
  olga: { role: 'operator', password: 'a switchboard in oslo' },
  ada: { role: 'admin', password: 'an engine in london' },
} as const satisfies Record<string, { role: Role; password: string }>;
export type UserName = keyof typeof users;

export const userOf: Record<Role, UserName> = { viewer: 'vera', operator: 'olga', admin: 'ada' };

export interface GuardedConsole {
  url: string;
  deps: ConsoleDeps;
  /** The machine's time, moved by hand; it stands still. */
  clock: { now(): number; moveBy(ms: number): void };
  /** A browser that nobody is logged in with. @param address it comes from, as a proxy tells */
  browser(address?: string): Browser;
  /** A browser in which a user is logged in. */
  loggedIn(name: UserName): Promise<Browser>;
  /** Another process of the same site. */
  another(settings?: Partial<ConsoleSettings>): Promise<GuardedConsole>;
  stop(): Promise<void>;
}

/** The console with its log-in over HTTP, with the users of the tests. */
export async function startGuardedConsole(
  deps: Deps,
  options: { settings?: Partial<ConsoleSettings>; rooms?: readonly Room[]; port?: number; site?: ConsoleSite } = {},
): Promise<GuardedConsole> {
  let time = Date.now();
  const clock = {
    now: () => time,
    moveBy(ms: number) {
      time += ms;
    },
  };
  return start(clock, options);

  async function start(wallClock: GuardedConsole['clock'], { settings, rooms, port }: typeof options) {
    const app = express();
    app.set('trust proxy', 'loopback');
    const server = createServer(app);
    await new Promise<void>((resolve) => void server.listen(port ?? 0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const consoleDeps: ConsoleDeps = {
      ...deps,
      console: { ...consoleSettings, publicUrl: url, users: await hashedUsers(), ...settings },
      wallClock,
      site: options.site ?? null,
      sync: null,
    };
    const { routes, stop } = createConsole(consoleDeps, createGuard(consoleDeps), rooms ?? allRooms);
    app.use('/console', routes);
    const site: GuardedConsole = {
      url,
      deps: consoleDeps,
      clock: wallClock,
      browser: (address) => createBrowser(url, address),
      async loggedIn(name) {
        const browser = createBrowser(url);
        const answer = await browser.logIn(name, users[name].password);
        if (answer.status !== 303) throw new Error(`${name} could not log in: ${answer.status}`);
        return browser;
      },
      another: (more) => start(wallClock, { ...options, settings: { ...settings, ...more } }),
      async stop() {
        stop();
        server.closeAllConnections();
        await new Promise((resolve) => void server.close(resolve));
      },
    };
    return site;
  }
}

let hashed: Promise<ConsoleSettings['users']> | undefined;

function hashedUsers(): Promise<ConsoleSettings['users']> {
  hashed ??= hashUsers();
  return hashed;
}

/** Weak on purpose: tests hash a hundred times. */
async function hashUsers(): Promise<ConsoleSettings['users']> {
  const cheap = { memoryCost: 1024, timeCost: 1, parallelism: 1 };
  const entries = Object.entries(users).map(
    async ([name, { role, password }]) => [name, { role, passwordHash: await hash(password, cheap) }] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
