import type { PatchbayConfig } from '../../../config/schema.ts';
import type { App } from '../../app.ts';
import type { CliContext } from '../context.ts';
import { examine } from '../doctor.ts';
import { createLogger, openApp } from '../open-app.ts';
import { operatorName } from '../operator.ts';
import type { Desk } from './tool.ts';

const standardError = 2;

/** Opens what tools ask for when they ask: an assistant's host starts its servers long before anybody asks, or the store is up. */
export function createDesk(context: CliContext, config: PatchbayConfig): Desk {
  const log = createLogger(config, 'warn', standardError);
  let opening: Promise<App> | undefined;
  let examined: Promise<unknown> = Promise.resolve();

  return {
    async open() {
      opening ??= openApp(context, config, log).catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return (await opening).deps;
    },
    examine(only, signal) {
      // Beside each other two runs would only wait for the same limits.
      const run = examined.then(async () => {
        const registry = (await context.wholeRegistry?.()) ?? context.registry;
        return examine({ ...context, registry }, { only: [...only] }, signal);
      });
      examined = run.catch(() => undefined);
      return run;
    },
    sight: { showsWords: config.mcp.personalData },
    by: operatorName('mcp'),
    log,
    async close() {
      const app = await opening?.catch(() => undefined);
      await app?.stop(0);
    },
  };
}
