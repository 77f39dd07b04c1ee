import type { PatchbayConfig } from '../../config/schema.ts';
import type { App } from '../app.ts';
import type { CliContext } from './context.ts';
import { loadOrReport } from './load-or-report.ts';
import { createLogger, openApp } from './open-app.ts';

/** Does something with the service's parts, none of which runs, and gives them back. */
export async function withApp(
  context: CliContext,
  work: (app: App, config: PatchbayConfig) => Promise<void>,
  options: { migrate?: boolean } = {},
): Promise<void> {
  const config = await loadOrReport(context);
  if (!config) return;
  const app = await openApp(context, config, createLogger(config, 'warn'), options);
  try {
    await work(app, config);
  } finally {
    await app.stop(0);
  }
}
