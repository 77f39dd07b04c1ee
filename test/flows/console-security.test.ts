import { request as plainRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { html } from '../../src/console/html.ts';
import type { Room } from '../../src/console/page.ts';
import { rooms } from '../../src/console/rooms.ts';
import { isAtLeast, type Role, roles } from '../../src/domain/roles.ts';
import type { Answer, Browser } from '../support/cookie-browser.ts';
import { type GuardedConsole, startGuardedConsole, userOf, users } from '../support/guarded-console.ts';
import { plantEverywhere } from '../support/planted-pages.ts';
import { type OpenDeps, openDeps } from '../unit/flows/open-deps.ts';

let open: OpenDeps;
/** Every page and action of the console, which only write down that they were reached. */
let shell: GuardedConsole;
let site: GuardedConsole;
let reached: string[] = [];
const inShell = new Map<Role, Browser>();
const inSite = new Map<Role, Browser>();

const breaks = 'a\r\nx-evil: 1\r\n\r\n<script>pwned()</script>';

/** What a careless room could do with what it was given. */
const careless: Room = {
  pages: [],
  actions: [
    { path: 'careless/notice', least: 'viewer', run: async () => ({ kind: 'see', path: '', notice: breaks }) },
    { path: 'careless/path', least: 'viewer', run: async () => ({ kind: 'see', path: `calls?text=${breaks}` }) },
  ],
  downloads: [
    {
      path: 'careless.csv',
      least: 'viewer',
      send: async () => ({ contentType: 'text/csv', fileName: `${breaks}".csv`, body: 'a,b' }),
    },
  ],
};

const shellRooms: readonly Room[] = [
  ...rooms.map((room) => ({
    pages: room.pages.map(({ path, least }) => ({
      path,
      least,
      async render() {
        reached.push(`page ${path}`);
        return { title: 'Reached', body: html`<p>reached</p>` };
      },
    })),
    actions: (room.actions ?? []).map(({ path, least }) => ({
      path,
      least,
      async run() {
        reached.push(`action ${path}`);
        return { kind: 'see' as const, path: '' };
      },
    })),
    downloads: (room.downloads ?? []).map(({ path, least }) => ({
      path,
      least,
      async send() {
        reached.push(`download ${path}`);
        return { contentType: 'text/plain', fileName: 'a.txt', body: 'a' };
      },
    })),
  })),
  careless,
];

const doors = rooms.flatMap(({ pages, actions = [], downloads = [] }) => [
  ...pages.map(({ path, least }) => ({ kind: 'page', path, least })),
  ...actions.map(({ path, least }) => ({ kind: 'action', path, least })),
  ...downloads.map(({ path, least }) => ({ kind: 'download', path, least })),
]);
const actions = doors.filter(({ kind }) => kind === 'action');
const urlOf = (path: string) => `/console/${path.replace(/:\w+/g, 'x')}`;

beforeAll(async () => {
  open = await openDeps();
  shell = await startGuardedConsole(open.deps, { rooms: shellRooms });
  site = await startGuardedConsole(open.deps);
  await plantEverywhere(open);
  for (const role of roles) {
    inShell.set(role, await shell.loggedIn(userOf[role]));
    inSite.set(role, await site.loggedIn(userOf[role]));
  }
});
afterAll(async () => {
  await Promise.all([shell.stop(), site.stop()]);
  await open.close();
});

function browserOf(role: Role, of: Map<Role, Browser> = inShell): Browser {
  const browser = of.get(role);
  if (!browser) throw new Error(`nobody is logged in as ${role}`);
  return browser;
}

async function knock(browser: Browser, { kind, path }: { kind: string; path: string }, token = ''): Promise<Answer> {
  reached = [];
  return kind === 'action' ? browser.post(urlOf(path), { form_token: token }) : browser.get(urlOf(path));
}

describe('a role', () => {
  it.each(doors)('opens the $kind /$path only when it is at least $least', async (door) => {
    for (const role of roles) {
      const browser = browserOf(role);
      const answer = await knock(browser, door, await browser.tokenOn('/console'));

      const isLetIn = isAtLeast(role, door.least);
      expect([role, reached]).toEqual([role, isLetIn ? [`${door.kind} ${door.path}`] : []]);
      if (!isLetIn) expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('Not allowed')]);
    }
  });

  it.each(doors)('is needed for the $kind /$path', async (door) => {
    const answer = await knock(shell.browser(), door);

    expect([answer.status, reached]).toEqual([303, []]);
    expect(answer.location).toMatch(/^\/console\/log-in/);
  });

  it('of a viewer does nothing but end their own sessions', () => {
    expect(actions.filter(({ least }) => least === 'viewer').map(({ path }) => path)).toEqual(
      expect.arrayContaining(['sessions/end']),
    );
    for (const { path } of actions.filter(({ least }) => least === 'viewer')) {
      expect(['sessions/end', 'leads/by-key']).toContain(path);
    }
  });
});

describe('an action', () => {
  it.each(actions)('/$path runs only by a form of our own page in this session', async ({ path }) => {
    const [admin, other] = [browserOf('admin'), browserOf('operator')];
    const [token, foreignToken] = [await admin.tokenOn('/console'), await other.tokenOn('/console')];
    const url = urlOf(path);
    const sent = async (fields: Record<string, string>, headers: Record<string, string> = {}) => {
      reached = [];
      const { status } = await admin.post(url, fields, headers);
      return [status, reached];
    };
    const refused = [403, []];

    expect(await sent({})).toEqual(refused);
    expect(await sent({ form_token: '' })).toEqual(refused);
    expect(await sent({ form_token: foreignToken })).toEqual(refused);
    expect(await sent({ form_token: `${token.slice(0, -1)}~` })).toEqual(refused);
    for (const site of ['cross-site', 'same-site', 'none'])
      expect(await sent({ form_token: token }, { 'sec-fetch-site': site })).toEqual(refused);
    expect((await bySite(admin, url, token, 'https://evil.example'))[1]).toEqual([]);
    expect((await bySite(admin, url, token, 'null'))[1]).toEqual([]);
    expect(await bySite(admin, url, token, shell.url)).toEqual([303, [`action ${path}`]]);
    expect(await sent({ form_token: token }, { 'content-type': 'text/plain' })).toEqual(refused);
    expect(await sent({ form_token: token }, { 'content-type': 'application/json' })).toEqual(refused);
    reached = [];
    await admin.get(`${url}?form_token=${token}`);
    expect(reached.filter((each) => each.startsWith('action'))).toEqual([]);
    expect(await sent({ form_token: token })).toEqual([303, [`action ${path}`]]);
  });
});

/** As browsers send it that know no Sec-Fetch-Site. */
async function bySite(browser: Browser, url: string, token: string, origin: string): Promise<[number, string[]]> {
  reached = [];
  const { status } = await rawRequest(shell.url, url, {
    method: 'POST',
    headers: { origin, cookie: cookieOf(browser), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ form_token: token }).toString(),
  });
  return [status, reached];
}

describe('the log-in', () => {
  it('takes no form of another site', async () => {
    const browser = shell.browser();
    const token = await browser.tokenOn('/console/log-in');
    const good = { form_token: token, name: 'ada', password: users.ada.password };

    expect((await browser.post('/console/log-in', { ...good, form_token: '' })).status).toBe(403);
    expect((await browser.post('/console/log-in', good, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await shell.browser().post('/console/log-in', good)).status).toBe(403);
    expect((await browser.post('/console/log-in', good)).status).toBe(303);
  });

  it('begins a new session whatever cookie the browser brought, and ends that of the cookie', async () => {
    const planted = await shell.loggedIn('vera');
    const victim = shell.browser();
    for (const [name, value] of planted.cookies) victim.cookies.set(name, value);
    await victim.logIn('ada', users.ada.password);

    expect(victim.cookies.get('patchbay')).not.toBe(planted.cookies.get('patchbay'));
    expect((await planted.get('/console')).status).toBe(303);

    const madeUp = shell.browser();
    madeUp.cookies.set('patchbay', 'chosen-by-somebody-else');
    await madeUp.logIn('ada', users.ada.password);
    expect(madeUp.cookies.get('patchbay')).not.toBe('chosen-by-somebody-else');
  });

  it('is known by a cookie that nobody can make up or read by a script', async () => {
    const browser = await shell.loggedIn('ada');
    const cookie = browser.cookies.get('patchbay') ?? '';
    for (const value of [
      `${cookie.slice(0, -3)}abc`,
      decodeURIComponent(cookie).slice(2).split('.')[0] ?? '',
      'j:{}',
    ]) {
      const forger = shell.browser();
      forger.cookies.set('patchbay', value);
      expect((await forger.get('/console')).status).toBe(303);
    }

    const plain = await cookiesAtLogIn(shell);
    expect(plain).toMatch(/^patchbay=s%3A[^;]{60,}; Path=\/; HttpOnly; SameSite=Lax$/m);
    const secure = await shell.another({ publicUrl: 'https://patchbay.example.com' });
    try {
      const lines = (await cookiesAtLogIn(secure)).split('\n');
      expect(lines).toContainEqual(
        expect.stringMatching(/^__Host-patchbay=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
      );
      for (const line of lines) expect(line).toMatch(/HttpOnly; Secure/);
    } finally {
      await secure.stop();
    }
  });
});

async function cookiesAtLogIn(where: GuardedConsole): Promise<string> {
  const answer = await where.browser().logIn('ada', users.ada.password);
  expect(answer.status).toBe(303);
  return answer.headers.getSetCookie().join('\n');
}

describe('a line break', () => {
  it.each(['careless/notice', 'careless/path'])('in what %s gives comes into no header', async (path) => {
    const browser = browserOf('viewer');
    const answer = await browser.post(`/console/${path}`, { form_token: await browser.tokenOn('/console') });

    expect(answer.status).toBe(303);
    expect(answer.headers.get('x-evil')).toBeNull();
    expect(answer.text).not.toContain('<script>');
    expect((await browser.get('/console')).text).not.toContain('<script>pwned');
  });

  it('in the name of a file, in where to go, and in a cookie comes into none either', async () => {
    const browser = browserOf('viewer');
    const file = await browser.get('/console/careless.csv');
    const next = await shell.browser().logIn('ada', users.ada.password, `/console/calls?${breaks}`);
    const theme = await browser.post('/console/theme', {
      form_token: await browser.tokenOn('/console'),
      theme: breaks,
      back: `/console${breaks}`,
    });

    for (const { headers, status } of [file, next, theme]) {
      expect(headers.get('x-evil')).toBeNull();
      expect(status).toBeLessThan(400);
    }
    expect([next.location, theme.location]).toEqual(['/console', '/console']);
  });
});

it.each([
  '/console/assets/../../package.json',
  '/console/assets/..%2f..%2fpackage.json',
  '/console/assets/%2e%2e/%2e%2e/package.json',
  '/console/assets/..%5c..%5cpackage.json',
  '/console/assets//etc/passwd',
  '/console/assets/style.css%00.txt',
  '/console/../../../etc/passwd',
  '/console/%2e%2e%2f%2e%2e%2fetc/passwd',
  '/console/calls/..%2f..%2f..%2fetc%2fpasswd',
  '/console/%',
  '/console/calls/%ff%fe',
])('%s leads to no file', async (path) => {
  const answer = await rawRequest(site.url, path, { headers: { cookie: cookieOf(browserOf('admin', inSite)) } });

  expect(answer.status).toBeGreaterThanOrEqual(300);
  expect(answer.status).toBeLessThan(500);
  expect(answer.text).not.toMatch(/"devDependencies"|root:x:/);
});

describe('what is planted in calls, leads and events', () => {
  it.each(roles)('runs on no page that a %s can come to', { timeout: 120_000 }, async (role) => {
    const browser = browserOf(role, inSite);
    const seen = new Map<string, Answer>();
    const waiting = rooms.flatMap(({ pages }) =>
      pages.filter(({ path }) => !path.includes(':')).map(({ path }) => urlOf(path)),
    );
    for (let url = waiting.shift(); url !== undefined && seen.size < 150; url = waiting.shift()) {
      if (seen.has(url)) continue;
      const answer = await browser.get(url);
      seen.set(url, answer);
      if (answer.location.startsWith('/console')) waiting.push(answer.location);
      if (!answer.headers.get('content-type')?.includes('html')) continue;
      waiting.push(...linksOn(answer.text).filter((link) => !seen.has(link)));
    }

    const faults = [...seen].flatMap(([url, answer]) => faultsOf(answer).map((fault) => `${url}: ${fault}`));
    expect(faults).toEqual([]);
    const whole = [...seen].filter(([, { status }]) => status === 200).map(([url]) => url);
    const missed = rooms.flatMap(({ pages }) =>
      pages.filter(({ path, least }) => isAtLeast(role, least) && !whole.some((url) => isOf(path, url))),
    );
    expect(missed.map(({ path }) => path)).toEqual([]);
    // Where nothing planted shows, nothing was tried.
    const tried = whole.filter((url) => /&lt;script&gt;pwned/.test(seen.get(url)?.text ?? ''));
    const rich = isAtLeast(role, 'operator') ? ['calls/:id', 'leads/:dialer/:key', 'write-backs/:id', 'attention'] : [];
    expect(rich.filter((path) => !tried.some((url) => isOf(path, url)))).toEqual([]);
  });

  it('runs on no page that a form answers with', async () => {
    const browser = browserOf('admin', inSite);
    const { text } = await browser.get('/console/calls');
    const calls = linksOn(text).filter((link) => /^\/console\/calls\/[^/?]+$/.test(link));
    const token = await browser.tokenOn('/console/calls');
    expect(calls.length).toBeGreaterThan(1);

    for (const call of calls) {
      for (const act of ['number', 'transcript', 'correct']) {
        const answer = await browser.post(`${call}/${act}`, { form_token: token, outcome: 'sale', why: '"><script>' });
        expect([act, faultsOf(answer)]).toEqual([act, []]);
      }
    }
  });
});

function linksOn(text: string): string[] {
  const links = [...text.matchAll(/href="(\/console[^"#]*)/g)].map(([, link = '']) => unescaped(link));
  return links.filter((link) => !/^\/console\/(assets|log-|oidc)/.test(link));
}

function unescaped(text: string): string {
  const signs: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (whole, name: string) => signs[name] ?? whole);
}

function isOf(path: string, url: string): boolean {
  const pattern = path === '' ? '' : `/${path.replace(/[.]/g, '\\.').replace(/:\w+/g, '[^/?]+')}`;
  return new RegExp(`^/console${pattern}/?(\\?|$)`).test(url);
}

/** What would let a page run what is not ours, or a cache keep it. */
function faultsOf({ headers, status, text }: Answer): string[] {
  const faults: string[] = [];
  if (status >= 500) faults.push(`status ${status}`);
  if (!/no-store/.test(headers.get('cache-control') ?? '')) faults.push('a cache may keep it');
  if (headers.get('x-content-type-options') !== 'nosniff') faults.push('its type may be guessed');
  if (!headers.get('content-type')?.includes('html')) {
    if (status === 200 && !/^attachment/.test(headers.get('content-disposition') ?? '')) faults.push('no file to keep');
    return faults;
  }
  const policy = headers.get('content-security-policy') ?? '';
  for (const rule of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ])
    if (!policy.split(/; ?/).includes(rule)) faults.push(`the policy lacks ${rule}`);
  if (/unsafe|\*|https?:/.test(policy)) faults.push(`the policy is open: ${policy}`);

  for (const [tag] of text.matchAll(/<[a-z!/](?:[^>"']|"[^"]*"|'[^']*')*>/gi)) {
    const bare = tag.replace(/"[^"]*"/g, '""');
    if (/\s(on\w+|style|srcdoc)\s*=/i.test(bare)) faults.push(`a handler: ${tag}`);
    if (
      /^<(iframe|object|embed|base|style|meta http-equiv="refresh")/i.test(tag) &&
      !/^<meta http-equiv="refresh" content="\d+">/.test(tag)
    )
      faults.push(`not a tag of ours: ${tag}`);
    if (/^<script/i.test(tag) && !/^<script src="\/console\/assets\/[\w.-]+\/[\w.-]+" type="module">$/.test(tag))
      faults.push(`a script: ${tag}`);
    if (/\s(href|src|action|formaction)="\s*(javascript|data|vbscript):/i.test(tag)) faults.push(`an address: ${tag}`);
    if (/=[^"\s]/.test(bare.replace(/=""/g, ''))) faults.push(`a value without quotes: ${tag}`);
  }
  if (/<script>|<img src=x/.test(text)) faults.push('planted markup');
  return faults;
}

function cookieOf({ cookies }: Browser): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

/** As it is written: `fetch` would tidy the path up. */
function rawRequest(
  origin: string,
  path: string,
  { method = 'GET', headers, body = '' }: { method?: string; headers: Record<string, string>; body?: string },
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = plainRequest({ hostname, port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
