import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, it } from 'vitest';
import { plainRequest } from '../../../src/http/plain-request.ts';

it('shows every value of a doubled header, also of those of which only the first counts elsewhere', async () => {
  const app = express();
  app.post('/:place', express.raw({ type: () => true }), (request, response) => {
    const { headers, params, body } = plainRequest(request);
    response.json({ headers, params, body: body.toString() });
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');

  try {
    const sent = httpRequest({ port: (server.address() as AddressInfo).port, method: 'POST', path: '/here' });
    sent.setHeader('x-signature', ['one', 'two']);
    sent.setHeader('authorization', ['one', 'two']);
    sent.setHeader('user-agent', ['one', 'two']);
    sent.end('{}');
    const [response] = await once(sent, 'response');
    const [text] = await once(response, 'data');

    expect(JSON.parse(String(text))).toMatchObject({
      headers: { 'x-signature': 'one, two', authorization: 'one, two', 'user-agent': 'one, two' },
      params: { place: 'here' },
      body: '{}',
    });
  } finally {
    server.close();
  }
});
