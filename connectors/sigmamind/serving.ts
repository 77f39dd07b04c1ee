import type { ConnectorDeps } from '../../src/domain/connector.ts';
import type { Platform, PlatformConnector } from '../../src/domain/platform.ts';
import { explain } from './analysis/explain.ts';
import { createSigmamindApi } from './api/api.ts';
import { createCapture } from './capture/capture.ts';
import { SigmamindConfig } from './config.ts';
import { answerInboundCall, readInboundCall } from './inbound-call.ts';
import { listCalls, readCall } from './read-calls.ts';
import { readBody, receiveEvent } from './receive-event.ts';
import { noteInboundQuestions } from './setup/inbound-question.ts';
import { isKnownToken, ruleOf } from './signature.ts';
import { readToolCall } from './tool-call.ts';

/** SigmaMind as the running service needs it. */
export const sigmamindServing = {
  type: 'sigmamind',
  config: SigmamindConfig,
  create: (id, config, deps) => openSigmamind(id, config, deps).platform,
} satisfies PlatformConnector<SigmamindConfig>;

/** With what it is made of, for those who add to it. */
export function openSigmamind(id: string, config: SigmamindConfig, deps: ConnectorDeps) {
  const { clock, log, random, publicUrl } = deps;
  const api = createSigmamindApi({ clock, random }, config);
  const capture = createCapture(deps, config);
  const noteInboundQuestion = noteInboundQuestions(deps);
  const eventDeps = { id, config, rule: ruleOf(config.webhook.signature), clock, log, capture };
  const platform = {
    id,
    type: 'sigmamind',
    concurrency: config.concurrency,
    keepFree: config.keepFree,
    knowsToken: (of, token) => isKnownToken(of === 'event' ? config.webhook.tokens : config.inboundCall.tokens, token),
    receiveEvent: (request) => receiveEvent(eventDeps, request),
    readToolCall,
    readInboundCall(request) {
      const reading = readInboundCall(config.inboundCall.tokens, request);
      if (reading.kind === 'call') noteInboundQuestion();
      return reading;
    },
    answerInboundCall,
    readCall: (callKey, signal) => readCall({ ...eventDeps, api }, callKey, signal),
    eraseCall: (callKey) => api.deleteCall(callKey),
    listCalls: (since, cursor, signal) => listCalls({ ...eventDeps, api }, since, cursor, signal),
    explain: (value) => explain(config, (event, payload) => readBody(eventDeps, event, payload), value),
    inboundCallUrls: () =>
      config.inboundCall.tokens.length > 0 ? [`${publicUrl}/v1/platforms/${id}/inbound-call/<token>`] : [],
    close: async () => {},
    checks: () => [],
  } satisfies Platform;
  return { instance: { id, config, api, deps }, capture, platform };
}
