import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('../..', import.meta.url).pathname;

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  path: string;
  source: string;
}

/** Every TypeScript and JavaScript file of the project. */
export function sourceFiles(): SourceFile[] {
  return ['src', 'connectors', 'config', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path: path.slice(root.length).replaceAll('\\', '/'), source: readFileSync(path, 'utf8') })),
  );
}
