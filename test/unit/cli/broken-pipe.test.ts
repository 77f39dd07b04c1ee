import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const entry = fileURLToPath(new URL('../../../src/cli/patchbay.js', import.meta.url));

it('a command whose reader has enough, as in `patchbay status | head`, ends without a trace of it', async () => {
  const child = spawn(process.execPath, [entry, 'key'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });

  const [code] = await once(child, 'close');

  expect([code, said]).toEqual([141, '']);
});
