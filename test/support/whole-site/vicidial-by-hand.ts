import { userRights } from '../../../connectors/vicidial/api/functions.ts';
import { type FreshVicidial, vicidialCast } from './fresh-vicidial.ts';
import type { Runbook } from './runbook.ts';

type Secrets = Readonly<Record<string, string>>;
type Site = Pick<FreshVicidial, 'sql'>;

const userGroup = 'PATCHBAY';
const statusColumns = [
  ...['human_answered', 'sale', 'dnc', 'customer_contact', 'not_interested', 'unworkable'],
  ...['scheduled_callback', 'completed', 'answering_machine'],
];

/** The database user and the API user, with what the runbook gives them and no more. */
export async function makeAccounts({ sql }: Site, runbook: Runbook, secrets: Secrets): Promise<void> {
  const [grants = ''] = runbook.step('vicidial', 'A database user that may read, and nothing else').blocks;
  const filled = grants
    .replaceAll('PATCHBAY_HOST', '127.0.0.1')
    .replaceAll('DATABASE_PASSWORD', secrets.VICIDIAL_DB_PASSWORD ?? '');
  const there = (await sql('SHOW TABLES')).flatMap((row) => Object.values(row).map(String));
  for (const statement of filled.split('\n').filter((line) => !line.startsWith('--'))) {
    const [, table] = /ON `asterisk`\.`(\w+)`/.exec(statement) ?? [];
    // "Archives, those that there are".
    if (table?.endsWith('_archive') && !there.includes(table)) continue;
    await sql(statement);
  }

  const step = runbook.step('vicidial', 'An API user with the rights that the work needs');
  const [fields = new Map<string, string>()] = step.entries;
  const forTests = /call test`: functions ([\w ]+)/.exec(step.text)?.[1] ?? '';
  const [, allowed = ''] = /with only ([\w ]+) in Allowed Campaigns/.exec(fields.get('User Group') ?? '') ?? [];
  const rights = Object.entries(userRights).filter(([, { label }]) => fields.has(label));
  await insert(sql, 'vicidial_user_groups', {
    ...{ user_group: userGroup, group_name: 'Patchbay' },
    allowed_campaigns: ` ${allowed} -`,
  });
  await insert(sql, 'vicidial_users', {
    user: fields.get('User Number'),
    pass: secrets.VICIDIAL_API_PASS,
    full_name: 'Patchbay',
    user_level: fields.get('User Level'),
    user_group: userGroup,
    active: fields.get('Active'),
    api_list_restrict: fields.get('API List Restrict'),
    api_allowed_functions: ` ${fields.get('API Allowed Functions')} ${forTests} `,
    ...Object.fromEntries(rights.map(([column, { label }]) => [column, fields.get(label)])),
  });
}

export async function deleteAccounts({ sql }: Site): Promise<void> {
  await sql('DROP USER ?@?', [vicidialCast.reader, '127.0.0.1']);
  await sql("DELETE FROM vicidial_users WHERE user = 'patchbay'");
  await sql('DELETE FROM vicidial_user_groups WHERE user_group = ?', [userGroup]);
}

/** What no API of VICIdial makes: statuses, the carrier, remote agents and the Start Call URL. */
export async function enterIt({ sql }: Site, runbook: Runbook, secrets: Secrets): Promise<void> {
  const key = secrets.ASTERISK_KEY ?? '';
  const fill = (text: string | null = '') =>
    (text ?? '').replaceAll('PATCHBAY_CLIENT', 'asterisk').replaceAll('PATCHBAY_API_KEY', key);

  for (const [status = '', name = '', campaigns = '', flags = ''] of runbook.step(
    'vicidial',
    'Statuses for the outcomes',
  ).rows) {
    const named = flags.toLowerCase().replaceAll(' ', '_').split(',_');
    const columns = Object.fromEntries(statusColumns.map((column) => [column, named.includes(column) ? 'Y' : 'N']));
    for (const campaign_id of campaigns.split(', ')) {
      await insert(sql, 'vicidial_campaign_statuses', {
        ...{ status, status_name: name, campaign_id, selectable: 'N' },
        ...columns,
      });
    }
  }

  const carrier = runbook.step('vicidial', "The platform's carrier: account and dialplan entry");
  const said = (name: string) => new RegExp(`${name} \`([^\`]+)\``).exec(carrier.text)?.[1] ?? '';
  await insert(sql, 'vicidial_server_carriers', {
    carrier_id: said('Carrier ID'),
    carrier_name: said('Carrier Name'),
    protocol: said('Protocol'),
    server_ip: said('Server IP').split(' ')[0] ?? '',
    active: said('Active'),
    dialplan_entry: fill(carrier.blockAt('Dialplan Entry')),
    account_entry: fill(carrier.blockAt('Account Entry')),
  });
  // With PJSIP.
  const handler = carrier.blockAt('Custom Dialplan Entry');
  if (handler) await sql('UPDATE servers SET custom_dialplan_entry = ?', [fill(handler)]);
  // Their pages do it when they are submitted.
  await sql("UPDATE servers SET rebuild_conf_files = 'Y'");

  for (const agent of runbook.step('vicidial', 'The remote agents whose lines the AI answers').entries) {
    await insert(sql, 'vicidial_remote_agents', {
      user_start: agent.get('User ID Start'),
      number_of_lines: agent.get('Number of Lines'),
      server_ip: agent.get('Server IP'),
      conf_exten: agent.get('External Extension'),
      status: agent.get('Status'),
      campaign_id: agent.get('Campaign'),
    });
  }

  const [startUrl] = runbook.step('vicidial', 'The Start Call URL').blocks;
  await sql('UPDATE vicidial_campaigns SET start_call_url = ?', [fill(startUrl)]);
}

/** @param users those that set-up made and no API deletes, as undo names them */
export async function takeItOut({ sql }: Site, users: readonly string[]): Promise<void> {
  await sql('UPDATE vicidial_campaigns SET start_call_url = NULL');
  await sql('UPDATE servers SET custom_dialplan_entry = NULL');
  await sql('DELETE FROM vicidial_remote_agents');
  await sql("DELETE FROM vicidial_server_carriers WHERE carrier_id <> 'OWNTRUNK'");
  await sql('DELETE FROM vicidial_campaign_statuses');
  for (const user of users) await sql('DELETE FROM vicidial_users WHERE user = ?', [user]);
}

async function insert(
  sql: Site['sql'],
  table: string,
  row: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const missing = Object.keys(row).filter((name) => row[name] === undefined);
  if (missing.length > 0) throw new Error(`the runbook says nothing of ${missing.join(', ')} for ${table}`);
  const columns = Object.keys(row).map((name) => `\`${name}\``);
  const places = columns.map(() => '?');
  await sql(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
    Object.values(row).map(String),
  );
}
