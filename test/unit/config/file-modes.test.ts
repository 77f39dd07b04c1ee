import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openFiles, warningOfMode } from '../../../config/file-modes.ts';
import { interpolate } from '../../../config/interpolate.ts';
import { configSchema } from '../../../config/schema.ts';
import { madeUpConnectors } from './made-up-connectors.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-modes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string, mode: number): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

it.each([
  [0o600, false],
  [0o640, false],
  [0o604, true],
  [0o644, true],
  [0o602, true],
])('says of a file of mode %o whether others get at it', async (mode, isOpen) => {
  const file = put('a-file', 'text', mode);

  expect((await warningOfMode(file)) !== null).toBe(isOpen);
});

it('says nothing of what is not there, and of what a container is handed', async () => {
  expect(await warningOfMode(join(folder, 'nothing'))).toBeNull();
  expect(await warningOfMode('/run/secrets/key')).toBeNull();
});

it('warns of a file that a secret comes from, and still takes it', async () => {
  const file = put('the-secret', 'a secret\n', 0o644);

  const { value, warnings } = await interpolate({ secret: `\${KEY}` }, { KEY_FILE: file });

  expect(value).toEqual({ secret: 'a secret' });
  expect(warnings).toEqual([`${file}: everybody on this machine can read it. Run: chmod 600 ${file}`]);
});

it('warns of an open configuration only where a secret is written out in it, and of an open TLS key', async () => {
  const schema = configSchema(madeUpConnectors);
  const without = put(
    'without.yaml',
    `secret: \${KEY}\nclients: { a: { keys: [${'a'.repeat(64)}], may: [dialer] } }`,
    0o644,
  );
  const written = put('written.yaml', 'secret: 0123456789abcdef', 0o644);
  const keyFile = put('key.pem', 'a key', 0o644);

  expect(await openFiles(without, { server: {} }, schema)).toEqual([]);
  expect(await openFiles(written, { server: {} }, schema)).toEqual([expect.stringContaining('written.yaml')]);
  expect(await openFiles(without, { server: { tls: { keyFile } } }, schema)).toEqual([
    expect.stringContaining('key.pem'),
  ]);
});
