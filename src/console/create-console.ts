import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express';
import { instantOf } from '../domain/clock.ts';
import { isAtLeast, type Role } from '../domain/roles.ts';
import { address } from './address.ts';
import { assetRoutes } from './assets.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { keepCookie } from './cookies.ts';
import { faultPage, foreignForm, isStoreAway, missing, notAllowed } from './fault-pages.ts';
import { queryOf } from './find-page.ts';
import { withFormToken } from './form.ts';
import type { ConsoleSession, Guard } from './guard.ts';
import { entryPage, layout } from './layout.ts';
import { createLiveHub } from './live/hub.ts';
import { createLiveRoute } from './live/live-route.ts';
import { createNavBadges } from './nav-badges.ts';
import { keepNotice, takeNotice } from './one-time-notice.ts';
import { ownPath } from './own-path.ts';
import type { Page, Question, Room, View } from './page.ts';
import { createFormReader } from './read-form.ts';
import { securityHeaders } from './security-headers.ts';
import { themeCookie, themeNamed, themeOf } from './theme.ts';
import { withinTime } from './within-time.ts';

export interface Console {
  /** To be mounted at `/console`. */
  routes: Router;
  /** Ends the live streams at once: a service that stops would wait for them. */
  stop(): void;
  /** Pages that are open and kept up to date. */
  livePages(): number;
}

/** Milliseconds of the machine's clock that a page may take. */
const pageMs = 10_000;
/** Of those who are logged in: rules and corrections are a few KB. */
const formLimit = '64kb';

/** The operator's pages. */
export function createConsole(deps: ConsoleDeps, guard: Guard, rooms: readonly Room[]): Console {
  const badges = createNavBadges(deps, rooms);
  const readForm = createFormReader(formLimit);
  const live = createLiveRoute({ hub: createLiveHub(deps, { rooms, badges }), guard, rooms });
  const routes = Router();
  routes.use(securityHeaders(deps.console));
  routes.use(assetRoutes());
  routes.use(guard.routes);
  routes.get('/live', live.handle);
  routes.post('/theme', chooseTheme);

  for (const room of rooms) {
    for (const page of room.pages) routes.get(`/${page.path}`, showPage(page));
    for (const action of room.actions ?? []) {
      routes.post(
        `/${action.path}`,
        within(action.least, async (request, response, session) => {
          const answer = await action.run({ ...questionOf(request, session), form: formOf(request) });
          if (answer.kind === 'show') return show(request, response, session, answer.view, answer.status ?? 200);
          const { notice: text, tone = 'good', path } = answer;
          if (text) keepNotice(deps, response, session, { text, tone });
          response.redirect(303, address(path));
        }),
      );
    }
    for (const download of room.downloads ?? []) {
      routes.get(
        `/${download.path}`,
        within(download.least, async (request, response, session) => {
          const file = await download.send(questionOf(request, session));
          if (!file) return show(request, response, session, missing, 404);
          response.attachment(file.fileName).type(file.contentType);
          if (typeof file.body === 'string') response.send(file.body);
          else await pipeline(Readable.from(file.body), response).catch(unlessItLeft);
        }),
      );
    }
  }
  routes.use(within('viewer', (request, response, session) => show(request, response, session, missing, 404)));
  routes.use(showFault);
  return { routes, stop: live.stop, livePages: live.open };

  function showPage(page: Page): RequestHandler {
    return within(page.least, async (request, response, session) => {
      const view = await withinTime(pageMs, () => page.render(questionOf(request, session)));
      if (view?.see !== undefined) return response.redirect(303, address(view.see));
      const here = ownPath(request.originalUrl);
      const liveUrl = page.live && view && here ? address('live', { page: here }) : '';
      await show(request, response, session, view ?? missing, view ? 200 : 404, liveUrl);
    });
  }

  /** Lets in who is logged in and has the role; what changes something must come from a form of this session. */
  function within(
    least: Role,
    answer: (request: Request, response: Response, session: ConsoleSession) => Promise<void>,
  ): RequestHandler {
    return async (request, response) => {
      const session = await guard.sessionOf(request);
      if (!session) {
        const next = isLook(request) ? ownPath(request.originalUrl) : '';
        return response.redirect(303, address('log-in', { next: next === '/console' ? '' : next }));
      }
      response.locals.session = session;
      if (!isAtLeast(session.user.role, least)) return show(request, response, session, notAllowed(least), 403);
      if (!isLook(request)) await readForm(request, response);
      if (!isLook(request) && !guard.isOwnForm(request, session)) {
        return show(request, response, session, foreignForm, 403);
      }
      return answer(request, response, session);
    };
  }

  async function show(
    request: Request,
    response: Response,
    session: ConsoleSession,
    view: View,
    status: number,
    liveUrl = '',
  ): Promise<void> {
    const page = layout({
      view,
      user: session.user,
      rooms,
      badges: await badges(),
      path: request.path.replace(/^\/|\/$/g, ''),
      here: isLook(request) ? ownPath(request.originalUrl) : '/console',
      notice: takeNotice(deps, request, response, session),
      theme: themeOf(request),
      liveUrl,
    });
    const markup = withFormToken(page.markup, guard.formToken(session));
    response.status(status).type('html').send(markup);
  }

  async function chooseTheme(request: Request, response: Response): Promise<void> {
    const choose = within('viewer', async () => {
      const { theme, back } = formOf(request);
      const value = themeNamed(theme?.[0]);
      keepCookie(response, deps.console, { name: themeCookie, value, maxAgeSec: 365 * 86_400 });
      response.redirect(303, ownPath(back?.[0]) || '/console');
    });
    await choose(request, response, () => undefined);
  }

  /** Express knows a handler of errors by its four parameters. */
  function showFault(error: unknown, request: Request, response: Response, next: NextFunction): void {
    if (response.headersSent) {
      next(error);
      return;
    }
    const faultId = randomBytes(5).toString('hex');
    const { view, status } = faultPage(error, faultId);
    if (isStoreAway(error)) deps.log.warn({ faultId }, 'a page could not be read: the store does not answer');
    else if (status >= 500) deps.log.error({ faultId, err: error }, 'a page failed inside');
    const session = response.locals.session as ConsoleSession | undefined;
    if (session) void show(request, response, session, view, status).catch(next);
    else response.status(status).type('html').send(entryPage(request, view).markup);
  }

  function questionOf(request: Request, { user }: ConsoleSession): Question {
    const params = Object.entries(request.params).map(([name, value]) => [name, String(value)] as const);
    return {
      deps,
      user,
      params: Object.fromEntries(params),
      query: queryOf(Object.entries(request.query)),
      now: instantOf(deps.clock),
    };
  }
}

/** A browser that leaves in the middle of a download is no fault of ours. */
function unlessItLeft(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

function isLook({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

function formOf({ body }: Request): Record<string, readonly string[]> {
  const fields = Object.entries((body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    fields.map(([name, value]) => [name, (Array.isArray(value) ? value : [value]).map(String)]),
  );
}
