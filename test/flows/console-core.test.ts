import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { form } from '../../src/console/form.ts';
import { html } from '../../src/console/html.ts';
import type { Room } from '../../src/console/page.ts';
import { ConnectorError } from '../../src/domain/errors.ts';
import { openConsole } from '../support/console-site.ts';
import { startTestApp, type TestApp } from '../support/start-app.ts';

const stored = '<img src=x onerror=alert(1)>\r\nSet-Cookie: a=b';

/** A house of one room, in which everything can go wrong. */
const room: Room = {
  nav: {
    title: 'Workshop',
    path: 'workshop',
    badge: () => Promise.resolve({ count: 7, words: 'tools are dull', tone: 'bad' }),
  },
  pages: [
    {
      path: 'workshop',
      least: 'viewer',
      live: { everyMs: 1000 },
      render: async ({ query }) => ({
        title: 'Workshop',
        body: html`<p>${query.text ?? 'Come in'}</p>${form('workshop', 'x')}`,
      }),
    },
    { path: 'workshop/:thing', least: 'viewer', render: async () => null },
    { path: 'moved', least: 'viewer', render: async () => ({ title: '', body: html``, see: 'workshop?text=here' }) },
    { path: 'office', least: 'admin', render: async () => ({ title: 'Office', body: html`<p>Papers</p>` }) },
    {
      path: 'away',
      least: 'viewer',
      render: async () => {
        throw new ConnectorError('store_away', 'the store did not answer: made up', { retryable: true });
      },
    },
    {
      path: 'broken',
      least: 'viewer',
      render: async () => {
        throw new Error('a secret reason');
      },
    },
  ],
  actions: [
    {
      path: 'workshop',
      least: 'operator',
      run: async ({ form: { text = [''] } }) => ({
        kind: 'see',
        path: 'workshop',
        notice: text[0] ?? '',
        tone: 'warn',
      }),
    },
  ],
  downloads: [
    {
      path: 'list.csv',
      least: 'viewer',
      send: async () => ({ contentType: 'text/csv', fileName: 'a"b\r\nc.csv', body: lines() }),
    },
  ],
};

async function* lines() {
  yield 'a,b\r\n';
  yield '1,2\r\n';
}

let site: TestApp;
let server: Server;
let base: string;

beforeAll(async () => {
  site = await startTestApp();
  server = openConsole(site.app.deps, {
    rooms: [room],
    settings: { publicUrl: 'https://patchbay.example.com' },
  }).listen(0);
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await site.stop();
});

describe('a page', () => {
  it('has its title, its door open, and what waits behind it', async () => {
    const { text } = await request(base).get('/console/workshop').expect(200);

    expect(text).toContain('<title>Workshop · Patchbay</title>');
    expect(text).toMatch(/<a href="\/console\/workshop" aria-current="page">Workshop<span class="nav-count bad">7/);
    expect(text).toContain('data-live-url="/console/live?page=%2Fconsole%2Fworkshop"');
    expect(text.match(/<h1>/g)).toHaveLength(1);
  });

  it('puts the token of the session into its forms', async () => {
    const { text } = await request(base).get('/console/workshop');

    expect(text).toContain('name="form_token" value="token"');
    expect(text).not.toContain('form-token-');
  });

  it('may do nothing in a browser that does not come from here, and is not kept', async () => {
    const { headers } = await request(base).get('/console/workshop');

    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['strict-transport-security']).toContain('max-age');
  });

  it('answers HEAD', async () => {
    const { text } = await request(base).head('/console/workshop').expect(200);

    expect(text).toBeUndefined();
  });

  it('that is another one sends there', async () => {
    await request(base).get('/console/moved').expect(303).expect('location', '/console/workshop?text=here');
  });

  it.each(['workshop/hammer', 'nothing/here', 'assets/0/nothing.css', 'workshop/%E0%A4%A'])(
    'that does not exist says so: %s',
    async (path) => {
      const { text, status } = await request(base).get(`/console/${path}`);

      expect([400, 404]).toContain(status);
      expect(text).toContain('Patchbay</title>');
    },
  );

  it('for more than a role may is refused by name', async () => {
    const { text } = await request(base).get('/console/office').expect(403);

    expect(text).toContain('the role admin');
    expect(text).not.toContain('Papers');
    await request(base).get('/console/office').set('x-role', 'admin').expect(200);
  });

  it('tells of a store that is away, and that calls go on', async () => {
    const { text } = await request(base).get('/console/away').expect(503);

    expect(text).toContain('The store does not answer');
    expect(text).toContain('Live calls go on');
  });

  it('that fails gives a number that is in the log, and no reason', async () => {
    const { text } = await request(base).get('/console/broken').expect(500);

    const [, number] = /<code>([0-9a-f]{10})<\/code>/.exec(text) ?? [];
    expect(text).not.toContain('a secret reason');
    expect(site.log.find(({ faultId }) => faultId === number)).toMatchObject({ msg: 'a page failed inside' });
  });
});

describe('a notice', () => {
  it('is shown once, to the session that it is for', async () => {
    const browser = request.agent(base);
    const { headers } = await browser.post('/console/workshop').type('form').send({ text: stored }).expect(303);
    const [cookie = ''] = headers['set-cookie'] as unknown as string[];

    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('Secure');
    const again = cookie.split(';')[0] ?? '';
    const shown = await request(base).get('/console/workshop').set('cookie', again);
    const cleared = (shown.headers['set-cookie'] as unknown as string[]).join();
    const foreign = await request(base).get('/console/workshop').set('cookie', again).set('x-role', 'viewer');
    const changed = await request(base).get('/console/workshop').set('cookie', again.replace('=', '=W'));

    expect(shown.text).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(cleared).toContain('patchbay-notice=;');
    expect(foreign.text).not.toContain('onerror');
    expect(changed.text).not.toContain('onerror');
  });
});

describe('an asset', () => {
  it('is found by an address that changes with it, and kept for long', async () => {
    const { text } = await request(base).get('/console/workshop');
    const [style = ''] = /\/console\/assets\/[0-9a-f]{12}\/style\.css/.exec(text) ?? [];

    const { headers } = await request(base).get(style).expect(200);
    expect(headers['content-type']).toContain('text/css');
    expect(headers['cache-control']).toContain('immutable');
    for (const name of ['live.js', 'idiomorph.js', 'favicon.svg']) {
      await request(base).get(style.replace('style.css', name)).expect(200);
    }
    const old = await request(base).get('/console/assets/000000000000/style.css').expect(200);
    expect(old.headers['cache-control']).toBe('no-cache');
  });

  it.each([
    '..%2f..%2fpackage.json',
    '../create-console.ts',
    '%2e%2e/%2e%2e/form.ts',
    'style.css%00.js',
    '/etc/passwd',
  ])('is nothing but what is on the list: %s', async (name) => {
    const response = await fetch(`${base}/console/assets/0/${name}`);

    expect([400, 404]).toContain(response.status);
    expect(await response.text()).toContain('Patchbay</title>');
  });
});

describe('the colours', () => {
  it('are chosen without a script, and hold', async () => {
    const browser = request.agent(base);
    const theme = { theme: 'dark', back: '/console/workshop?text=a' };
    const { headers } = await browser.post('/console/theme').type('form').send(theme).expect(303);

    const [cookie = ''] = headers['set-cookie'] as unknown as string[];
    const { text } = await request(base)
      .get('/console/workshop')
      .set('cookie', cookie.split(';')[0] ?? '');

    expect(headers.location).toBe('/console/workshop?text=a');
    expect(text).toContain('<html lang="en" data-theme="dark">');
  });

  it.each([
    'https://example.com/console',
    '//example.com',
    '/console/../log-out',
    '/console/..//example.com',
    '/consolation',
    '/console\\@example.com',
    '/console/\r\nx: y',
  ])('never lead elsewhere: %s', async (back) => {
    await request(base)
      .post('/console/theme')
      .type('form')
      .send({ theme: 'light', back })
      .expect(303)
      .expect('location', '/console');
  });
});

it('hands out a file as it is made, under a name that stays within its header', async () => {
  const { headers, text } = await request(base).get('/console/list.csv').expect(200);

  expect(text).toBe('a,b\r\n1,2\r\n');
  expect(headers['content-disposition']).toMatch(/^attachment; filename="/);
  expect(headers['content-type']).toContain('text/csv');
});
