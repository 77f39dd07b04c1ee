import { type Response, Router } from 'express';
import { messageOf } from '../domain/errors.ts';
import { commitOutcome } from '../flows/commit-outcome.ts';
import type { Deps } from '../flows/deps.ts';
import { endCall } from '../flows/end-call.ts';
import { receiveEvent } from '../flows/receive-event.ts';
import { scheduleCallback } from '../flows/schedule-callback.ts';
import { tellOfLead } from '../flows/tell-of-lead.ts';
import { transferCall } from '../flows/transfer-call.ts';
import type { HttpOptions } from './options.ts';
import { plainRequest } from './plain-request.ts';
import { sendProblem } from './problem.ts';
import { readVariables } from './read-variables.ts';
import { sendJson } from './send-body.ts';
import { takeBody } from './take-body.ts';

/** No agent waits for longer: its customer hears silence. */
const slowToolMs = 5000;

const storeHint = 'Neither the store nor the spool could keep it. Send it again.';

/** The tools that an AI agent calls in mid-conversation, by the last part of their paths. */
const tools = {
  'commit-outcome': commitOutcome,
  transfer: transferCall,
  'end-call': endCall,
  'find-lead': tellOfLead,
  'schedule-callback': scheduleCallback,
};

/** What the AI platform sends: webhooks, and the agent's tool calls. */
export function createPlatformRoutes(deps: Deps, options: HttpOptions): Router {
  const routes = Router({ caseSensitive: true });

  routes.post('/:platform/events/:token', async (request, response) => {
    const startedAt = performance.now();
    const platform = deps.platforms.get(request.params.platform);
    if (!platform) return sendProblem(response, unknownPlatform);
    try {
      // Without the token it is denied whatever it says: nothing of it is read.
      const mayBeGood = platform.knowsToken?.('event', request.params.token) ?? true;
      if (mayBeGood && !(await takeBody(options, request, response, false))) {
        deps.count.webhook(platform.id, 'failed');
        return;
      }
      const start = { name: 'flow webhook', attributes: { 'patchbay.system': platform.id } };
      const answer = await deps.tracing.run(start, () => receiveEvent(deps, platform, plainRequest(request)));
      if (answer.status === 401) return await options.deny(request, response);
      options.prove?.(request.socket);
      if (answer.status === 400)
        return sendProblem(response, { status: 400, title: 'Unreadable event', detail: answer.why });
      acknowledge(response, { result: answer.result });
    } catch (error) {
      deps.count.webhook(platform.id, 'failed');
      deps.log.error({ platform: platform.id, reason: messageOf(error) }, 'a webhook could not be kept');
      sendProblem(response, { status: 503, title: 'Not kept', detail: storeHint });
    } finally {
      told('platforms/events', platform.id, startedAt, response);
    }
  });

  for (const [name, answerTool] of Object.entries(tools)) {
    routes.post(`/:platform/tools/${name}`, async (request, response) => {
      const startedAt = performance.now();
      const platform = deps.platforms.get(request.params.platform);
      if (!platform) return sendProblem(response, unknownPlatform);
      if (options.authenticate(request, 'tools').kind === 'denied') return await options.deny(request, response);
      if (!(await takeBody(options, request, response, true))) return;
      try {
        const start = { name: `flow ${name}`, attributes: { 'patchbay.system': platform.id } };
        const answer = await deps.tracing.run(start, () => answerTool(deps, platform, readVariables(request)));
        acknowledge(response, answer);
      } catch (error) {
        deps.log.error(
          { platform: platform.id, tool: name, reason: messageOf(error) },
          'a tool call could not be kept',
        );
        sendProblem(response, { status: 503, title: 'Not kept', detail: storeHint });
      } finally {
        told(`platforms/${name}`, platform.id, startedAt, response);
        deps.tools.note(response.statusCode >= 500 || performance.now() - startedAt > slowToolMs);
      }
    });
  }

  /** What was kept is acknowledged: the sender will not tell it again. */
  function acknowledge(response: Response, body: object): void {
    response.once('finish', () => deps.failAt('facts.acknowledged'));
    sendJson(response, 200, body);
  }

  /** What could not prove its sender says nothing about the platform. */
  function told(endpoint: string, platform: string, startedAt: number, { statusCode }: Response): void {
    const ms = performance.now() - startedAt;
    options.observe(endpoint, ms);
    if (statusCode !== 401 && statusCode !== 429) deps.traffic.asked(platform, ms, statusCode >= 400);
  }

  return routes;
}

const unknownPlatform = {
  status: 404,
  title: 'Unknown platform',
  detail: 'No platform has this name in the configuration.',
};
