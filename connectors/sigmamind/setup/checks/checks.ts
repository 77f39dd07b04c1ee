import type { Check } from '../../../../src/domain/connector.ts';
import { lookAtSite, type SetupDeps } from '../seen-site.ts';
import { accessChecks } from './access.ts';
import { agentChecks } from './agents.ts';
import { analysisChecks } from './analysis.ts';
import { callChecks } from './calls.ts';
import { diallingChecks } from './dialling.ts';
import { inboundChecks } from './inbound.ts';
import { numberChecks } from './numbers.ts';
import { promptChecks } from './prompt.ts';
import { selfTestChecks } from './self-test.ts';
import { sipChecks } from './sip.ts';
import { toolChecks } from './tools.ts';
import { voiceChecks } from './voice-actions.ts';
import { webhookChecks } from './webhooks.ts';

/** All that the doctor looks at in SigmaMind, from one shared look. */
export function createChecks(setup: SetupDeps): Check[] {
  const site = lookAtSite(setup);
  return [
    accessChecks,
    agentChecks,
    numberChecks,
    webhookChecks,
    toolChecks,
    selfTestChecks,
    analysisChecks,
    promptChecks,
    voiceChecks,
    inboundChecks,
    sipChecks,
    callChecks,
    diallingChecks,
  ].flatMap((checksOf) => checksOf(site));
}
