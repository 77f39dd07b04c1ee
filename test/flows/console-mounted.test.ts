import { afterEach, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/start-app.ts';

let site: TestApp | undefined;

afterEach(() => site?.stop());

const ask = (path: string) => fetch(`${site?.url}${path}`, { redirect: 'manual' });

it('the service shows its pages below /console, and leads there from its door', async () => {
  site = await startTestApp();

  expect((await ask('/')).headers.get('location')).toBe('/console');
  expect((await ask('/console')).headers.get('location')).toBe('/console/log-in');
  const page = await ask('/console/log-in');
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('There is no user yet');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await (await ask('/metrics')).text()).toContain('patchbay_log_ins_total');
});

it('the service shows nothing where the console is switched off', async () => {
  site = await startTestApp({ config: { console: { enabled: false } } });

  for (const path of ['/', '/console', '/console/log-in', '/console/assets/style.css']) {
    const answer = await ask(path);
    expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
      path,
      404,
      expect.stringContaining('problem+json'),
    ]);
  }
});
