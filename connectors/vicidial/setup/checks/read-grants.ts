import { archivesRead, columnsRead, tablesRead } from '../../tables/tables-read.ts';

export interface Grant {
  kind: 'grant';
  rights: readonly string[];
  on: string;
  /** Who has it: the user, or a role of theirs. */
  to: string;
  /** The rights hold for the whole table, not for some columns. */
  isWhole: boolean;
  mayGrant: boolean;
}

/** One line of SHOW GRANTS, as MariaDB and MySQL write it. */
export function readGrant(text: string): Grant | { kind: 'role'; role: string } | { kind: 'other' } {
  const match = /^GRANT (.+?) ON (.+?) TO (\S+)/i.exec(text);
  if (!match) {
    const role = /^GRANT (.+?) TO /i.exec(text)?.[1];
    return role ? { kind: 'role', role: role.replaceAll('`', '') } : { kind: 'other' };
  }
  const [, rights = '', on = '', to = ''] = match;
  const bare = rights.replace(/\([^)]*\)/g, '').split(',');
  return {
    kind: 'grant',
    rights: [...new Set(bare.map((right) => right.trim().toUpperCase()))],
    on: on.replaceAll('`', ''),
    to: to.replaceAll('`', ''),
    isWhole: /\bSELECT\b(?!\s*\()/i.test(rights),
    mayGrant: /WITH GRANT OPTION/i.test(text),
  };
}

/** What of it is more than reading what is needed. */
export function judgeGrant({ rights, on, isWhole, mayGrant }: Grant): string[] {
  const more = rights.filter((right) => !['USAGE', 'SELECT'].includes(right));
  const table = on.split('.').at(-1) ?? '';
  return [
    ...(more.length > 0 ? [`it has ${more.join(', ')} on ${on}`] : []),
    ...(mayGrant ? [`it may grant its rights on ${on} to others`] : []),
    ...(rights.includes('SELECT') ? judgeReading(on, table, isWhole) : []),
  ];
}

function judgeReading(on: string, table: string, isWhole: boolean): string[] {
  if (table === '*') return [`it may read everything in ${on}`];
  if (Object.hasOwn(columnsRead, table))
    return isWhole ? [`it may read the whole of ${table}, passwords included`] : [];
  const known: readonly string[] = [...tablesRead, ...archivesRead];
  return known.includes(table) || /^custom_\d+$/.test(table) ? [] : [`it may read ${on}, which is not needed`];
}
