import { createGuard } from './auth/create-guard.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { type Console, createConsole } from './create-console.ts';
import { rooms } from './rooms.ts';

/** The console with all its rooms and its log-in. */
export function openConsole(deps: ConsoleDeps): Console {
  return createConsole(deps, createGuard(deps), rooms);
}
