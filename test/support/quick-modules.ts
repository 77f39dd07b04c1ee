import { renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * For a run of the tests: what is compiled is kept, and Kysely is one file in place of 282. Each fork, store thread and
 * program loads it, some thousand times in a run, and by its parts that is half of what a store costs to open.
 */
export async function loadModulesQuickly(env: NodeJS.ProcessEnv): Promise<void> {
  env.NODE_COMPILE_CACHE ??= at('.cache/compiled');
  const own = at(`.cache/kysely-${process.pid}.js`);
  const bundle = await rolldown({ input: at('node_modules/kysely/dist/index.js'), platform: 'node' });
  await bundle.write({ file: own, format: 'esm' });
  await bundle.close();
  // At once whole, for a run beside this one.
  renameSync(own, at('.cache/kysely.js'));
  rmSync(own, { force: true });
  const preload = new URL('one-file-kysely.js', import.meta.url).href;
  env.NODE_OPTIONS = [env.NODE_OPTIONS, `--import=${preload}`].filter(Boolean).join(' ');
}
