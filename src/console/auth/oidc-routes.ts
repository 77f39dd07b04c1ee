import { type Request, type Response, Router } from 'express';
import { ConnectorError, messageOf } from '../../domain/errors.ts';
import { notice } from '../components/notice.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { html } from '../html.ts';
import { auditLogIn, byNobody, unknownUser } from './audit-log-in.ts';
import type { Cookies } from './cookies.ts';
import { sendEntry } from './log-in-routes.ts';
import { nextPath } from './next-path.ts';
import { createOidcClient } from './oidc-client.ts';
import type { SessionKeeper } from './session-keeper.ts';

/** How long somebody may take at the provider. */
const onWayMs = 15 * 60_000;

/** The log-in by an OpenID Connect provider, where one is configured. */
export function createOidcRoutes(deps: ConsoleDeps, cookies: Cookies, keeper: SessionKeeper): Router {
  const routes = Router();
  const { oidc } = deps.console;
  if (!oidc) return routes;
  const client = createOidcClient(deps, oidc);

  routes.get('/oidc/start', async (request, response) => {
    const { next } = request.query;
    // A fresh name for each log-in: everything secret follows from it by our key, so the browser holds nothing else.
    const once = Buffer.from(deps.randomBytes(16)).toString('base64url');
    try {
      const url = await client.startUrl(once);
      cookies.set(response, 'oidc', `${once} ${nextPath(next)}`, onWayMs);
      response.redirect(303, url);
    } catch (error) {
      refuse(request, response, error);
    }
  });

  routes.get('/oidc/callback', async (request, response) => {
    const [once = '', next = ''] = cookies.read(request, 'oidc').split(' ');
    cookies.clear(response, 'oidc');
    try {
      if (!once) throw new ConnectorError('unauthorised', 'this browser has begun no log-in', { hint: tooLate });
      const query = /\?.*$/s.exec(request.originalUrl)?.[0] ?? '';
      const user = await client.finish(once, query);
      await keeper.start(request, response, { user: user.name, how: 'oidc', claims: user.claims });
      const details = { address: request.ip ?? '', how: 'oidc', role: user.role };
      await auditLogIn(deps, { by: user.name, act: 'log-in', subject: user.name, details });
      deps.count.loggedIn('ok');
      response.redirect(303, nextPath(next));
    } catch (error) {
      await noteDenied(request, error);
      refuse(request, response, error);
    }
  });

  routes.get('/oidc/end', async (request, response) => {
    try {
      response.redirect(303, (await client.endUrl()) ?? '/console/log-in');
    } catch (error) {
      refuse(request, response, error);
    }
  });
  return routes;

  async function noteDenied(request: Request, error: unknown): Promise<void> {
    if (!(error instanceof ConnectorError) || error.code !== 'bad_request') return;
    const details = { address: request.ip ?? '', how: 'oidc', why: error.message };
    await auditLogIn(deps, { by: byNobody, act: 'log-in-denied', subject: unknownUser, details });
  }

  function refuse(request: Request, response: Response, error: unknown): void {
    if (!(error instanceof ConnectorError) || error.code === 'store_away') throw error;
    const isDenied = error.code === 'bad_request';
    deps.count.loggedIn(isDenied ? 'denied' : 'failed');
    if (!isDenied)
      deps.log.warn({ reason: messageOf(error), hint: error.hint }, 'a log-in by the identity provider failed');
    const words = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
    sendEntry(request, response, isDenied ? 403 : 502, {
      title: 'Not logged in',
      body: html`${notice(words, 'bad', error.hint)}
<p><a class="button" href="/console/log-in">Back to the log-in</a></p>`,
    });
  }
}

const tooLate = 'Begin again at the log-in page. If it happens each time, allow cookies.';
