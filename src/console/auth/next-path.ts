import { ownPath } from '../own-path.ts';

/** Below the console, but nothing to come back to. */
const passages = /^\/console\/(log-in|log-out|logged-out|oidc|live|assets|theme)(\/|\?|$)/;

/** Where to go after the log-in: a page of the console, whatever a link says. */
export function nextPath(wanted: unknown): string {
  const path = ownPath(wanted);
  return path === '' || passages.test(path) ? '/console' : path;
}
