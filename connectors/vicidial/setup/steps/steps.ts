import type { SetupStep } from '../../../../src/domain/setup.ts';
import type { Vicidial } from '../../vicidial.ts';
import { accessSteps } from './access-steps.ts';
import { activateStep } from './activate-step.ts';
import { campaignStep } from './campaign-step.ts';
import { amdStep, remoteAgentStep, softphoneStep, startUrlStep } from './campaign-texts.ts';
import { carrierStep } from './carrier-step.ts';
import { customFieldsStep } from './custom-fields-step.ts';
import { headersStep } from './headers-step.ts';
import { lineUsersStep } from './line-users-step.ts';
import { listStep } from './list-step.ts';
import { rebuildStep } from './rebuild-step.ts';
import { statusesStep } from './statuses-step.ts';
import { createStepSite } from './step-site.ts';

/** What sets a VICIdial up, in the order in which an admin does it. */
export function createSetup(vicidial: Vicidial): { steps: readonly SetupStep[]; close(): void } {
  const site = createStepSite(vicidial);
  return {
    steps: [
      ...accessSteps(site),
      statusesStep(site),
      customFieldsStep(site),
      carrierStep(site),
      rebuildStep(site),
      lineUsersStep(site),
      remoteAgentStep(site),
      campaignStep(site),
      startUrlStep(site),
      headersStep(site),
      listStep(site),
      activateStep(site),
      softphoneStep(site),
      amdStep(site),
    ],
    close: site.close,
  };
}
