import type { Request, RequestHandler, Response } from 'express';
import { messageOf } from '../domain/errors.ts';
import type { Platform } from '../domain/platform.ts';
import { answerInboundCall } from '../flows/answer-inbound-call.ts';
import type { Deps } from '../flows/deps.ts';
import type { HttpOptions } from './options.ts';
import { plainRequest } from './plain-request.ts';
import { sendProblem } from './problem.ts';

/** The contract is a second; what is left of it is for the way. */
const answerWithinMs = 850;

/**
 * The platform's question about a call that comes in. The customer's call is dropped when this fails: whoever has the
 * token gets 200 within a second, whatever is broken inside.
 */
export function createInboundCallRoute(
  deps: Deps,
  options: HttpOptions,
): RequestHandler<{ platform: string; token: string }> {
  return async (request, response) => {
    const startedAt = performance.now();
    const platform = deps.platforms.get(request.params.platform);
    if (!platform) {
      const detail = 'No platform has this name in the configuration.';
      return sendProblem(response, { status: 404, title: 'Unknown platform', detail });
    }
    const mayBeGood = platform.knowsToken?.('inbound-call', request.params.token) ?? true;
    const body = mayBeGood ? await options.readBody(request, false) : null;
    // One that is too large or broken asks nothing that we could answer; the call goes on all the same.
    if (body?.kind === 'whole') request.body = body.bytes;
    const plain = plainRequest(request as Request);
    const reading = platform.readInboundCall(plain);
    if (reading.kind === 'denied') return await options.deny(request as Request, response as Response);
    options.prove?.(request.socket);
    const variables = reading.kind === 'call' ? await inTime(tell(platform, reading)) : {};
    response.status(200).type('application/json').send(platform.answerInboundCall(variables));
    const ms = performance.now() - startedAt;
    options.observe('platforms/inbound-call', ms);
    deps.traffic.asked(platform.id, ms, false);
  };

  async function tell({ id }: Platform, { from, to }: { from: string; to: string }): Promise<Record<string, string>> {
    try {
      const country = [...deps.dialers.values()][0]?.settings.country ?? 'US';
      return await answerInboundCall(deps, id, options.readPhone(from, country), options.readPhone(to, country));
    } catch (error) {
      deps.log.error({ platform: id, reason: messageOf(error) }, 'an inbound call could not be matched');
      return {};
    }
  }

  async function inTime(told: Promise<Record<string, string>>): Promise<Record<string, string>> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Record<string, string>>((resolve) => {
      timer = setTimeout(() => resolve({}), answerWithinMs);
    });
    return Promise.race([told, late]).finally(() => clearTimeout(timer));
  }
}
