import { execFile } from 'node:child_process';
import { expect, it } from 'vitest';

const openApp = new URL('../../../src/cli/open-app.ts', import.meta.url).href;

/** A process of its own that logs, and then ends as it is told. */
function logged(ending: string): Promise<string[]> {
  const script = `
    import { createLogger } from ${JSON.stringify(openApp)};
    const log = createLogger({ log: { level: 'info', format: 'json' } });
    log.info('begun');
    log.info('the last word');
    ${ending}`;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '--eval', script], (_error, stdout) =>
      resolve(
        stdout
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line).msg),
      ),
    );
  });
}

it.each([
  ['fails', "throw new Error('made up');"],
  ['lives a moment longer than its lines may wait', "setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1000);"],
])('a process that %s has written all lines of its log', async (_how, ending) => {
  expect(await logged(ending)).toEqual(['begun', 'the last word']);
});
