import { describe, expect, it } from 'vitest';
import type { PlainRequest } from '../../../src/domain/connector.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import type { Desired } from '../../../src/domain/write-back.ts';
import { rowOf, sale } from './cast.ts';
import { answerXml } from './soap-stub.ts';
import { dialledList, lunch, start, stopAfterEach, withKey } from './start-dialer.ts';

stopAfterEach();

const token = 'a-token-that-nobody-can-guess';
const identifier = '0A1B2C3D4E5F';
const summary: Desired = { aspect: 'fields', fields: { ai_summary: 'Wants a quote' } };

/** The connector with an import of contact fields under way. */
async function startImport(callback: object = { token }) {
  const settled: string[] = [];
  const started = await start(
    (operation) => ({
      body: answerXml(operation, dialledList(operation) ?? `<return><identifier>${identifier}</identifier></return>`),
    }),
    { imports: { callback }, batch: { singlesUpTo: 0 }, callbackList: 'AI callbacks' },
    { settleSoon: async (receipt) => void settled.push(receipt) },
  );
  const rows = ['1', '2'].map((key) => withKey(rowOf(key, summary), key));
  const answers = await started.dialer.deliver(rows);
  return { ...started, answers, settled };
}

function call(dialer: Dialer, body: string, given = token) {
  const request: PlainRequest = {
    method: 'POST',
    params: { token: given },
    query: {},
    headers: {},
    body: Buffer.from(body),
  };
  const [route] = dialer.routes ?? [];
  if (!route) throw new Error('there is no route');
  return route.handle(request);
}

describe('the completion callback of imports', () => {
  it.each([
    ['JSON', `{"result":{"importIdentifier":"${identifier}"}}`],
    ['XML', `<importResult><importIdentifier>${identifier}</importIdentifier></importResult>`],
    ['a form', `format=JSON&identifier=${identifier}`],
  ])('brings the look at its import forward, wherever %s names it', async (_name, body) => {
    const { dialer, settled } = await startImport();

    const answer = await call(dialer, body);

    expect(answer.status).toBe(200);
    expect(settled).toEqual([`crm:${identifier}:2`]);
  });

  it('does nothing for an import that we do not wait for, and none of its own accord with a wrong token', async () => {
    const { dialer, settled } = await startImport();

    const stranger = await call(dialer, '{"importIdentifier":"FFFF"}');
    const forged = await call(dialer, `{"importIdentifier":"${identifier}"}`, 'a-token-that-somebody-guessed');

    expect([stranger.status, forged.status]).toEqual([200, 404]);
    expect(settled).toEqual([]);
  });

  it('is asked for where Five9 offers it, and not with dispositions', async () => {
    const { dialer, stub } = await startImport({ token, authProfile: 'Patchbay' });

    await dialer.deliver([withKey(rowOf('a', lunch))]);
    await dialer.deliver([withKey(rowOf('b', sale))]);

    const wanted =
      '<callbackAuthProfileName>Patchbay</callbackAuthProfileName><callbackFormat>JSON</callbackFormat>' +
      `<callbackUrl>https://patchbay.example.com/v1/dialers/five9/imports/${token}</callbackUrl>`;
    const asks = stub.requests
      .filter(({ operation }) => operation.startsWith('async'))
      .map(({ operation, xml }) => [operation, xml.includes(wanted), xml.includes('callbackUrl')]);
    expect(asks).toEqual([
      ['asyncUpdateCrmRecords', true, true],
      ['asyncAddRecordsToList', true, true],
      ['asyncUpdateCampaignDispositions', false, false],
    ]);
  });

  it('is waited for a minute before the import is asked about', async () => {
    const { answers, clock } = await startImport();

    const answer = answers.get('1');

    const waits = answer?.kind === 'submitted' && answer.at ? Date.parse(answer.at) - clock.now() : 0;
    expect(waits).toBe(60_000);
  });

  it('takes an API key in the place of the token when a profile carries it', async () => {
    const { dialer } = await startImport({ authProfile: 'Patchbay' });

    expect(dialer.routes?.map(({ path, access }) => [path, access])).toEqual([['imports', 'client']]);
  });

  it('is off by default', async () => {
    const { dialer } = await start((operation) => ({ body: answerXml(operation, '') }));

    expect(dialer.routes).toEqual([]);
  });
});
