import { archivesRead, columnsRead, tablesRead } from '../../tables/tables-read.ts';
import { placeholders, type Site, type Snippet } from './site.ts';

/** A database user that may SELECT what Patchbay reads, and nothing else. */
export function grantsSnippet({ config }: Site): Snippet {
  const { user, name } = config.database ?? { user: 'patchbay', name: 'asterisk' };
  const account = `'${quoted(user)}'@'${placeholders.patchbayHost}'`;
  const lists = config.customFields.length > 0 ? config.sync.lists : [];
  const grant = (table: string) => `GRANT SELECT ON \`${name}\`.\`${table}\` TO ${account};`;
  return {
    name: 'grants',
    where: "VICIdial's database server, as its root user",
    text: [
      `CREATE USER ${account} IDENTIFIED BY '${placeholders.databasePassword}';`,
      ...[...tablesRead, ...lists.map((list) => `custom_${list}`)].map(grant),
      ...Object.entries(columnsRead).map(([table, columns]) => columnGrant({ name, account, table, columns })),
      '-- Archives, those that there are:',
      ...archivesRead.map(grant),
    ].join('\n'),
    notes: [
      'Tables with passwords in them are granted by columns. A release that lacks one of these columns refuses the line: leave the column out.',
      "account_entry of vicidial_server_carriers may hold log-ins of carriers: the doctor looks there for the platform's peer, and keeps names, hosts and transports alone. Whoever has this log-in can read it: keep it as safe as VICIdial's own.",
      `Replace ${placeholders.patchbayHost} by the address of Patchbay as the database sees it, and ${placeholders.databasePassword}.`,
      ...(config.customFields.length > 0 ? [customFieldsNote(name, account)] : []),
    ],
  };
}

/** One statement for some columns of a table, whose other columns stay unseen. */
export function columnGrant(of: { name: string; account: string; table: string; columns: readonly string[] }): string {
  return `GRANT SELECT (${of.columns.join(', ')}) ON \`${of.name}\`.\`${of.table}\` TO ${of.account};`;
}

/** MariaDB has no wildcard for tables, so that each list with custom fields needs a line of its own. */
function customFieldsNote(name: string, account: string): string {
  return `Custom fields lie in one table per list. To grant them all: SELECT CONCAT('GRANT SELECT ON \`', table_schema, '\`.\`', table_name, '\` TO ${account.replaceAll("'", "''")};') FROM information_schema.tables WHERE table_schema = '${name}' AND table_name REGEXP '^custom_[0-9]+$'; and run what it prints.`;
}

function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "''");
}
