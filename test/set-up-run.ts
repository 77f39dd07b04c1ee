import { rmSync } from 'node:fs';
import { loadModulesQuickly } from './support/quick-modules.ts';
import { runFolder } from './support/run-folder.ts';

/** Before the first fork of a run: how modules are loaded, and where temporary files lie, in whatever it starts. */
export async function setup(): Promise<() => void> {
  await loadModulesQuickly(process.env);
  const folder = await runFolder();
  if (folder) process.env.TMPDIR = folder;
  return () => {
    if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
