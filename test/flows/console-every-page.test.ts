import type { Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rooms } from '../../src/console/rooms.ts';
import { isAtLeast, type Role, roles } from '../../src/domain/roles.ts';
import { openConsole } from '../support/console-site.ts';
import { startTestApp, type TestApp } from '../support/start-app.ts';

let site: TestApp;
let pages: Express;

beforeAll(async () => {
  site = await startTestApp();
  pages = openConsole(site.app.deps);
});

afterAll(() => site.stop());

const all = rooms.flatMap((room) =>
  room.pages.map((page) => ({ page, path: page.path.replace(/:\w+/g, 'unheard-of') })),
);

describe.each(roles)('to a %s with an empty store', (role) => {
  it.each(all)('$path', async ({ page, path }) => {
    const { status, text } = await ask(path, role);

    expect(status).toBe(isAtLeast(role, page.least) ? (page.path.includes(':') ? 404 : 200) : 403);
    expect(faultsOf(text)).toEqual([]);
  });
});

it('every door of the navigation leads to a page that the role may see', async () => {
  for (const role of roles) {
    const { text } = await ask('', role);
    const [navigation = ''] = /<nav class="rooms".*?<\/nav>/s.exec(text) ?? [];
    const doors = [...navigation.matchAll(/href="\/console\/?([^"]*)"/g)].map(([, path = '']) => path);
    for (const door of doors) expect((await ask(door, role)).status, `${role}: ${door}`).toBe(200);
    expect(doors.length).toBeGreaterThan(0);
  }
});

async function ask(path: string, role: Role): Promise<{ status: number; text: string }> {
  const { status, text } = await request(pages).get(`/console/${path}`).set('x-role', role);
  return { status, text };
}

/** What would make a page wrong for a browser, or for who can't see it. */
function faultsOf(text: string): string[] {
  const faults: string[] = [];
  const found = (pattern: RegExp) => [...text.matchAll(pattern)].map(([whole, first]) => first ?? whole);
  const ids = found(/\sid="([^"]*)"/g);
  const levels = found(/<h([1-6])/g).map(Number);
  if (levels[0] !== 1 || levels.filter((level) => level === 1).length !== 1)
    faults.push('it has not one first heading');
  for (const [index, level] of levels.entries()) {
    if (level > (levels[index - 1] ?? 0) + 1)
      faults.push(`a heading of level ${level} stands under ${levels[index - 1]}`);
  }
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`two things are called ${id}`);
  for (const id of found(/<label for="([^"]*)"/g))
    if (!ids.includes(id)) faults.push(`a label names ${id}, which is not there`);
  for (const tag of found(/<[a-z][^>"]*(?:"[^"]*"[^>"]*)*>/g)) {
    const bare = tag.replace(/"[^"]*"/g, '""');
    if (/\son[a-z]+=|\sstyle=|<script(?! src="")|<style|=[^\s"]/.test(bare)) faults.push(`no page may hold ${tag}`);
  }
  if (/undefined|\[object |NaN|form-token-/.test(text)) faults.push('a value is missing');
  return faults;
}
