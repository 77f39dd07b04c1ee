import type { SetupStep } from '../../../../src/domain/setup.ts';
import type { Five9 } from '../../five9.ts';
import { accessSteps } from './access-steps.ts';
import { campaignSteps } from './campaign-steps.ts';
import { domainSteps } from './domain-steps.ts';
import { productionSteps } from './production-steps.ts';
import { scriptStep } from './script-step.ts';

/** The set-up of a Five9 domain, in the order in which it is done. */
export function setupSteps(five9: Five9): SetupStep[] {
  return [
    ...accessSteps(five9),
    ...domainSteps(five9),
    scriptStep(five9),
    ...campaignSteps(five9),
    ...productionSteps(five9),
  ];
}
