import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { auditContext } from '../../../connectors/five9/ivr/audit/audit-context.ts';
import { auditScript } from '../../../connectors/five9/ivr/audit/audit-script.ts';
import type { Finding } from '../../../connectors/five9/ivr/audit/finding.ts';
import { readExport } from '../../../connectors/five9/ivr/audit/read-export.ts';
import { springConfig } from './script-cast.ts';

export const publicUrl = 'https://patchbay.example.com';

export function goodScript(name = 'good-handoff-a.five9ivr'): string {
  return readFileSync(new URL(`scripts/${name}`, import.meta.url), 'utf8');
}

export function audit(text: string, config = springConfig()): Finding[] {
  return auditScript(readExport(Buffer.from(text)), auditContext('five9', publicUrl, config, 'Spring'));
}

/** Changes one module of a script; a change that changes nothing is a fault of the test. */
export function changed(text: string, module: string, change: (block: string) => string): string {
  const blocks = /^ {8}<(\w+)>\n[\s\S]*?^ {8}<\/\1>\n/gm;
  let isChanged = false;
  const result = text.replace(blocks, (block) => {
    if (!block.includes(`<moduleName>${module}</moduleName>`)) return block;
    const after = change(block);
    isChanged ||= after !== block;
    return after;
  });
  if (!isChanged) throw new Error(`nothing was changed in the module ${module}`);
  return result;
}

/** A change of the whole text, which must change it. */
export function replaced(text: string, search: string | RegExp, by: string): string {
  const result = text.replace(search, () => by);
  if (result === text) throw new Error(`the script has no ${search}`);
  return result;
}

export function packed(text: string): string {
  return gzipSync(text).toString('base64');
}
