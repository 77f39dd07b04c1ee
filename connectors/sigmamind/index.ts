import type { PlatformConnector } from '../../src/domain/platform.ts';
import { failingInJson } from '../shared/answers.ts';
import { checkCommand } from '../shared/check-command.ts';
import { captureCommand } from './capture/capture-command.ts';
import { SigmamindConfig } from './config.ts';
import { callCommand } from './dialling/call-command.ts';
import { campaignCommand } from './dialling/campaign-command.ts';
import { guide } from './guide.ts';
import { openSigmamind } from './serving.ts';
import { createChecks } from './setup/checks/checks.ts';
import { softphoneAccount } from './setup/softphone.ts';
import { createSteps } from './setup/steps/steps.ts';
import { viewReader } from './setup/view.ts';
import { setupWizard } from './setup/wizard.ts';
import { toolsCommand } from './tools.ts';

/** The SigmaMind voice AI platform: its events, its agents' tool calls, and its question about a call that comes in. */
export const sigmamind = {
  type: 'sigmamind',
  config: SigmamindConfig,
  guide,
  wizard: setupWizard,
  create(id, config, deps) {
    const { instance, capture, platform } = openSigmamind(id, config, deps);
    const checks = () => createChecks(instance);
    return {
      ...platform,
      checks,
      view: () => viewReader(instance),
      setupSteps: createSteps(instance),
      softphone: (number) => softphoneAccount(config, number),
      commands: [
        checkCommand('asks SigmaMind whether the set-up is right, and says what to mend', checks),
        captureCommand(id, capture, config.webhook.capture),
        toolsCommand(id, deps.publicUrl),
        callCommand(instance),
        campaignCommand(instance),
      ].map(failingInJson),
    };
  },
} satisfies PlatformConnector<SigmamindConfig>;
