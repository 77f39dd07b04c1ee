import { expect, it } from 'vitest';
import { createOpenApi } from '../../../src/http/openapi.ts';

it('says how long the note of a control may be', () => {
  const { paths = {} } = createOpenApi({ publicUrl: 'https://patchbay.example.com', version: '0.0.0' });

  expect(paths['/v1/controls']?.put?.requestBody).toMatchObject({
    content: {
      'application/json': { schema: { properties: { note: { type: 'string', minLength: 1, maxLength: 180 } } } },
    },
  });
});
