import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../connectors/vicidial/api/api.ts';
import { wordsOf } from '../../../connectors/vicidial/api/api-answer.ts';
import type { Memory } from '../../../connectors/vicidial/api/login-guard.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';

/** What outlives a restart. */
function noMemory(kept = { text: '' }): Memory {
  return {
    read: async () => kept.text,
    async write(text) {
      kept.text = text;
    },
  };
}

const refusedLogin = (why: string) => `ERROR: Login incorrect, please try again: |patchbay|topSecret1|${why}|`;
type Respond = (form: string) => { status: number; body: string } | 'never' | 'cut' | 'trickle';

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
      else if (answer === 'trickle') {
        const drip = setInterval(() => response.write(' '), 50);
        response.once('close', () => clearInterval(drip));
      } else if (answer !== 'never') response.writeHead(answer.status).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return { url: `http://127.0.0.1:${port}`, forms };
  }

  const settings = (url: string) => ({
    url: `${url}/vicidial/non_agent_api.php`,
    user: 'patchbay',
    pass: 'topSecret1',
    source: 'patchbay',
    timeoutMs: 300,
  });
  const apiAt = (url: string, now = () => 0, memory = noMemory(), who = 'me') =>
    createApi(settings(url), { clock: { now }, memory, who });
  const errorOf = async (work: Promise<unknown>): Promise<ConnectorError> => {
    const thrown = await work.catch((error: unknown) => error);
    if (!(thrown instanceof ConnectorError)) throw new Error('it did not fail as it should');
    return thrown;
  };

  it('sends nothing of a write-back whose claim ended while it waited for its turn', async () => {
    let isOurs = true;
    // Nobody knows the log-in yet, so one request goes alone and the others wait for it.
    const { url, forms } = await serverThat(() => {
      isOurs = false;
      return { status: 200, body: 'SUCCESS: update_lead LEAD HAS BEEN UPDATED - patchbay|7|1|||' };
    });
    const api = apiAt(url).under({ isOurs: () => isOurs });

    const [first, second] = await Promise.all([
      api.call('update_lead', { lead_id: '7' }),
      errorOf(api.call('update_lead', { lead_id: '8' })),
    ]);

    expect([first.kind, second.code, second.retryable, second.inDoubt]).toEqual(['lines', 'store_away', true, false]);
    expect(forms).toHaveLength(1);
  });

  it('sends the log-in first, so that no custom field is the first parameter', async () => {
    const { url, forms } = await serverThat(() => ({ status: 200, body: '' }));

    await apiAt(url).call('update_lead', { ai_summary: 'a & b' });

    expect(forms).toEqual(['source=patchbay&user=patchbay&pass=topSecret1&function=update_lead&ai_summary=a+%26+b']);
  });

  it.each<[string, Respond, { code: string; inDoubt: boolean; isGarbled?: boolean }]>([
    ['no answer in time', () => 'never', { code: 'dialer_away', inDoubt: true }],
    ['an answer that trickles on', () => 'trickle', { code: 'dialer_away', inDoubt: true }],
    ['a connection that is cut', () => 'cut', { code: 'dialer_away', inDoubt: true }],
    [
      'a 500 with an empty body',
      () => ({ status: 500, body: '' }),
      { code: 'dialer_odd', inDoubt: true, isGarbled: true },
    ],
    [
      'an answer without end',
      () => ({ status: 200, body: 'x'.repeat(5_000_000) }),
      { code: 'dialer_away', inDoubt: true },
    ],
    [
      'a page that is not there',
      () => ({ status: 404, body: 'topSecret1' }),
      { code: 'dialer_odd', inDoubt: false, isGarbled: false },
    ],
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

  it.each(['', '\n', '<br />\n<b>Warning</b>: odd in api.php\n'])(
    'shows no password of a refusal in words of another release, after %j',
    async (before) => {
      const { url } = await serverThat(() => ({
        status: 200,
        body: `${before}ERROR: No log-in for patchbay topSecret1`,
      }));

      const answer = await apiAt(url).call('update_lead', {});

      expect(inspect([answer, wordsOf(answer)], { depth: 20 })).not.toContain('topSecret1');
    },
  );

  it('knows that nothing was sent when nobody listens', async () => {
    const error = await errorOf(apiAt('http://127.0.0.1:9').call('update_lead', {}));

    expect(error).toMatchObject({ code: 'dialer_away', inDoubt: false, retryable: true });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('topSecret1');
  });

  it.each(['LOCK', 'BAD'])('after %s asks no more for longer than a lock lasts', async (why) => {
    let now = 0;
    const { url, forms } = await serverThat(() => ({ status: 200, body: refusedLogin(why) }));
    const api = apiAt(url, () => now);

    const first = await errorOf(api.call('update_lead', {}));
    now = 15 * 60_000;
    await errorOf(api.call('update_lead', {}));
    const whilePaused = forms.length;
    now = 16 * 60_000;
    await errorOf(api.call('update_lead', {}));

    expect(first.afterMs).toBe(16 * 60_000);
    expect([whilePaused, forms.length]).toEqual([1, 2]);
  });

  it('tries a wrong password once, however many ask at once', async () => {
    const { url, forms } = await serverThat(() => ({ status: 200, body: refusedLogin('BAD') }));
    const api = apiAt(url);

    const errors = await Promise.all(Array.from({ length: 20 }, () => errorOf(api.call('update_lead', {}))));

    expect(forms).toHaveLength(1);
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['dialer_denied']));
  });

  it('burns fewer than ten tries when the password is changed over there in full work', async () => {
    let isChanged = false;
    const { url, forms } = await serverThat(() => ({
      status: 200,
      body: isChanged ? refusedLogin('BAD') : 'SUCCESS: update_lead LEAD HAS BEEN UPDATED - p|1|1|||',
    }));
    const api = apiAt(url);
    await api.call('update_lead', {});
    isChanged = true;
    const before = forms.length;

    await Promise.all(Array.from({ length: 40 }, () => errorOf(api.call('update_lead', {}))));

    expect(forms.length - before).toBeLessThan(10);
  });

  it('keeps the pause over a restart, and gives a new password its try', async () => {
    const kept = { text: '' };
    const { url, forms } = await serverThat(() => ({ status: 200, body: refusedLogin('BAD') }));
    for (let start = 0; start < 12; start += 1) {
      await errorOf(apiAt(url, () => start * 5000, noMemory(kept)).call('update_lead', {}));
    }
    const asked = forms.length;

    await errorOf(apiAt(url, () => 70_000, noMemory(kept), 'me with another password').call('update_lead', {}));

    expect([asked, forms.length]).toEqual([1, 2]);
    expect(kept.text).not.toContain('topSecret1');
  });

  it('waits for no memory that does not answer', async () => {
    const { url } = await serverThat(() => ({ status: 200, body: '' }));
    const memory: Memory = { read: () => new Promise(() => undefined), write: async () => undefined };

    expect(await apiAt(url, () => 0, memory).call('update_lead', {})).toEqual({ kind: 'empty' });
  });

  it('lets a server that does not answer cost one time-out, not one for each who asks', async () => {
    const { url, forms } = await serverThat(() => 'never');
    const api = apiAt(url);

    const errors = await Promise.all(Array.from({ length: 5 }, () => errorOf(api.call('update_lead', {}))));

    expect(forms).toHaveLength(1);
    expect(errors.map(({ inDoubt }) => inDoubt)).toEqual([true, false, false, false, false]);
  });

  it('goes on writing when only the Agent API refuses the user', async () => {
    const { url } = await serverThat((form) => ({
      status: 200,
      body: form.includes('ra_call_control') ? 'ERROR: Invalid Username/Password: |patchbay|topSecret1|BAD|' : '',
    }));
    const api = apiAt(url);

    await errorOf(api.callAgent('ra_call_control', {}));

    expect(await api.call('update_lead', {})).toEqual({ kind: 'empty' });
  });

  it.each([
    [
      'ERROR: auth USER DOES NOT HAVE PERMISSION TO USE THIS FUNCTION: |patchbay|update_lead|',
      'Add update_lead to the API user\'s "API allowed functions" (api_allowed_functions).',
    ],
    [
      'ERROR: update_lead USER DOES NOT HAVE PERMISSION TO UPDATE LEADS: |patchbay|0|',
      'Give the API user level 8 and Agent API Access 1 (vdc_agent_api_access), Modify Leads 1 (modify_leads).',
    ],
    [
      'ERROR: Your IP Address is not allowed: 10.0.0.1',
      'Add the address of this server to the API IP list (api_ip_list) of the API user’s user group.',
    ],
    [
      'ERROR: Invalid Source - x\nERROR: Invalid Source - x',
      'Change api.source: VICIdial takes 2 to 20 letters and digits.',
    ],
    ['ERROR: System API NOT ACTIVE', 'Switch the Agent API on: System Settings, Agent API Active.'],
  ])('names the right that is missing: %s', async (body, hint) => {
    const { url } = await serverThat(() => ({ status: 200, body }));

    const error = await errorOf(apiAt(url).call('update_lead', {}));

    expect(error).toMatchObject({ code: 'dialer_denied', retryable: true, hint });
  });

  it.each([
    refusedLogin('BAD'),
    refusedLogin('LOCK'),
    'ERROR: Invalid Username/Password: |patchbay|topSecret1|BAD|',
    "ERROR: Invalid Username/Password: |patchbay|topSecret1|SELECT count(*) from vicidial_users where user='patchbay' and pass='topSecret1'|",
    'ERROR: Too many login attempts: |patchbay|topSecret1|LOCK|',
    'ERROR: Access refused in words that nobody knows: |patchbay|topSecret1|',
    'ERROR: topSecret1 is not the password of patchbay',
    'ERROR: auth USER DOES NOT HAVE PERMISSION TO USE THIS FUNCTION: |patchbay|topSecret1|',
    '<br />\n<b>Warning</b>: bad login patchbay topSecret1',
    "MySQL ERROR: SELECT pass FROM vicidial_users WHERE pass='topSecret1'",
  ])('shows the password of %s nowhere', async (body) => {
    const kept = { text: '' };
    const { url } = await serverThat(() => ({ status: 200, body }));
    const api = apiAt(url, () => 0, noMemory(kept));

    const seen = [
      await api.call('update_lead', {}).catch((error: unknown) => error),
      await api.callAgent('ra_call_control', {}).catch((error: unknown) => error),
    ];

    expect(inspect([seen, kept], { depth: 20, showHidden: true })).not.toContain('topSecret1');
  });
});
