import { expect, it } from 'vitest';
import { envelopeIn } from '../../../connectors/five9/soap/envelope.ts';
import { createSoapClient } from '../../../connectors/five9/soap/soap-client.ts';
import { startSoapStub } from './soap-stub.ts';

const envelope =
  '<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body><a/></env:Body></env:Envelope>';

it.each([
  ['as it is', envelope],
  ['with a prologue', `<?xml version="1.0"?>\n<!-- note -->${envelope}`],
  ['between parts', `--b\r\nContent-Type: text/xml\r\n\r\n${envelope}\r\n--b--`],
])('an envelope is found %s', (_where, body) => {
  expect(envelopeIn(body)).toBe(envelope);
});

it('an envelope without a prefix is one too', () => {
  expect(envelopeIn('<Envelope><Body><a/></Body></Envelope>')).toBe('<Envelope><Body><a/></Body></Envelope>');
});

const cutOff = {
  'an empty text': '',
  'a page': '<html>Please log in</html>',
  'an envelope without a body': envelope.replace('<env:Body><a/></env:Body>', ''),
  'an empty body': envelope.replace('<env:Body><a/></env:Body>', '<env:Body/>'),
  'an empty body in two tags': envelope.replace('<a/>', ' \n'),
};

it.each(Object.entries(cutOff))('%s does not say that there is no such contact', async (_what, body) => {
  const stub = await startSoapStub(() => ({ status: 200, body, isRaw: true }));
  const client = createSoapClient({ host: stub.url, version: 'v13', timeoutMs: 60_000 }, { user: 'a', password: 'b' });

  const asked = client.call('getContactRecords', { lookupCriteria: { criteria: [] } });

  await expect(asked).rejects.toMatchObject({ code: 'dialer_odd', retryable: true });
  await stub.stop();
});

it.each(['<', '<a>', '<a b="', '<Envelope ', '&'])(
  'a megabyte of %s in place of an answer holds up nobody else',
  async (part) => {
    const body = part.repeat(Math.ceil(1_000_000 / part.length));
    const stub = await startSoapStub(() => ({ status: 503, body, isRaw: true }));
    const client = createSoapClient(
      { host: stub.url, version: 'v13', timeoutMs: 60_000 },
      { user: 'a', password: 'b' },
    );
    const before = process.cpuUsage();

    await expect(client.call('getApiVersions', {})).rejects.toThrow('status 503');

    // The expression of the library takes minutes for it.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
    await stub.stop();
  },
);

it('a page in place of an answer is no success of an operation that gives nothing', async () => {
  const stub = await startSoapStub(() => ({ status: 200, body: '<html>Please log in</html>', isRaw: true }));
  const client = createSoapClient({ host: stub.url, version: 'v13', timeoutMs: 60_000 }, { user: 'a', password: 'b' });

  await expect(client.call('addNumbersToDnc', { numbers: ['3035550111'] })).rejects.toThrow('Five9 answered');
  await stub.stop();
});
