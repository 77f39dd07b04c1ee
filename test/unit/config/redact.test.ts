import { expect, it } from 'vitest';
import { redact } from '../../../config/redact.ts';
import { configSchema } from '../../../config/schema.ts';
import { madeUpConnectors } from './made-up-connectors.ts';

it('hides every marked secret, in records, lists and unions, and nothing else', () => {
  const schema = configSchema(madeUpConnectors);
  const config = {
    secret: 'key of the hashes',
    store: { kind: 'mysql', host: 'db', password: 'of the database' },
    clients: { script: { keys: ['ab'], may: ['dialer'] } },
    dialers: { acme: { type: 'acme', soap: { users: [{ user: 'api', password: 'of the api' }] } } },
    platforms: {
      oracle: { type: 'oracle', token: 'of the events', signature: { preset: 'hmac', key: 'of the hook' } },
    },
  };

  const redacted = redact(config, schema);

  expect(redacted).toEqual({
    secret: '•••',
    store: { kind: 'mysql', host: 'db', password: '•••' },
    clients: { script: { keys: ['•••'], may: ['dialer'] } },
    dialers: { acme: { type: 'acme', soap: { users: [{ user: 'api', password: '•••' }] } } },
    platforms: { oracle: { type: 'oracle', token: '•••', signature: { preset: 'hmac', key: '•••' } } },
  });
});

it('hides by name where the type of a connector is not known', () => {
  const redacted = redact(
    { dialers: { odd: { type: 'odd', password: 'x', host: 'y' } } },
    configSchema(madeUpConnectors),
  );

  expect(redacted).toEqual({ dialers: { odd: { type: 'odd', password: '•••', host: 'y' } } });
});
