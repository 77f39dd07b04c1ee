import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { billOfMaterials, missingIn } from './bill-of-materials.ts';

// npm run sbom: writes the software bill of materials, and sees that no locked dependency is missing in it.

const { values } = parseArgs({
  options: { out: { type: 'string', default: 'var/sbom.cdx.json' }, production: { type: 'boolean', default: false } },
});
const root = fileURLToPath(new URL('../..', import.meta.url));
const bom = await billOfMaterials(root, values.production);
const missing = await missingIn(bom, root, values.production);
const file = resolve(root, values.out);
await mkdir(dirname(file), { recursive: true });
await writeFile(file, `${JSON.stringify(bom, null, 2)}\n`);
console.log(
  `${values.out}: ${bom.components.length} components${values.production ? ', those of production only' : ''}`,
);
for (const each of missing) console.log(`missing: ${each}`);
if (missing.length > 0) process.exitCode = 1;
