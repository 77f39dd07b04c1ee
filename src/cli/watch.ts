import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { CliContext } from './context.ts';
import { lookAt, statusJson, zoneOf } from './status.ts';
import { statusLines } from './status-lines.ts';
import { screenOf } from './terminal-table.ts';
import { withApp } from './with-app.ts';

/** `patchbay watch`: the state of the site, again and again, until Ctrl-C. */
export function addWatchCommand(program: Command, context: CliContext): void {
  program
    .command('watch')
    .description('the same as status, drawn anew every few seconds until Ctrl-C')
    .option('--every <seconds>', 'how often', '2')
    .option('--json', 'one JSON line each time')
    .action(({ every, json }: { every: string; json?: boolean }) =>
      withApp(context, (app) => watch(context, app, Math.min(3600, Math.max(0.1, Number(every) || 2)), json === true)),
    );
}

/** A screen of its own, so that what stood there comes back; the cursor is hidden meanwhile. */
const enter = '\x1b[?1049h\x1b[?25l';
const leave = '\x1b[?25h\x1b[?1049l';
const home = '\x1b[H';
const clearLine = '\x1b[K';
const clearBelow = '\x1b[J';

async function watch(context: CliContext, app: App, everySec: number, isJson: boolean): Promise<void> {
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const isDrawn = screenOf().isTerminal && !isJson;
  if (isDrawn) process.stdout.write(enter);
  try {
    while (!stopped.signal.aborted) {
      const { state, complaints, level } = await lookAt(app);
      if (isJson) context.out(statusJson(state, complaints, level));
      else if (isDrawn) draw([...statusLines(state, complaints, zoneOf(app)), '', 'Ctrl-C ends.']);
      else for (const line of [...statusLines(state, complaints, zoneOf(app)), '']) context.out(line);
      await wait(everySec * 1000, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  } finally {
    if (isDrawn) process.stdout.write(leave);
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** Over what stands there, so that nothing flickers; what does not fit is left out. */
function draw(lines: readonly string[]): void {
  const room = Math.max(1, (process.stdout.rows ?? 24) - 1);
  const shown = lines.slice(0, room).map((line) => `${line}${clearLine}\n`);
  process.stdout.write(`${home}${shown.join('')}${clearBelow}`);
}
