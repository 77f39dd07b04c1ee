import type { PlatformConnector } from '../../src/domain/platform.ts';
import { failingInJson } from '../shared/answers.ts';
import { checkCommand } from '../shared/check-command.ts';
import { explain } from './analysis/explain.ts';
import { createSigmamindApi } from './api/api.ts';
import { createCapture } from './capture/capture.ts';
import { captureCommand } from './capture/capture-command.ts';
import { SigmamindConfig } from './config.ts';
import { callCommand } from './dialling/call-command.ts';
import { campaignCommand } from './dialling/campaign-command.ts';
import { guide } from './guide.ts';
import { answerInboundCall, readInboundCall } from './inbound-call.ts';
import { listCalls, readCall } from './read-calls.ts';
import { readBody, receiveEvent } from './receive-event.ts';
import { createChecks } from './setup/checks/checks.ts';
import { noteInboundQuestions } from './setup/inbound-question.ts';
import { softphoneAccount } from './setup/softphone.ts';
import { createSteps } from './setup/steps/steps.ts';
import { viewReader } from './setup/view.ts';
import { setupWizard } from './setup/wizard.ts';
import { ruleOf } from './signature.ts';
import { readToolCall } from './tool-call.ts';
import { toolsCommand } from './tools.ts';

/** The SigmaMind voice AI platform: its events, its agents' tool calls, and its question about a call that comes in. */
export const sigmamind = {
  type: 'sigmamind',
  config: SigmamindConfig,
  guide,
  wizard: setupWizard,
  create(id, config, deps) {
    const { clock, log, random, publicUrl } = deps;
    const api = createSigmamindApi({ clock, random }, config);
    const dialler = { id, config, api, deps };
    const capture = createCapture(deps, config);
    const setup = { id, config, api, deps };
    const checks = () => createChecks(setup);
    const noteInboundQuestion = noteInboundQuestions(deps);
    const eventDeps = { id, config, rule: ruleOf(config.webhook.signature), clock, log, capture };
    return {
      id,
      type: 'sigmamind',
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
      commands: [
        checkCommand('asks SigmaMind whether the set-up is right, and says what to mend', checks),
        captureCommand(id, capture, config.webhook.capture),
        toolsCommand(id, publicUrl),
        callCommand(dialler),
        campaignCommand(dialler),
      ].map(failingInJson),
      checks,
      setupSteps: createSteps(setup),
      view: () => viewReader(setup),
      softphone: (number) => softphoneAccount(config, number),
      close: async () => {},
    };
  },
} satisfies PlatformConnector<SigmamindConfig>;
