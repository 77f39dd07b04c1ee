import type { Command } from 'commander';
import { openFiles } from '../../config/file-modes.ts';
import { configHistory } from '../../config/history.ts';
import { configSchema } from '../../config/schema.ts';
import type { App } from '../app.ts';
import { messageOf } from '../domain/errors.ts';
import { createReloading } from '../reloading.ts';
import { boundHeap } from './bound-heap.ts';
import { createConsoleSite } from './console-site.ts';
import type { CliContext } from './context.ts';
import { type GoodConfig, loadFile, loadFileOrReport } from './load-or-report.ts';
import { createLogger, openApp } from './open-app.ts';

export function addServeCommand(program: Command, context: CliContext): void {
  program
    .command('serve')
    .description('run the service')
    .option('--check', 'only check the configuration')
    .action(async (options: { check?: boolean }) => {
      const loaded = await loadFileOrReport(context);
      if (!loaded) return;
      const open = await openFiles(context.configFile(), loaded.config, configSchema(context.registry));
      for (const warning of open) context.err(`warning: ${warning}`);
      if (options.check) {
        context.out('The configuration is good.');
        return;
      }
      await serve(context, loaded);
    });
}

async function serve(context: CliContext, { config, text }: GoodConfig): Promise<void> {
  const logger = createLogger(config);
  // Heard from the first moment on: a supervisor may stop the service while it starts.
  const stopSignal = new Promise<string>((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'));
    process.once('SIGINT', () => resolve('SIGINT'));
  });
  // In a terminal the signal keeps its meaning, that it is gone; a supervisor's `reload` never ends the service.
  let isWished = false;
  let reload = () => {
    isWished = true;
  };
  if (config.server.tls || !process.stdin.isTTY) process.on('SIGHUP', () => reload());
  let app: App | undefined;
  const consoleSite = createConsoleSite(context, logger, () => {
    if (!app) throw new Error('the console was asked before the service was put together');
    return app;
  });
  try {
    app = await openApp(context, config, logger, { migrate: true, consoleSite });
    const address = await app.start();
    const reloading = createReloading({
      app,
      log: logger,
      load: () => loadFile(context),
      schema: configSchema(context.registry),
      history: configHistory(config),
    });
    await reloading.start(text);
    reload = () => void reloading.now('signal');
    if (isWished) reload();
    const { version: configuration } = app.deps.ownProcess.configuration();
    logger.info({ address, version: context.version, configuration }, 'patchbay is ready');
    boundHeap();
    const signal = await stopSignal;
    logger.info({ signal }, 'stopping');
    reloading.stop();
    await consoleSite.doctor.stop();
    await app.stop();
    logger.info('stopped');
  } catch (error) {
    logger.fatal({ reason: messageOf(error) }, 'patchbay could not go on');
    context.err(messageOf(error));
    context.exit(1);
    // Threads and timers of what was opened would keep the process alive, and a supervisor waiting.
    await app?.stop(0);
  }
}
