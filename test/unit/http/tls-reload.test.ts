import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { readTlsPair } from '../../../src/http/tls-files.ts';
import { keepTlsFresh, type TlsReload } from '../../../src/http/tls-reload.ts';
import { makeCertificate } from '../../support/certificates.ts';
import { eventually } from '../../support/eventually.ts';
import { realClock } from '../../support/real-clock.ts';

const [first, second] = ['first', 'second'].map((name) => makeCertificate({ name, hosts: ['127.0.0.1'] }));
let folder: string;
let reload: TlsReload;
let taken: SecureContextOptions[];
let said: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-reload-'));
  taken = [];
  said = [];
  put('cert.pem', first?.cert);
  put('key.pem', first?.key);
  await begin();
});

async function begin(): Promise<void> {
  const settings = {
    certFile: join(folder, 'cert.pem'),
    keyFile: join(folder, 'key.pem'),
    minVersion: 'TLSv1.2',
  } as const;
  const note = (_fields: object, message: string) => void said.push(message);
  const log = { debug: note, info: note, warn: note, error: note };
  const server = { setSecureContext: (options: SecureContextOptions) => void taken.push(options) };
  reload = keepTlsFresh({ clock: realClock, log }, settings, await readTlsPair(settings), server, 20);
}
afterEach(() => {
  reload.stop();
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, text = ''): void {
  writeFileSync(join(folder, name), text);
}

it('says nothing of a moment in which only one of the two files was new', async () => {
  reload.stop();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  await begin();
  put('cert.pem', second?.cert);
  vi.advanceTimersByTime(20);
  await new Promise((resolve) => setTimeout(resolve, 100));
  put('key.pem', second?.key);
  vi.advanceTimersByTime(20);

  await eventually(() => expect(taken).toHaveLength(1));
  expect(said).toEqual(['a new TLS certificate is in use']);
});

it('takes up files by itself, and complains once of a pair that stays broken', async () => {
  put('cert.pem', second?.cert);
  await eventually(() => expect(said).toEqual(['the new TLS certificate is refused: the old one goes on']));
  expect(taken).toEqual([]);

  put('key.pem', second?.key);

  await eventually(() => expect(taken.map(({ key }) => key)).toEqual([second?.key]));
  expect(said.at(-1)).toBe('a new TLS certificate is in use');
  expect(said).toHaveLength(2);
});

it('does nothing while the files are as they were', async () => {
  await reload.reload();

  expect([taken, said]).toEqual([[], ['the TLS certificate is the same as before']]);
});
