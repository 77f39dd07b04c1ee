import fc from 'fast-check';
import { rooms } from '../../../src/console/rooms.ts';
import { startGuardedConsole } from '../../support/guarded-console.ts';
import { plantEverywhere } from '../../support/planted-pages.ts';
import { openDeps } from '../../unit/flows/open-deps.ts';
import { oddText, repeated } from '../arbitraries.ts';
import { door } from '../parser.ts';

interface Asked {
  method: 'GET' | 'POST';
  path: string;
  fields: [string, string][];
  isOurs: boolean;
}

const pages = rooms.flatMap((room) => [...room.pages, ...(room.downloads ?? [])]).map(({ path }) => path);
const actions = [...rooms.flatMap((room) => room.actions ?? []).map(({ path }) => path), 'theme', 'log-in'];
const names = [
  ...[
    'text',
    'dialer',
    'campaign',
    'outcome',
    'agent',
    'person',
    'from',
    'to',
    'after',
    'before',
    'view',
    'tab',
    'by',
    'span',
  ],
  ...[
    'id',
    'ids',
    'number',
    'lead',
    'code',
    'why',
    'callback_at',
    'theme',
    'back',
    'next',
    'page',
    'name',
    'password',
    'word',
    'state',
    'note',
  ],
];
const value = fc.oneof(
  { weight: 5, arbitrary: oddText },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '2026-03-02',
      '+13125550142',
      'carousel',
      '/console/calls',
      '//evil.example',
      'opt_out',
      'on',
    ),
  },
  { weight: 1, arbitrary: repeated.map((text) => text.slice(0, 3000)) },
);
const place = fc.oneof(
  oddText.filter((text) => text !== ''),
  fc.constantFrom('0123456789abcd', 'x'),
);

const asked: fc.Arbitrary<Asked> = fc
  .record({
    method: fc.constantFrom<Asked['method']>('GET', 'GET', 'POST'),
    page: fc.constantFrom(...pages, 'live', 'nowhere'),
    action: fc.constantFrom(...actions),
    place,
    fields: fc.array(fc.tuple(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...names) }, oddText), value), {
      maxLength: 6,
    }),
    isOurs: fc.constantFrom(true, true, true, false),
  })
  .map(({ method, page, action, place: at, fields, isOurs }) => ({
    method,
    path: (method === 'GET' ? page : action).replace(/:\w+/g, encodeURIComponent(at.toWellFormed())),
    fields: fields.map(([name, each]) => [name.toWellFormed(), each.toWellFormed()] as [string, string]),
    isOurs,
  }));

/** The operator's pages and forms, asked by an admin: whatever is asked for, a page comes, or a redirect to one of ours. */
export const consoleDoor = door<Asked>({
  name: 'console page or form',
  covers: ['src/console/form.ts', 'src/console/own-path.ts', 'src/console/find-page.ts', 'src/console/read-number.ts'],
  limitMs: 3000,
  async open() {
    const open = await openDeps();
    await plantEverywhere(open);
    const site = await startGuardedConsole(open.deps);
    let browser = await site.loggedIn('ada');
    let token = await browser.tokenOn('/console');
    let guesses = 0;
    return {
      arbitrary: asked,
      async feed({ method, path, fields, isOurs }) {
        const search = new URLSearchParams(fields).toString();
        const isLogIn = path === 'log-in';
        const cookie = isLogIn ? '' : [...browser.cookies].map((pair) => pair.join('=')).join('; ');
        guesses += isLogIn ? 1 : 0;
        const response = await fetch(`${site.url}/console/${path}${method === 'GET' ? `?${search}` : ''}`, {
          method,
          redirect: 'manual',
          headers: {
            cookie,
            'sec-fetch-site': 'same-origin',
            ...(isLogIn && { 'x-forwarded-for': `192.0.2.${guesses % 250}` }),
            ...(method === 'POST' && { 'content-type': 'application/x-www-form-urlencoded' }),
          },
          ...(method === 'POST' && { body: `${isOurs ? `form_token=${encodeURIComponent(token)}&` : ''}${search}` }),
        });
        await response.body?.cancel();
        const { status } = response;
        if (status >= 500) throw new Error(`${method} ${path} was answered ${status}`);
        const location = response.headers.get('location') ?? '';
        if (location && !/^\/console(?:[/?#]|$)/.test(location)) throw new Error(`it sends the browser to ${location}`);
        if (method === 'POST' && !isOurs && !isLogIn && status < 300) throw new Error('a foreign form was taken');
        if (location.startsWith('/console/log-in') && !isLogIn) {
          browser = await site.loggedIn('ada');
          token = await browser.tokenOn('/console');
        }
        return status < 400 ? 'taken' : 'refused';
      },
      async stop() {
        await site.stop();
        await open.close();
      },
    };
  },
});
