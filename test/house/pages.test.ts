import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = ['README.md', 'CONTRIBUTING.md', ...['docs', 'src', 'connectors', 'test'].flatMap(pagesIn)];
const operators = pages.filter((page) =>
  /^(README|docs\/(?!configuration)[a-z-]+|connectors\/\w+\/(README|docs\/.*))\.md$/.test(page),
);

/** Every key and section, without the name of the instance that it stands under. */
const keys = [...read('docs/configuration.md').matchAll(/^\| `([^`]+)` \|/gm)].map(([, key = '']) => partsOf(key));
/** They look like keys, and are names of checks and of what traces carry. */
const others = [...`${read('docs/doctor.md')}${read('docs/traces.md')}`.matchAll(/`([a-z]\w*(?:\.\w+)+)`/g)].map(
  ([, name = '']) => name,
);
const file =
  /\.(agi|cfg|com|conf|csv|env|internal|js|json|jsonl|md|php|pl|service|sh|sqlite|ts|wsdl|xml|xsd|yaml|zip)$/;

function pagesIn(folder: string): string[] {
  const found = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return found.filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`);
}

function partsOf(key: string): string[] {
  return key
    .replace(/^(dialers|platforms)\.[^.]+\.?/, '')
    .replaceAll('[]', '')
    .split('.');
}

const isAny = (part: string | undefined) => part === '*' || part?.startsWith('<') === true;

/** Whether the configuration has it: a key, a section, or what a site names by itself below a key; campaigns' keys also alone. */
function isKey(name: string): boolean {
  const parts = partsOf(name);
  return [parts, ['campaigns', '*', ...parts]].some((wanted) =>
    keys.some((key) =>
      wanted.every((part, index) => index >= key.length || isAny(part) || isAny(key[index]) || part === key[index]),
    ),
  );
}

/** What is set in a piece of a configuration, as `server.tls.certFile`. */
function setIn(value: unknown, path: readonly string[] = []): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => setIn(each, path));
  if (typeof value !== 'object' || value === null) return [path.join('.')];
  return Object.entries(value).flatMap(([name, inner]) => setIn(inner, [...path, name]));
}

function keysIn(text: string): string[] {
  const named = [...text.matchAll(/`([a-z]\w*(?:\.(?:\w+|<\w+>|\*))+)`/g)].map(([, name = '']) => name);
  const pieces = [...text.matchAll(/```yaml\n([\s\S]*?)```|`([a-z]\w*: \{[^`]*\})`/g)]
    .map(([, block, inline]) => block ?? inline ?? '')
    // Answers to the questions of `setup` look alike.
    .filter((piece) => !/^[a-z]+\.\w+:/m.test(piece));
  return [
    ...named.filter((name) => !file.test(name) && !others.includes(name)),
    ...pieces.flatMap((piece) => setIn(parse(piece))),
  ];
}

/** As a browser jumps to it. */
function placesIn(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- ]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

/** Links of a page that lead to nothing. */
function deadIn(page: string, text: string): string[] {
  const links = [...text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
  return links
    .filter(([, target = '', place]) => {
      const path = target === '' ? page : normalize(join(dirname(page), target));
      if (!existsSync(join(root, path))) return true;
      return place !== undefined && !placesIn(path === page ? text : read(path)).includes(place);
    })
    .map(([link]) => link);
}

describe('the pages', () => {
  it.each(operators)('%s names keys of the configuration that exist', (page) => {
    expect(keysIn(read(page)).filter((name) => !isKey(name))).toEqual([]);
  });

  it('lead where something is', () => {
    expect(pages.flatMap((page) => deadIn(page, read(page)).map((link) => `${page}: ${link}`))).toEqual([]);
  });

  it('name files that exist', () => {
    const made = /^config\/patchbay\.(yaml|json|secrets\.env|runbook\.md)/;
    const missing = pages.flatMap((page) =>
      [...read(page).matchAll(/`((?:src|test|config|docs|deploy|monitoring|connectors)\/[\w./-]+)`/g)]
        .map(([, path = '']) => path)
        .filter(
          (path) => !made.test(path) && ![path, join(dirname(page), path)].some((at) => existsSync(join(root, at))),
        )
        .map((path) => `${page}: ${path}`),
    );

    expect(missing).toEqual([]);
  });

  it('are read: what is no key and no place is seen', () => {
    const piece =
      'Set `server.drainMs`.\n```yaml\nserver: { draining: 4 }\ndialers: { east: { fastAgi: { hosts: [a] } } }\n```\n';

    expect(keysIn(piece).filter((name) => !isKey(name))).toEqual(['server.draining', 'dialers.east.fastAgi.hosts']);
    expect(isKey('dialers.<id>.fastAgi.allow')).toBe(true);
    expect(isKey('retention.days')).toBe(false);
    expect(deadIn('docs/setup.md', '# One\n[a](#one) [b](#two) [c](none.md) [d](scale.md#so)')).toEqual([
      '](#two)',
      '](none.md)',
    ]);
    expect(operators.flatMap((page) => keysIn(read(page))).length).toBeGreaterThan(200);
  });
});
