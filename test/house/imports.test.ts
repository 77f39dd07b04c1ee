import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { houseFaults, importsOf } from './import-rules.ts';
import { sourceFiles } from './source-files.ts';

const connectorsFolder = new URL('../../connectors/', import.meta.url);

describe('the house', () => {
  const files = sourceFiles();

  it('is kept in order by every file', () => {
    const faults = files.flatMap(({ path, source }) => houseFaults(path, source));

    expect(faults).toEqual([]);
  });

  it.each(['index.ts', 'serving.ts'])('names each connector in connectors/%s', (name) => {
    const list = readFileSync(new URL(name, connectorsFolder), 'utf8');
    const named = importsOf(list).map(({ from }) => from);
    const folders = readdirSync(connectorsFolder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
      .map((entry) => entry.name);

    expect(folders.filter((folder) => !named.includes(`./${folder}/${name}`))).toEqual([]);
    expect(folders.length).toBeGreaterThan(1);
  });

  it('is looked at whole', () => {
    const tops = new Set(files.map(({ path }) => path.split('/')[0]));

    expect([...tops].sort()).toEqual(['config', 'connectors', 'src', 'test']);
  });
});

describe('the rule sees', () => {
  it.each([
    ['a domain that looks into the store', 'src/domain/call.ts', "import { a } from '../store/store.ts';"],
    ['a domain that runs zod', 'src/domain/call.ts', "import { z } from 'zod';"],
    ['a domain that reads files', 'src/domain/call.ts', "import { readFileSync } from 'node:fs';"],
    ['a store that looks into flows', 'src/store/sqlite/open.ts', "import {\n  a,\n} from '../../flows/deps.ts';"],
    ['a flow that speaks SQL', 'src/flows/a.ts', "import { sql } from 'kysely';"],
    ['a flow that knows express', 'src/flows/a.ts', "import type { Request } from 'express';"],
    ['a flow that knows a connector', 'src/flows/a.ts', "import { x } from '../../connectors/index.ts';"],
    ['a flow that names a dialer', 'src/flows/a.ts', "if (dialer.type === 'vicidial') skip();"],
    ['a worker that reads the configuration', 'src/workers/a.ts', "const c = await import('../../config/load.ts');"],
    ['http that looks into workers', 'src/http/a.ts', "export { a } from '../workers/outbox.ts';"],
    [
      'a connector that looks into the store',
      'connectors/acme/a.ts',
      "import type { S } from '../../src/store/store.ts';",
    ],
    ['a connector that looks into another', 'connectors/acme/a.ts', "import { b } from '../five9/api.ts';"],
    ['a connector that knows express', 'connectors/acme/a.ts', "import express from 'express';"],
    ['the list that runs the configuration', 'connectors/index.ts', "import { a } from '../config/schema.ts';"],
    ['a configuration that runs connectors', 'config/schema.ts', "import { a } from '../connectors/index.ts';"],
    ['a product that needs its tests', 'src/app.ts', "import { a } from '../test/support/a.ts';"],
    ['a side-effect import', 'src/flows/a.ts', "import '../../config/load.ts';"],
    ['a worker file outside its room', 'src/store/a.ts', "new Worker(new URL('../flows/thread.ts', import.meta.url));"],
    ['a look at the environment', 'src/http/a.ts', 'const level = process.env.LOG_LEVEL;'],
    ['a line on the console', 'src/flows/a.ts', "console.log('here');"],
    ['a file that is two things', 'src/flows/a.ts', '\n'.repeat(301)],
    ['a room without a rule', 'src/utils/a.ts', "import { a } from '../domain/a.ts';"],
  ])('%s', (_name, file, source) => {
    expect(houseFaults(file, source)).toHaveLength(1);
  });

  it.each([
    ['types of zod in the domain', 'src/domain/connector.ts', "import type { ZodType } from 'zod';"],
    ['the assembly', 'src/app.ts', "import { a } from '../connectors/index.ts';\nimport { b } from './flows/deps.ts';"],
    ['the script that generates', 'config/generate.ts', "import { a } from '../connectors/index.ts';\nconsole.log(a);"],
    [
      'a comment that tells of a dialer',
      'src/flows/a.ts',
      "// VICIdial cuts it\n/** Five9 too: process.env, from 'x' */",
    ],
    ['a test that looks at anything', 'test/flows/a.test.ts', "import { a } from '../../src/store/store.ts';"],
  ])('nothing wrong in %s', (_name, file, source) => {
    expect(houseFaults(file, source)).toEqual([]);
  });
});
