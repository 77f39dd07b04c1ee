import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';

// What deploy/ installs on a machine, as far as it can be run without installing it.

it('the command line finds the way to its user by the PATH of cron, which backs the store up at night', () => {
  const script = readFileSync(new URL('../../../deploy/patchbay.sh', import.meta.url), 'utf8');
  const beginning = script.slice(0, script.indexOf('set -- ')).replaceAll('/var/lib/patchbay', tmpdir());

  const found = execFileSync('sh', ['-c', `${beginning}\ncommand -v runuser || echo none`], {
    env: { PATH: '/usr/bin:/bin' },
    encoding: 'utf8',
  });

  expect(found.trim()).toMatch(/\/runuser$/);
});
