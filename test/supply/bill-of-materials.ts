import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runNpm } from './run-npm.ts';

interface Lock {
  packages: Record<string, { version?: string; dev?: boolean; link?: boolean; name?: string }>;
}

export interface BillOfMaterials {
  bomFormat: string;
  metadata: { component: { name: string; version: string } };
  components: { 'bom-ref': string; name: string; version: string; purl: string }[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

/**
 * Every dependency in a form that scanners read: CycloneDX, made by npm from the lockfile.
 *
 * @param isForProduction leaves out what only development uses. By the lockfile: npm's own `--omit` also leaves out what
 *   both use.
 */
export async function billOfMaterials(folder: string, isForProduction: boolean): Promise<BillOfMaterials> {
  const { code, out, err } = await runNpm(['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], folder);
  if (code !== 0) throw new Error(`npm made no bill of materials: ${err.trim()}`);
  const bom = JSON.parse(out) as BillOfMaterials;
  // npm names the product after the folder in which it happens to lie.
  const { name } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { name: string };
  bom.metadata.component.name = name;
  if (!isForProduction) return bom;

  const wanted = new Set(await lockedPackages(folder, true));
  const components = bom.components.filter((each) => wanted.has(plain(each.purl)));
  const left = new Set(bom.components.filter((each) => !components.includes(each)).map((each) => each['bom-ref']));
  const dependencies = bom.dependencies
    .filter(({ ref }) => !left.has(ref))
    .map((each) => ({ ...each, dependsOn: each.dependsOn?.filter((ref) => !left.has(ref)) ?? [] }));
  return { ...bom, components, dependencies };
}

/** Locked dependencies that the bill does not hold. */
export async function missingIn(
  { components }: Pick<BillOfMaterials, 'components'>,
  folder: string,
  isForProduction: boolean,
): Promise<string[]> {
  const listed = new Set(components.map(({ purl }) => plain(purl)));
  return (await lockedPackages(folder, isForProduction)).filter((purl) => !listed.has(purl));
}

async function lockedPackages(folder: string, isForProduction: boolean): Promise<string[]> {
  const { packages } = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as Lock;
  return Object.entries(packages)
    .filter(([path, { dev, link }]) => path !== '' && !link && !(isForProduction && dev))
    .map(([path, { name, version }]) => `pkg:npm/${name ?? path.replace(/^.*node_modules\//, '')}@${version}`);
}

function plain(purl: string): string {
  return decodeURIComponent(purl).replace(/\?.*$/, '');
}
