import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { auditProject } from '../../supply/audit-project.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-audit-'));
let registry: Server;
let env: Record<string, string>;
/** What the registry knows; null: it answers no such question. */
let known: Record<string, object[]> | null = {};
let asked: string[] = [];

const lock = {
  name: 'a-project',
  version: '1.0.0',
  lockfileVersion: 3,
  packages: {
    '': { name: 'a-project', version: '1.0.0', dependencies: { spindle: '^1.0.0' } },
    'node_modules/spindle': { version: '1.0.0', integrity: 'sha512-AAAA', license: 'MIT' },
  },
};

beforeAll(async () => {
  const { packages, ...manifest } = lock;
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, ...packages[''] }));
  registry = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'application/json');
    if (request.url === '/spindle') {
      const version = (text: string) => ({ name: 'spindle', version: text, dist: { tarball: 'http://127.0.0.1:1/x' } });
      const versions = { '1.0.0': version('1.0.0'), '1.0.1': version('1.0.1') };
      return void response.end(JSON.stringify({ name: 'spindle', 'dist-tags': { latest: '1.0.1' }, versions }));
    }
    if (known === null) return void response.writeHead(405).end('{"error":"no"}');
    response.end(JSON.stringify(known));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => registry.once('listening', resolve));
  const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
  env = { npm_config_registry: url, npm_config_cache: join(folder, 'cache'), npm_config_fetch_retries: '0' };
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  registry.close();
  rmSync(folder, { recursive: true, force: true });
});

function flaw(severity: string): Record<string, object[]> {
  const url = 'https://example.com/advisory-1';
  return {
    spindle: [
      { id: severity.length, url, title: 'It unwinds', severity, vulnerable_versions: '<1.0.1', cwe: [], cvss: {} },
    ],
  };
}

it('finds what is of high severity, and says what and where', async () => {
  known = flaw('high');

  const { kind, lines } = await auditProject(folder, env);

  expect(kind).toBe('found');
  expect(lines).toEqual(['high: spindle 1.0.0: It unwinds https://example.com/advisory-1 (a fix is there)']);
});

it('tells of what is of low severity, and lets it pass', async () => {
  known = flaw('low');

  const { kind, lines } = await auditProject(folder, env);

  expect([kind, lines.length]).toEqual(['clean', 1]);
});

it('says that it is not available where the registry answers no such question, and not that all is well', async () => {
  known = null;

  const { kind, lines } = await auditProject(folder, env);

  expect(kind).toBe('not available');
  expect(lines.join()).toContain('405');
  expect(asked).toContain('POST /-/npm/v1/security/advisories/bulk');
});
