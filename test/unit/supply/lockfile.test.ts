import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { billOfMaterials, missingIn } from '../../supply/bill-of-materials.ts';

interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  link?: boolean;
  hasInstallScript?: boolean;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (name: string) => JSON.parse(readFileSync(`${root}/${name}`, 'utf8')) as unknown;
const { packages } = read('package-lock.json') as { packages: Record<string, Locked> };
const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> };
const installed = Object.entries(packages).filter(([path]) => path !== '');

/** Each was read; none asks for more than its own text to be kept. */
const knownLicenses = [
  '(MIT AND Zlib)',
  '(MIT OR EUPL-1.1+)',
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MIT OR Apache-2.0',
  'PSF-2.0',
  'Unlicense',
];
/** Used by development as they are, and never changed or shipped by us. */
const licensesOfTools: Record<string, readonly string[]> = {
  'MPL-2.0': ['axe-core', 'lightningcss'],
};

it('runs no install script but those that are allowed by name', () => {
  const withScript = installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));

  expect([...new Set(withScript)].sort()).toEqual(Object.keys(allowScripts).sort());
});

it('takes every package from the registry in use, and knows it by its hash', () => {
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  expect(installed.filter(([, { integrity, link }]) => !link && !/^sha512-/.test(integrity ?? ''))).toEqual([]);
});

it('has known licenses only', () => {
  const odd = installed.filter(([path, { license = '' }]) => {
    const tools = licensesOfTools[license];
    return !knownLicenses.includes(license) && !tools?.some((tool) => nameOf(path).startsWith(tool));
  });

  expect(odd.map(([path, { license }]) => `${nameOf(path)}: ${license}`)).toEqual([]);
});

it('is whole in the bill of materials, in that of production too', async () => {
  const [all, production] = await Promise.all([billOfMaterials(root, false), billOfMaterials(root, true)]);

  expect(await missingIn(all, root, false)).toEqual([]);
  expect(await missingIn(production, root, true)).toEqual([]);
  expect(all.metadata.component).toMatchObject({ name: 'patchbay' });
  const names = production.components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['axios', 'form-data', 'express']));
  expect(names).not.toContain('vitest');
});

function nameOf(path: string): string {
  return path.replace(/^.*node_modules\//, '');
}
