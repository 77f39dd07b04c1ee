import type { Command } from 'commander';
import type { App } from '../app.ts';
import { ConnectorError } from '../domain/errors.ts';
import { type Complaint, judgeSite, type Level, worstOf } from '../flows/judge-site.ts';
import { readSiteState, type SiteState } from '../flows/site-state.ts';
import type { CliContext } from './context.ts';
import { statusLines } from './status-lines.ts';
import { withApp } from './with-app.ts';

/** Who asks on a terminal waits for a store that is slow to wake. */
const storeWithinMs = 15_000;

const exitCodes: Readonly<Record<Level, number>> = { good: 0, warn: 1, bad: 2 };

/** `patchbay status`: what the console's first page shows. */
export function addStatusCommand(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('how the whole site does; exit code 0: well, 1: somebody should look, 2: something does not work')
    .option('--json', 'one JSON line')
    .action(async ({ json }: { json?: boolean }) => {
      try {
        await withApp(context, async (app) => {
          const { state, complaints, level } = await lookAt(app);
          if (json) context.out(statusJson(state, complaints, level));
          else for (const line of statusLines(state, complaints, zoneOf(app))) context.out(line);
          context.exit(exitCodes[level]);
        });
      } catch (error) {
        if (!(error instanceof ConnectorError) || error.code !== 'store_away') throw error;
        context.err(`The store does not answer: ${error.message}`);
        context.err(error.hint || 'See whether the database runs. A running service answers live calls from memory.');
        context.exit(exitCodes.bad);
      }
    });
}

export interface SiteLook {
  state: SiteState;
  complaints: Complaint[];
  level: Level;
}

export async function lookAt({ deps }: Pick<App, 'deps'>): Promise<SiteLook> {
  const state = await readSiteState(deps, storeWithinMs);
  const complaints = judgeSite(state);
  return { state, complaints, level: worstOf(complaints) };
}

/** Without the people of opt-outs: how many there are is enough for a machine that watches. */
export function statusJson({ optOuts, ...state }: SiteState, complaints: readonly Complaint[], level: Level): string {
  const open = { open: optOuts.length, overdue: optOuts.filter(({ isOverdue }) => isOverdue).length };
  const told = complaints.map(({ about, ...complaint }) => ({ ...complaint, about: about.kind }));
  return JSON.stringify({ level, complaints: told, ...state, optOuts: open });
}

export function zoneOf({ deps }: App): string {
  return deps.settings.console.timeZone;
}
