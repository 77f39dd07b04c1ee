import { readFileSync } from 'node:fs';
import { arch, release, type } from 'node:os';

interface PackageFile {
  version?: string;
  dependencies?: Record<string, string>;
}

/** What runs here: Patchbay, Node.js, the system, and the libraries as they are installed. */
export function installedVersions(patchbay: string): Record<string, unknown> {
  const own = readPackage('../../package.json');
  const libraries = Object.entries(own?.dependencies ?? {}).map(([name, range]) => {
    const file = ['../../node_modules', '../../..'].map((folder) => readPackage(`${folder}/${name}/package.json`));
    return [name, file.find(Boolean)?.version ?? `not found, wanted ${range}`] as const;
  });
  return {
    patchbay,
    node: process.versions.node,
    openssl: process.versions.openssl,
    system: `${type()} ${release()} ${arch()}`,
    libraries: Object.fromEntries(libraries),
  };
}

function readPackage(path: string): PackageFile | null {
  try {
    return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as PackageFile;
  } catch {
    return null;
  }
}
