import type { PlatformConnector } from '../../src/domain/platform.ts';
import { createSigmamindApi } from './api.ts';
import { createChecks } from './checks.ts';
import { SigmamindConfig } from './config.ts';
import { answerInboundCall, readInboundCall } from './inbound-call.ts';
import { receiveEvent } from './receive-event.ts';
import { ruleOf } from './signature.ts';
import { readToolCall } from './tool-call.ts';

/** The SigmaMind voice AI platform: its events, its agents' tool calls, and its question about a call that comes in. */
export const sigmamind = {
  type: 'sigmamind',
  config: SigmamindConfig,
  create(id, config, { clock, log, random, publicUrl }) {
    const api = createSigmamindApi({ clock, random }, config);
    const eventDeps = { id, config, rule: ruleOf(config.webhook.signature), clock, log };
    return {
      id,
      type: 'sigmamind',
      receiveEvent: (request) => receiveEvent(eventDeps, request),
      readToolCall,
      readInboundCall: (request) => readInboundCall(config.inboundCall.tokens, request),
      answerInboundCall,
      inboundCallUrls: () =>
        config.inboundCall.tokens.length > 0 ? [`${publicUrl}/v1/platforms/${id}/inbound-call/<token>`] : [],
      checks: () => createChecks({ id, config, api, publicUrl }),
      close: async () => {},
    };
  },
} satisfies PlatformConnector<SigmamindConfig>;
