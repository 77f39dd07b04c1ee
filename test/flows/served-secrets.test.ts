import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeCertificate } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';

const program = fileURLToPath(new URL('../../src/cli/patchbay.js', import.meta.url));
const secret = 'planted-hash-key-0123456789';
const authority = makeCertificate({ name: 'Authority' });
let folder: string;
let service: ChildProcess;
let port = 0;
const log: Record<string, unknown>[] = [];
let complaints = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-served-'));
  chmodSync(folder, 0o755);
  put('First');
  writeFileSync(join(folder, 'hash-key'), `${secret}\n`, { mode: 0o600 });
  const config = {
    server: { port: 0, tls: { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') } },
    store: { kind: 'sqlite', file: join(folder, 'data', 'patchbay.sqlite') },
    spool: { folder: join(folder, 'spool') },
    secret: ['$', '{HASH_KEY}'].join(''),
    console: { enabled: false },
  };
  writeFileSync(join(folder, 'patchbay.yaml'), JSON.stringify(config), { mode: 0o644 });
  // An open umask, as some machines have: what the service writes is closed all the same.
  const command = 'umask 000; exec "$@"';
  const words = [process.execPath, program, 'serve', '--config', join(folder, 'patchbay.yaml')];
  service = spawn('sh', ['-c', command, 'sh', ...words], {
    env: { PATH: process.env.PATH, HASH_KEY_FILE: join(folder, 'hash-key') },
  });
  service.stderr?.on('data', (text: Buffer) => {
    complaints += text.toString();
  });
  createInterface({ input: service.stdout as NodeJS.ReadableStream }).on('line', (line) => log.push(JSON.parse(line)));
  await eventually(() => {
    const ready = log.find(({ msg }) => msg === 'patchbay is ready');
    port = Number(new URL(String(ready?.address)).port);
  }, 30_000);
}, 40_000);
afterAll(async () => {
  const ended = once(service, 'exit');
  service.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}, 20_000);

function put(name: string): void {
  const { cert, key } = makeCertificate({ name, hosts: ['127.0.0.1'], by: authority });
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 });
}

async function nameShown(): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', ca: authority.cert });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.O);
}

it('lets nobody else on the machine read what it writes, whatever the umask it is started with', () => {
  const written = ['data', 'spool'].flatMap((name) =>
    readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, name, file)),
  );

  expect(written.some((file) => file.endsWith('.sqlite'))).toBe(true);
  expect(written.some((file) => file.endsWith('.sqlite-wal'))).toBe(true);
  const open = [...written, join(folder, 'data'), join(folder, 'spool')].filter((file) => statSync(file).mode & 0o077);
  expect(open).toEqual([]);
});

it('shows no secret in the list of processes, its environment, its log or its complaints', () => {
  const words = readFileSync(`/proc/${service.pid}/cmdline`, 'utf8');
  const variables = readFileSync(`/proc/${service.pid}/environ`, 'utf8');

  expect(words).toContain('serve');
  for (const text of [words, variables, JSON.stringify(log), complaints]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain('PRIVATE KEY');
  }
});

it('takes up a new certificate at SIGHUP', async () => {
  expect(await nameShown()).toBe('First');
  put('Second');

  service.kill('SIGHUP');

  await eventually(async () => expect(await nameShown()).toBe('Second'));
});
