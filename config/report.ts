import type { Path } from './document.ts';

/** One thing in a configuration that must change before it can be used. Holds no secret. */
export interface ConfigFault {
  /** `dialers.five9.soap.users[0].password`; empty for the file as a whole. */
  path: string;
  line?: number;
  what: string;
  fix: string;
}

/** A fault in one line. */
export function faultLine({ path, line, what, fix }: ConfigFault): string {
  const where = [path, line === undefined ? '' : `(line ${line})`].filter(Boolean).join(' ');
  return `${where ? `${where}: ` : ''}${what}${fix ? `. ${fix}` : ''}`;
}

/** One readable text of all faults. */
export function renderReport(file: string, faults: readonly ConfigFault[]): string {
  const lines = [`${file} has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:`, ''];
  for (const [index, fault] of faults.entries()) {
    const number = `${index + 1}.`.padStart(4);
    const where = [fault.path, fault.line === undefined ? '' : `(line ${fault.line})`].filter(Boolean).join(' ');
    lines.push(`${number} ${where ? `${where}: ` : ''}${fault.what}`);
    if (fault.fix) lines.push(`     ${fault.fix}`);
  }
  return `${lines.join('\n')}\n`;
}

/** `['dialers', 'five9', 'users', 0]` as `dialers.five9.users[0]`; odd names in quotes. */
export function renderPath(path: Path): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (!/^[A-Za-z_][\w-]*$/.test(String(key))) text += `[${JSON.stringify(String(key))}]`;
    else text += text ? `.${String(key)}` : String(key);
  }
  return text;
}
