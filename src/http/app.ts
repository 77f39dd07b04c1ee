import type { RequestListener } from 'node:http';
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { Deps } from '../flows/deps.ts';
import { createConnectorRoutes } from './connector-routes.ts';
import { createControlRoutes } from './control-routes.ts';
import { createHealthRoutes, type HealthOptions } from './health-routes.ts';
import { createInboundCallRoute } from './inbound-call-route.ts';
import { createIvrRoutes } from './ivr-routes.ts';
import { createOpenApi } from './openapi.ts';
import type { HttpOptions } from './options.ts';
import { createPlatformRoutes } from './platform-routes.ts';
import { sendProblem } from './problem.ts';
import { createBodyReader } from './read-body.ts';

export interface HttpSettings extends HealthOptions, Omit<HttpOptions, 'deny' | 'readBody'> {
  bodyLimitKb: number;
  trustedProxies: readonly string[];
  publicUrl: string;
  version: string;
  logger: Logger;
  /** The operator's pages, below `/console`. (Default: there are none) */
  console?: RequestHandler;
}

/** Failed authentications that one address may make in a minute before it hears 429. Good requests never count. */
const failuresPerMinute = 60;
/** What those may send at once whom only the body proves, such as a platform's events, all together. */
const strangersBytes = 32 * 1024 * 1024;

/**
 * Who brings neither a key nor a path token guesses none: wget asks without a key first, each time, and sends it when it
 * is told to.
 */
function isGuess(request: Request): boolean {
  return Boolean(request.get('authorization') || request.get('x-api-key') || request.params.token);
}

/** The whole web side. Dialer and platform routes come first, ahead of everything that only pages need. */
export function createHttpApp(deps: Deps, settings: HttpSettings): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', [...settings.trustedProxies]);

  const failures = rateLimit({
    windowMs: 60_000,
    limit: failuresPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Its own warnings go to the console, with addresses in them.
    validate: false,
  });
  const options: HttpOptions = {
    ...settings,
    readBody: createBodyReader({ bytes: settings.bodyLimitKb * 1024, strangersBytes }),
    authenticate(request, permission) {
      const found = settings.authenticate(request, permission);
      if (found.kind === 'client') settings.prove?.(request.socket);
      return found;
    },
    async deny(request, response) {
      if (isGuess(request)) await failures(request, response, () => undefined);
      if (response.headersSent) return;
      response.set('WWW-Authenticate', 'Basic realm="patchbay", Bearer');
      sendProblem(response, {
        status: 401,
        title: 'Not authenticated',
        detail: "Send the client's key as Basic (user: the client's name), Bearer or X-API-Key.",
      });
    },
  };

  const ivr = createIvrRoutes(deps, options);
  app.use('/v1/ivr', ivr.routes);
  app.post('/v1/platforms/:platform/inbound-call/:token', createInboundCallRoute(deps, options));
  app.use('/v1/platforms', createPlatformRoutes(deps, options));
  app.use('/v1/platforms', createConnectorRoutes(deps, deps.platforms.values(), options));
  app.use('/v1/dialers', createConnectorRoutes(deps, deps.dialers.values(), options));
  app.use('/v1/controls', createControlRoutes(deps, options));
  app.use(createHealthRoutes(deps, settings));

  app.use(helmet());
  app.use(
    pinoHttp({
      logger: settings.logger,
      // The path of a request may hold a token, and its query a number: only the method and the status are logged.
      serializers: { req: (request: { method: string }) => ({ method: request.method }), res: () => undefined },
      customSuccessMessage: () => 'request',
      customErrorMessage: () => 'request failed',
    }),
  );
  const openApi = createOpenApi(settings);
  app.get('/openapi.json', (_request, response) => {
    response.json(openApi);
  });
  if (settings.console) {
    app.get('/', (_request, response) => response.redirect(302, '/console'));
    app.use('/console', settings.console);
  }
  app.use((_request, response) => {
    sendProblem(response, {
      status: 404,
      title: 'Not found',
      detail: 'Nothing lives here. /openapi.json lists what does.',
    });
  });
  app.use(handleError(deps));
  return (request, response) => {
    if (!ivr.takePlain(request, response)) app(request, response);
  };
}

function handleError(deps: Deps): ErrorRequestHandler {
  return (error: { status?: number; type?: string }, _request, response, next) => {
    if (response.headersSent) return next(error);
    const status = error.status && error.status >= 400 && error.status < 500 ? error.status : 500;
    if (status === 500) deps.log.error({ err: error }, 'a request failed inside');
    const title = status === 413 ? 'Too large' : status === 500 ? 'Failed' : 'Bad request';
    sendProblem(response, {
      status,
      title,
      detail: status === 500 ? 'The log of the service says more.' : (error.type ?? title),
    });
  };
}
