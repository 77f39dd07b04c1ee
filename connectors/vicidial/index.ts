import type { DialerConnector } from '../../src/domain/dialer.ts';
import { VicidialConfig } from './config.ts';
import { guide } from './guide.ts';
import { openVicidial } from './serving.ts';
import { checks } from './setup/checks.ts';
import { createSetup } from './setup/steps/steps.ts';
import { view } from './setup/view.ts';
import { wizard } from './setup/wizard/wizard.ts';
import { softphoneOf } from './softphone.ts';
import { steerCommands } from './steer/commands.ts';
import { createTestCalls } from './test-calls/test-calls.ts';
import { proposeMappingCommand } from './write/propose-mapping.ts';

export { VicidialConfig } from './config.ts';

/** VICIdial: read from its database, or where there is no access to it through its HTTP API; written through that alone. */
export const vicidial = {
  type: 'vicidial',
  config: VicidialConfig,
  guide,
  wizard,
  create(id, config, deps) {
    const { instance, dialer } = openVicidial(id, config, deps);
    const setup = createSetup(instance);
    return {
      ...dialer,
      checks: () => checks(instance),
      view: () => view(instance),
      setupSteps: setup.steps,
      testCalls: createTestCalls(instance),
      softphone: (campaign) => softphoneOf(instance, campaign),
      commands: [...steerCommands(instance), proposeMappingCommand(id, instance.reads)],
      async close() {
        setup.close();
        await dialer.close();
      },
    };
  },
} satisfies DialerConnector<VicidialConfig>;
