import type { SetupStep } from '../../../../src/domain/setup.ts';
import type { SetupDeps } from '../seen-site.ts';
import { agentStep } from './agent.ts';
import { analysisStep } from './analysis.ts';
import { apiKeyStep, attachToolsStep, inboundUrlStep, publishStep, voiceActionsStep } from './by-hand.ts';
import { integrationStep } from './integration.ts';
import { numberStep } from './number.ts';
import { promptStep } from './prompt.ts';
import { webhooksStep } from './webhooks.ts';

/** The set-up of SigmaMind, in the order in which it is done. */
export function createSteps(setup: SetupDeps): SetupStep[] {
  return [
    apiKeyStep,
    agentStep,
    numberStep,
    inboundUrlStep,
    promptStep,
    analysisStep,
    integrationStep,
    attachToolsStep,
    voiceActionsStep,
    webhooksStep,
    publishStep,
  ].map((stepOf) => stepOf(setup));
}
