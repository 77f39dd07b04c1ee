import { Router } from 'express';
import type { ConsoleDeps } from '../console-deps.ts';
import type { Guard } from '../guard.ts';
import { createFormReader } from '../read-form.ts';
import { auditLogIn } from './audit-log-in.ts';
import { createCookies } from './cookies.ts';
import { loggedOutPage } from './log-in-page.ts';
import { createLogInRoutes, sendEntry } from './log-in-routes.ts';
import { createOidcRoutes } from './oidc-routes.ts';
import { isOwn, tokenFor } from './own-forms.ts';
import { createSessionKeeper } from './session-keeper.ts';

/** Log-in with a password or by OpenID Connect, sessions in the store, and proof of where forms come from. */
export function createGuard(deps: ConsoleDeps): Guard {
  const cookies = createCookies(deps);
  const keeper = createSessionKeeper(deps, cookies);
  const readForm = createFormReader('4kb');
  const routes = Router();
  const guard: Guard = {
    routes,
    sessionOf: (request, isClick = true) => keeper.ofRequest(request, isClick),
    stillIn: ({ idHash }) => keeper.stillIn(idHash),
    formToken: ({ idHash }) => tokenFor(deps, 'session', idHash),
    isOwnForm: (request, { idHash }) => isOwn(deps, request, tokenFor(deps, 'session', idHash)),
  };

  routes.use(cookies.parse);
  routes.use(createLogInRoutes(deps, cookies, keeper));
  routes.use(createOidcRoutes(deps, cookies, keeper));

  routes.post('/log-out', async (request, response) => {
    const session = await guard.sessionOf(request);
    if (session) await readForm(request, response);
    if (session && !guard.isOwnForm(request, session)) return response.redirect(303, '/console');
    // First: where the store is away, whoever sits here next must not find the session.
    cookies.clear(response, 'session');
    if (session) {
      await keeper.end(session.idHash);
      const { name } = session.user;
      await auditLogIn(deps, { by: name, act: 'log-out', subject: name, details: {} });
    }
    response.redirect(303, session?.how === 'oidc' ? '/console/logged-out?of=provider' : '/console/logged-out');
  });

  routes.get('/logged-out', (request, response) => {
    const label = request.query.of === 'provider' ? deps.console.oidc?.label : '';
    sendEntry(request, response, 200, loggedOutPage(label ?? ''));
  });
  return guard;
}
