import { type Request, type Response, Router } from 'express';
import type { ConsoleDeps } from '../console-deps.ts';
import { entryPage } from '../layout.ts';
import type { View } from '../page.ts';
import { createFormReader } from '../read-form.ts';
import { auditLogIn, byNobody, unknownUser } from './audit-log-in.ts';
import type { Cookies } from './cookies.ts';
import { type LogInPage, logInPage } from './log-in-page.ts';
import { nextPath } from './next-path.ts';
import { fieldOf, isOwn, tokenFor } from './own-forms.ts';
import { createPasswordCheck } from './passwords.ts';
import type { SessionKeeper } from './session-keeper.ts';
import { createTries, knownBrowserOf, type LogInTry, markOfUser } from './tries.ts';

/** For how long a browser is known as one in which a user was logged in. */
const knownMs = 180 * 24 * 3_600_000;
const doorMs = 3_600_000;
/** All that a stranger may send: the longest password, in any writing, and the way back. */
const formLimit = '16kb';

/** The log-in by name and password. */
export function createLogInRoutes(deps: ConsoleDeps, cookies: Cookies, keeper: SessionKeeper): Router {
  const routes = Router();
  const tries = createTries(deps, deps.console.lockOut);
  const checkPassword = createPasswordCheck(deps);
  const readForm = createFormReader(formLimit);

  routes.get('/log-in', (request, response) => {
    const next = nextPath(request.query.next);
    showPage(request, response, 200, { next });
  });

  routes.post('/log-in', async (request, response) => {
    await readForm(request, response);
    const next = nextPath(fieldOf(request, 'next'));
    const door = cookies.read(request, 'door');
    if (!door || !isOwn(deps, request, tokenFor(deps, 'door', door))) {
      deps.count.loggedIn('foreign');
      return showPage(request, response, 403, { next, said: foreign(deps) });
    }
    const name = fieldOf(request, 'name').trim().toLowerCase();
    const attempt: LogInTry = {
      user: name,
      address: request.ip ?? '',
      browser: knownBrowserOf(deps, cookies.read(request, 'known'), name),
    };
    const counted = await tries.count(attempt, deps.wallClock.now());
    if (counted.kind === 'locked') {
      deps.count.loggedIn('locked');
      return sayLocked(request, response, { next, name }, counted.until);
    }
    const answer = await checkPassword(name, fieldOf(request, 'password'));
    if (answer === 'busy') {
      await tries.forgive(attempt, false);
      deps.count.loggedIn('busy');
      response.set('Retry-After', '5');
      return showPage(request, response, 503, { next, name, said: busy });
    }
    if (answer === 'wrong') {
      await noteFailure(name, attempt.address, counted.lockedUntil);
      if (counted.lockedUntil) return sayLocked(request, response, { next, name }, counted.lockedUntil);
      return showPage(request, response, 403, { next, name, said: wrong });
    }

    await tries.forgive(attempt, true);
    await keeper.start(request, response, { user: name, how: 'password', claims: [] });
    cookies.set(response, 'known', `${markOfUser(deps, name)}.${attempt.browser || newId()}`, knownMs);
    cookies.clear(response, 'door');
    await auditLogIn(deps, { by: name, act: 'log-in', subject: name, details: { address: attempt.address } });
    deps.count.loggedIn('ok');
    response.redirect(303, next);
  });
  return routes;

  function showPage(request: Request, response: Response, status: number, page: Omit<LogInPage, 'token'>): void {
    const door = cookies.read(request, 'door') || newId();
    cookies.set(response, 'door', door, doorMs);
    sendEntry(request, response, status, logInPage(deps, { ...page, token: tokenFor(deps, 'door', door) }));
  }

  function sayLocked(request: Request, response: Response, page: { next: string; name: string }, until: string): void {
    const seconds = Math.max(1, Math.ceil((Date.parse(until) - deps.wallClock.now()) / 1000));
    response.set('Retry-After', String(seconds));
    showPage(request, response, 429, { ...page, said: locked(deps, until) });
  }

  async function noteFailure(name: string, address: string, lockedUntil: string | null): Promise<void> {
    deps.count.loggedIn('wrong');
    const subject = Object.hasOwn(deps.console.users, name) ? name : unknownUser;
    await auditLogIn(deps, { by: byNobody, act: 'log-in-failed', subject, details: { address } });
    if (!lockedUntil) return;
    const details = { address, until: lockedUntil };
    await auditLogIn(deps, { by: byNobody, act: 'log-in-locked', subject, details });
  }

  function newId(): string {
    return Buffer.from(deps.randomBytes(16)).toString('base64url');
  }
}

/** Sends a page to somebody who is not logged in. */
export function sendEntry(request: Request, response: Response, status: number, page: View): void {
  response.status(status).set('Cache-Control', 'no-store').type('html').send(entryPage(request, page).markup);
}

const wrong = {
  words: 'The name or the password is wrong.',
  tone: 'bad',
  hint: 'Who has forgotten theirs asks an admin, who makes a new one: npx patchbay console add-user.',
} as const;

const busy = {
  words: 'Too many people log in at this moment.',
  tone: 'warn',
  hint: 'Try again in some seconds.',
} as const;

function foreign({ console }: ConsoleDeps) {
  return {
    words: 'The log-in was not taken: the form was old, or the browser did not send our cookie back.',
    tone: 'bad',
    hint: `Try again. If it happens each time, allow cookies, and open ${console.publicUrl}/console.`,
  } as const;
}

function locked({ console }: ConsoleDeps, until: string) {
  const at = new Intl.DateTimeFormat('en-GB', {
    timeZone: console.timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(until));
  return {
    words: `Too many wrong passwords. Try again after ${at}.`,
    tone: 'bad',
    hint: 'Whoever runs Patchbay can end the wait: npx patchbay console unlock, with the name.',
  } as const;
}
