import { createHash, randomBytes } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { roles } from '../../src/domain/roles.ts';
import type { DemoSecrets, DemoUser } from './patchbay-config.ts';

/** Keys and passwords of one demo alone. */
export function makeSecrets(): DemoSecrets {
  const secret = () => randomBytes(24).toString('hex');
  return {
    five9Key: secret(),
    asteriskKey: secret(),
    toolsKey: secret(),
    operatorKey: secret(),
    eventToken: secret(),
    webhookSecret: secret(),
    soapPassword: secret(),
    apiPassword: randomBytes(9).toString('hex'),
    platformKey: secret(),
  };
}

/** One user of each role, with passwords of this demo alone. */
export function makeUsers(): Promise<DemoUser[]> {
  return Promise.all(
    roles.map(async (role) => {
      const password = randomBytes(9).toString('base64url');
      return { name: role, role, password, passwordHash: await hash(password) };
    }),
  );
}

/** What the configuration holds of keys that others send. */
export function hashesOf(secrets: DemoSecrets): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [name, createHash('sha256').update(String(value)).digest('hex')]),
  );
}
