import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

const openApp = new URL('../../../src/cli/open-app.ts', import.meta.url).href;
const megabyte = 1024 * 1024;

/** The words of a process of its own that has a logger. */
function logging(rest: string): string[] {
  const script = `
    import { createLogger } from ${JSON.stringify(openApp)};
    const log = createLogger({ log: { level: 'info', format: 'json' } });
    ${rest}`;
  return ['--input-type=module', '--eval', script];
}

/** A process that logs, and then ends as it is told. */
function logged(ending: string): Promise<string[]> {
  const args = logging(`log.info('begun'); log.info('the last word'); ${ending}`);
  return new Promise((resolve) => {
    execFile(process.execPath, args, (_error, stdout) =>
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

it('keeps 8 MB of lines that nobody reads, lets the newer ones go, and writes on once they are read', async () => {
  const args = logging(`
    const text = 'x'.repeat(1000);
    for (let count = 0; count < 12_000; count += 1) {
      log.info({ count, text }, 'unread');
      if (count % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    process.send('told');
    const again = setInterval(() => log.info('read again'), 50);
    process.once('disconnect', () => clearInterval(again));`);
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  await once(child, 'message');

  let said = '';
  for await (const text of child.stdout?.setEncoding('utf8') ?? []) {
    said += text;
    if (child.connected && text.includes('read again')) child.disconnect();
  }

  const lines = said
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { msg: string; count: number });
  const unread = lines.filter(({ msg }) => msg === 'unread').map(({ count }) => count);
  expect(unread.slice(0, 7000)).toEqual(Array.from({ length: 7000 }, (_, index) => index));
  expect(unread).toEqual(unread.toSorted((one, other) => one - other));
  // What the pipe itself holds comes on top.
  expect(said.indexOf('read again') / megabyte).toBeLessThan(9);
});
