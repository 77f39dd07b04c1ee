import type { DialerConnector } from '../../src/domain/dialer.ts';
import { commandsOf } from './commands.ts';
import { Five9Config } from './config.ts';
import { guide } from './guide.ts';
import { openFive9 } from './serving.ts';
import { viewOf } from './setup/checks/routes.ts';
import { checks } from './setup/checks.ts';
import { setupSteps } from './setup/steps/steps.ts';
import { wizard } from './setup/wizard/wizard.ts';
import { softphoneOf } from './softphone.ts';
import { createTestCalls } from './test-calls/test-calls.ts';

export { Five9Config } from './config.ts';

/** Five9, over its Configuration Web Services (SOAP). */
export const five9 = {
  type: 'five9',
  config: Five9Config,
  guide,
  wizard,
  create(id, config, deps) {
    const { instance, dialer } = openFive9(id, config, deps);
    return {
      ...dialer,
      checks: () => checks(instance),
      view: () => viewOf(instance),
      commands: commandsOf(instance),
      setupSteps: setupSteps(instance),
      testCalls: createTestCalls(instance),
      softphone: (campaign) => softphoneOf(config, campaign),
    };
  },
} satisfies DialerConnector<Five9Config>;
