import { createRequire } from 'node:module';
import { type Logger, pino } from 'pino';
import type { PatchbayConfig } from '../../config/schema.ts';
import { type App, type AppOptions, createApp } from '../app.ts';
import { fileClock, systemClock } from '../clock.ts';
import type { CliContext } from './context.ts';

/** For what few runs need, and all would wait for. */
const require = createRequire(import.meta.url);

/** Puts the service together for a command. Only `serve` starts it, and makes or changes the store's tables. */
export function openApp(
  context: CliContext,
  config: PatchbayConfig,
  logger: Logger,
  options: Pick<AppOptions, 'migrate' | 'consoleSite'> = {},
): Promise<App> {
  const { clockFile } = context.environment;
  return createApp({
    config,
    registry: context.registry,
    clock: clockFile ? fileClock(clockFile) : systemClock,
    logger,
    version: context.version,
    migrate: options.migrate ?? false,
    ...(options.consoleSite && { consoleSite: options.consoleSite }),
  });
}

/**
 * JSON lines for machines, coloured text for people. Logs go to standard output of the service, errors included.
 *
 * @param dest where they go: 2, standard error, for a command whose output is read by a program (Default: 1)
 */
export function createLogger(
  config: Pick<PatchbayConfig, 'log'>,
  level: string = config.log.level,
  dest: 1 | 2 = 1,
): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (config.log.format === 'pretty') {
    const pretty = require('pino-pretty') as typeof import('pino-pretty');
    const { isTTY } = dest === 1 ? process.stdout : process.stderr;
    return pino(options, pretty({ colorize: isTTY, destination: dest, ignore: 'pid,hostname' }));
  }
  const lines = pino.destination({ dest, sync: false, ...gathered });
  // A full disk ends no service: the lines go with later ones, as many as are kept.
  lines.on('error', () => undefined);
  return pino(options, lines);
}

/**
 * Lines of the same moment are written together: each by itself costs a live call more than all the rest of its line. While
 * nobody reads them so many bytes are kept, and no more.
 */
const gathered = { minLength: 4096, periodicFlush: 100, maxLength: 8 * 1024 * 1024 };
