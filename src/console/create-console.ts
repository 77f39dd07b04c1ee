import express, { type Request, type Response, Router } from 'express';
import { instantOf } from '../domain/clock.ts';
import { isAtLeast, type Role } from '../domain/roles.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { withFormToken } from './form.ts';
import type { ConsoleSession, Guard } from './guard.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { Question, Room, View } from './page.ts';

/** The operator's pages, mounted at `/console`. */
export function createConsole(deps: ConsoleDeps, guard: Guard, rooms: readonly Room[]): Router {
  const router = Router();
  router.use(express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 2000 }));
  router.use(guard.routes);

  for (const room of rooms) {
    for (const page of room.pages) {
      router.get(`/${page.path}`, async (request, response) => {
        const session = await admit(request, response, page.least);
        if (!session) return;
        const view = await page.render(questionOf(request, session));
        show(request, response, session, view ?? missing, view ? 200 : 404);
      });
    }
    for (const action of room.actions ?? []) {
      router.post(`/${action.path}`, async (request, response) => {
        const session = await admit(request, response, action.least);
        if (!session) return;
        if (!guard.isOwnForm(request, session)) return show(request, response, session, foreign, 403);
        const answer = await action.run({ ...questionOf(request, session), form: formOf(request) });
        if (answer.kind === 'see') response.redirect(303, `/console/${answer.path}`);
        else show(request, response, session, answer.view, answer.status ?? 200);
      });
    }
    for (const download of room.downloads ?? []) {
      router.get(`/${download.path}`, async (request, response) => {
        const session = await admit(request, response, download.least);
        if (!session) return;
        const file = await download.send(questionOf(request, session));
        if (!file) return show(request, response, session, missing, 404);
        response.attachment(file.fileName).type(file.contentType).send(file.body);
      });
    }
  }
  return router;

  async function admit(request: Request, response: Response, least: Role): Promise<ConsoleSession | null> {
    const session = await guard.sessionOf(request);
    if (!session) {
      response.redirect(303, '/console/log-in');
      return null;
    }
    if (isAtLeast(session.user.role, least)) return session;
    show(request, response, session, notAllowed(least), 403);
    return null;
  }

  function questionOf(request: Request, { user }: ConsoleSession): Question {
    const query = Object.entries(request.query).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value;
      return typeof first === 'string' && first !== '' ? [[name, first] as const] : [];
    });
    const params = Object.entries(request.params).map(([name, value]) => [name, String(value)] as const);
    return {
      deps,
      user,
      params: Object.fromEntries(params),
      query: Object.fromEntries(query),
      now: instantOf(deps.clock),
    };
  }

  function show(request: Request, response: Response, session: ConsoleSession, view: View, status: number): void {
    const path = request.path.replace(/^\//, '');
    const page = layout({ view, user: session.user, rooms, path, notice: '', liveUrl: '' });
    response
      .status(status)
      .type('html')
      .send(withFormToken(page.markup, guard.formToken(session)));
  }
}

const missing: View = { title: 'Not found', body: html`<p>There is nothing here.</p>` };
const foreign: View = {
  title: 'Not done',
  body: html`<p>The form did not come from a page of this session. Go back, load the page anew, and try again.</p>`,
};

function notAllowed(least: Role): View {
  return {
    title: 'Not allowed',
    body: html`<p>This takes the role ${least}. An admin gives roles in the configuration.</p>`,
  };
}

function formOf({ body }: Request): Record<string, readonly string[]> {
  const fields = Object.entries((body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    fields.map(([name, value]) => [name, (Array.isArray(value) ? value : [value]).map(String)]),
  );
}
