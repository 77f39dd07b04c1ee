import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rooms } from '../../../src/console/rooms.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = readFileSync(join(root, 'docs/console.md'), 'utf8');

/** The rows of the table under a heading, as their cells. */
function rowsUnder(heading: string): string[][] {
  const part = page.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  const lines = part.split('\n').filter((line) => line.startsWith('| '));
  return lines
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1));
}

describe('docs/console.md', () => {
  it('says of every page, action and file of the console from which role on it is', () => {
    const told = rowsUnder('Who sees and does what').map(([path = '', role]) => [/`(.*)`/.exec(path)?.[1] ?? '', role]);

    const real = rooms.flatMap(({ pages, actions = [], downloads = [] }) =>
      [...pages, ...actions, ...downloads].map(({ path, least }) => [path, least]),
    );
    // A form and the page that it stands on may share a path, and then the role too.
    const once = [...new Map(real.map((each) => [each.join(' '), each])).values()];
    expect(told.toSorted(byText)).toEqual(once.toSorted(byText));
  });

  it('has a part for every room of the navigation', () => {
    const told = [...page.matchAll(/^\*\*(.+?)\*\*/gm)].map(([, name]) => name);

    expect(told).toEqual(rooms.flatMap(({ nav }) => (nav ? [nav.title] : [])));
  });

  it('lists every act that the audit log can hold', () => {
    const told = rowsUnder('What is written down').flatMap(([acts = '']) => [...acts.matchAll(/`([^`]+)`/g)]);

    expect(told.map(([, act]) => act).toSorted()).toEqual([...actsOfTheSource()].toSorted());
  });
});

/** As the code writes them: `act: 'log-in'`, or the word that is handed to a function that writes it down. */
function actsOfTheSource(): Set<string> {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const acts = new Set<string>();
  for (const name of files) {
    const source = readFileSync(join(root, 'src', name), 'utf8');
    if (!/appendAudit|auditLogIn|liftControl/.test(source)) continue;
    const words = /\bact: '([a-z-]+)'|\b(?:writeDown|audit)\([^'\n]*'([a-z-]+)'/g;
    for (const [, written, handed] of source.matchAll(words)) acts.add(written ?? handed ?? '');
  }
  return acts;
}

function byText(one: readonly unknown[], other: readonly unknown[]): number {
  return one.join(' ').localeCompare(other.join(' '));
}
