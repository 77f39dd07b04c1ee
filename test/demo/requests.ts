import { setTimeout as wait } from 'node:timers/promises';

/** Real time within which a simulator has to answer the demo. */
const withinMs = 60_000;

export async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(withinMs) });
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}`);
  return await response.json();
}

export function post(url: string, body: object): Promise<void> {
  return send('POST', url, body);
}

export async function send(method: string, url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(withinMs),
  });
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}: ${await response.text()}`);
}

export async function until(what: string, limitMs: number, check: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + limitMs;
  for (;;) {
    if (await check().catch(() => false)) return;
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms for this in vain: ${what}`);
    await wait(100);
  }
}
