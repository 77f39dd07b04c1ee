import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../config/load.ts';
import { madeUpConnectors } from './made-up-connectors.ts';

const oidc = `issuer: https://login.example.com, clientId: patchbay, clientSecret: hush-hush`;
const user = `users: { ada: { passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA', role: admin } }`;

async function check(section: string, server = '') {
  const text = `secret: ${'k'.repeat(20)}\nserver: { ${server} }\nconsole: { ${section} }\n`;
  const loaded = await checkConfig({ file: 'patchbay.yaml', text, env: {}, registry: madeUpConnectors });
  return loaded.kind === 'ok' ? { faults: [], warnings: loaded.warnings } : { faults: loaded.faults, warnings: [] };
}

describe('the configuration of the console', () => {
  it.each([
    ['nobody has a role', `oidc: { ${oidc} }`, 'console.oidc.roles'],
    [
      'the issuer is not encrypted',
      `oidc: { ${oidc.replace('https', 'http')}, roles: { a: viewer } }`,
      'console.oidc.issuer',
    ],
    ['no identity is asked for', `oidc: { ${oidc}, scopes: email, roles: { a: viewer } }`, 'console.oidc.scopes'],
    ['a name is none', `users: { 'Ada L': { passwordHash: $argon2id$x, role: admin } }`, 'console.users'],
    [
      'a password stands there',
      `users: { ada: { passwordHash: swordfish, role: admin } }`,
      'console.users.ada.passwordHash',
    ],
    ['a role is none', `users: { ada: { passwordHash: $argon2id$x, role: queen } }`, 'console.users.ada.role'],
  ])('has a fault where %s', async (_what, section, path) => {
    const { faults } = await check(section);

    expect(faults.map((fault) => fault.path)).toEqual([expect.stringContaining(path)]);
    expect(faults[0]?.fix).not.toBe('');
  });

  it('has none with an unencrypted provider on this machine, for trying', async () => {
    const local = oidc.replace('https://login.example.com', 'http://127.0.0.1:9000');
    expect((await check(`oidc: { ${local}, roles: { a: viewer } }`)).faults).toEqual([]);
  });

  it.each([
    ['publicUrl: http://patchbay.example.com', 1],
    ['publicUrl: https://patchbay.example.com', 0],
    ['publicUrl: http://localhost:8080', 0],
    ['port: 8080', 0],
  ])('warns of passwords that travel open: %s', async (server, count) => {
    const { warnings } = await check(user, server);
    expect(warnings.filter((warning) => /^console: passwords/.test(warning))).toHaveLength(count);
  });

  it.each([
    ['publicUrl: https://patchbay.example.com', 1],
    ['publicUrl: https://patchbay.example.com, trustedProxies: [loopback]', 0],
    ['publicUrl: http://localhost:8080', 0],
  ])('warns where wrong passwords of one lock everybody: %s', async (server, count) => {
    const { warnings } = await check(user, server);
    expect(warnings.filter((warning) => /^server\.trustedProxies/.test(warning))).toHaveLength(count);
  });
});
