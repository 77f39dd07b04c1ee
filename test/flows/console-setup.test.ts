import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setupRoom } from '../../src/console/pages/setup/setup-room.ts';
import type { DoctorDesk, SeenCheck } from '../../src/flows/doctor/doctor-desk.ts';
import type { Checked } from '../../src/flows/doctor/run-checks.ts';
import { createRunbookShelf } from '../../src/flows/setup/runbook-shelf.ts';
import type { Runbook, RunbookStep } from '../../src/flows/setup/write-runbook.ts';
import { openConsole } from '../support/console-site.ts';
import { eventually } from '../support/eventually.ts';
import { realClock } from '../support/real-clock.ts';
import { startTestApp, type TestApp } from '../support/start-app.ts';

let patchbay: TestApp;
beforeAll(async () => {
  patchbay = await startTestApp();
}, 60_000);
afterAll(() => patchbay?.stop());

const step: RunbookStep = {
  number: 1,
  title: 'Hang the bell',
  owner: 'bell',
  how: 'by you',
  text: 'Hang it **here**.',
  checks: [],
};

/** The page with these steps, after the doctor saw these results. */
async function shown(steps: readonly RunbookStep[], results: Record<string, Checked['status']> = {}): Promise<string> {
  const app = openSetup(async () => bookOf(steps), results);
  await request(app).get('/console/setup').expect(200);
  return eventually(async () => {
    const { text } = await request(app).get('/console/setup');
    expect(text).toContain('id="step-1"');
    return text;
  });
}

function openSetup(gather: () => Promise<Runbook>, results: Record<string, Checked['status']> = {}) {
  const checks = Object.entries(results).map(([id, status]) => seen(id, status));
  const doctor: DoctorDesk = {
    picture: async () => ({ checks, troubles: [], run: null }),
    start: async () => {},
    stop: async () => {},
  };
  const runbook = createRunbookShelf(realClock, gather);
  const site = { doctor, runbook, previewReload: () => Promise.reject(new Error('not here')) };
  return openConsole(patchbay.app.deps, { rooms: [setupRoom], role: 'admin', site });
}

function bookOf(steps: readonly RunbookStep[]): Runbook {
  return { introduction: 'From top to bottom.', site: 'A bell.', phases: [{ title: 'The dialers', steps }] };
}

function seen(id: string, status: Checked['status']): SeenCheck {
  const known = { id, owner: 'bell', title: 'A check', looksAt: 'the bell' };
  const checked: Checked = { ...known, status, found: '', tookMs: 1, causes: [] };
  return { ...known, isAwaited: false, last: { checked, at: '2026-03-02T15:00:00.000Z' } };
}

it('is for admins alone', async () => {
  const app = openSetup(async () => bookOf([step]));

  for (const role of ['viewer', 'operator']) {
    for (const path of ['setup', 'setup/runbook.md']) {
      await request(app).get(`/console/${path}`).set('x-role', role).expect(403);
    }
  }
});

it('writes the runbook while the page is there already', async () => {
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const app = openSetup(async () => {
    await gate;
    return bookOf([step]);
  });

  const first = await request(app).get('/console/setup').expect(200);
  expect(first.text).toContain('The runbook is being written');
  expect(first.text).toMatch(/<noscript><meta http-equiv="refresh"/);
  goOn();
  await eventually(async () => {
    expect((await request(app).get('/console/setup')).text).toContain('Hang it <strong>here</strong>.');
  });
});

it('says why it could not be written, and writes it when it is asked anew', async () => {
  let isBroken = true;
  const app = openSetup(async () => {
    if (isBroken) throw new Error('the bell is silent');
    return bookOf([step]);
  });
  await request(app).get('/console/setup');
  await eventually(async () => {
    expect((await request(app).get('/console/setup')).text).toContain('the bell is silent');
  });
  isBroken = false;

  await request(app).post('/console/setup/anew').type('form').send({}).expect(303);
  await eventually(async () => {
    const { text } = await request(app).get('/console/setup');
    expect(text).toContain('Hang the bell');
    expect(text).not.toContain('the bell is silent');
  });
});

it.each<[what: string, results: Record<string, Checked['status']>, word: string]>([
  ['all its checks are ok', { 'bell:hung': 'ok', 'bell:rings': 'ok' }, 'done'],
  ['one of them fails', { 'bell:hung': 'ok', 'bell:rings': 'fail' }, 'not done'],
  ['one of them warns', { 'bell:hung': 'ok', 'bell:rings': 'warn' }, 'done, with warnings'],
  ['one of them can’t be told', { 'bell:hung': 'ok', 'bell:rings': 'unknown' }, 'can’t be told'],
  ['one of them was not run', { 'bell:hung': 'ok' }, 'can’t be told'],
  ['none was run', {}, 'not looked at yet'],
])('marks a step of which %s', async (_what, results, word) => {
  const text = await shown([{ ...step, checks: ['bell:hung', 'bell:rings'] }], results);

  expect(text.match(/<div class="step-head">.*<\/svg>(.*?)<\/span>/)?.[1]).toBe(word);
});

it('shows as text what a name of the site would smuggle in', async () => {
  const texts = [
    '<img src=x onerror=alert(1)>',
    '[here](javascript:alert(1))',
    '![picture](https://elsewhere.test/x.png)',
    '| a |\n| :-: |\n| <script>alert(1)</script> |',
    '```\n</code></pre><script>alert(1)</script>\n```',
    '# Not a heading',
  ];
  const text = await shown([{ ...step, title: '<b>Bell</b>', text: texts.join('\n\n') }]);
  const main = text.slice(text.indexOf('<main'));

  expect(main).not.toMatch(/<script|<img|<b>|href="javascript|style=|<h1>.*<h1>/s);
  expect(main).toContain('&lt;b&gt;Bell');
});

it('offers code to copy, and opens links to elsewhere apart', async () => {
  const text = await shown([
    { ...step, text: 'Run\n\n    bell --ring "twice"\n\nas in [the book](https://bell.example.com/b).' },
  ]);

  expect(text).toContain('data-copy="bell --ring &quot;twice&quot;"');
  expect(text).toContain('<a href="https://bell.example.com/b" target="_blank" rel="noopener noreferrer">the book</a>');
});

it('gives the runbook as Markdown', async () => {
  const app = openSetup(async () => bookOf([step]));
  await request(app).get('/console/setup/runbook.md').expect(404);
  await request(app).get('/console/setup');

  const answer = await eventually(async () => {
    const got = await request(app).get('/console/setup/runbook.md');
    expect(got.status).toBe(200);
    return got;
  });
  expect(answer.headers['content-type']).toContain('text/markdown');
  expect(answer.text).toContain('### 1. Hang the bell\n\n`bell` · by you\n\nHang it **here**.\n\n- [ ] done');
});
