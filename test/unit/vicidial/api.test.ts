import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../connectors/vicidial/api/api.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';

type Respond = (form: string) => { status: number; body: string } | 'never' | 'cut';

describe('createApi', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function serverThat(respond: Respond): Promise<{ url: string; forms: string[] }> {
    const forms: string[] = [];
    const server = createServer(async (request, response) => {
      let form = '';
      for await (const chunk of request) form += String(chunk);
      forms.push(form);
      const answer = respond(form);
      if (answer === 'cut') request.socket.destroy();
      else if (answer !== 'never') response.writeHead(answer.status).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return { url: `http://127.0.0.1:${port}/vicidial/non_agent_api.php`, forms };
  }

  const apiAt = (url: string, now = () => 0) =>
    createApi({ url, user: 'patchbay', pass: 'topSecret1', source: 'patchbay', timeoutMs: 300 }, { now });
  const errorOf = async (work: Promise<unknown>): Promise<ConnectorError> => {
    const thrown = await work.catch((error: unknown) => error);
    if (!(thrown instanceof ConnectorError)) throw new Error('it did not fail as it should');
    return thrown;
  };

  it('sends the log-in first, so that no custom field is the first parameter', async () => {
    const { url, forms } = await serverThat(() => ({ status: 200, body: '' }));

    await apiAt(url).call('update_lead', { ai_summary: 'a & b' });

    expect(forms).toEqual(['source=patchbay&user=patchbay&pass=topSecret1&function=update_lead&ai_summary=a+%26+b']);
  });

  it.each<[string, Respond, { code: string; inDoubt: boolean }]>([
    ['no answer in time', () => 'never', { code: 'dialer_away', inDoubt: true }],
    ['a connection that is cut', () => 'cut', { code: 'dialer_away', inDoubt: true }],
    ['a 500 with an empty body', () => ({ status: 500, body: '' }), { code: 'dialer_odd', inDoubt: true }],
    ['a page that is not there', () => ({ status: 404, body: 'topSecret1' }), { code: 'dialer_odd', inDoubt: false }],
    [
      'a wrong password',
      () => ({ status: 200, body: 'ERROR: Login incorrect, please try again: |patchbay|topSecret1|BAD|' }),
      { code: 'dialer_denied', inDoubt: false },
    ],
  ])('may be tried again after %s, and shows no password', async (_name, respond, expected) => {
    const { url } = await serverThat(respond);

    const error = await errorOf(apiAt(url).call('update_lead', { lead_id: '1001' }));

    expect(error).toMatchObject({ ...expected, retryable: true });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('topSecret1');
  });

  it('knows that nothing was sent when nobody listens', async () => {
    const error = await errorOf(apiAt('http://127.0.0.1:9/vicidial/non_agent_api.php').call('update_lead', {}));

    expect(error).toMatchObject({ code: 'dialer_away', inDoubt: false, retryable: true });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('topSecret1');
  });

  it('asks again only when the pause after a lock is over', async () => {
    let now = 0;
    const { url, forms } = await serverThat(() => ({
      status: 200,
      body: 'ERROR: Login incorrect, please try again: |patchbay|topSecret1|LOCK|',
    }));
    const api = apiAt(url, () => now);

    const first = await errorOf(api.call('update_lead', {}));
    now = 60_000;
    await errorOf(api.call('update_lead', {}));
    const whilePaused = forms.length;
    now = 900_001;
    await errorOf(api.call('update_lead', {}));

    expect(first.afterMs).toBe(900_000);
    expect([whilePaused, forms.length]).toEqual([1, 2]);
  });
});
