import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { openForWriting } from '../../src/store/sqlite/sqlite-database.ts';
import { type DatabaseLogin, report, taskOf } from './child.ts';

// What is compared with: the plainest program that does the same job, by mysql2 and the driver built into Node.

export interface BareTask {
  database: DatabaseLogin;
  /** A SQLite file with our tables, empty; empty text: only read. */
  file: string;
}

const pageSize = 1000;
const zeroDate = /^0000-/;
const fieldNames =
  'title first_name middle_initial last_name address1 address2 address3 city state province postal_code country_code gender date_of_birth email security_phrase comments vendor_lead_code source_id rank owner gmt_offset_now called_count last_local_call_time'.split(
    ' ',
  );
const columns = ['lead_id', 'list_id', 'entry_list_id', 'status', 'user', 'phone_code', 'phone_number', 'alt_phone']
  .concat(fieldNames)
  .map((name) => `l.\`${name}\``)
  .join(', ');

const { database, file } = taskOf<BareTask>();
const { name, ...login } = database;
const connection = await createConnection({ ...login, database: name, dateStrings: true });
const save = file ? openSaving(file) : undefined;
const startedAt = performance.now();
let count = 0;

for (let after = 0; ; ) {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT ${columns}, UNIX_TIMESTAMP(l.modify_date) AS modified, s.campaign_id FROM vicidial_list l
     LEFT JOIN vicidial_lists s ON s.list_id = l.list_id WHERE l.lead_id > ? ORDER BY l.lead_id LIMIT ${pageSize}`,
    [after],
  );
  if (rows.length === 0) break;
  after = Number(rows.at(-1)?.lead_id);
  count += rows.length;
  if (save) save(rows, await readOtherNumbers(rows));
}
report(count, startedAt);
await connection.end();

async function readOtherNumbers(rows: readonly RowDataPacket[]): Promise<RowDataPacket[]> {
  const [others] = await connection.query<RowDataPacket[]>(
    'SELECT lead_id, phone_number FROM vicidial_list_alt_phones WHERE lead_id IN (?) ORDER BY lead_id, alt_phone_count',
    [rows.map((row) => row.lead_id)],
  );
  return others;
}

/** One transaction for a page, statements prepared once, nothing checked. */
function openSaving(path: string) {
  const sqlite = openForWriting(path, 1000);
  const insertLead = sqlite.prepare(
    `INSERT INTO leads (dialer, lead_key, list, campaign, phones, fields, changed_at, saved_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertPhone = sqlite.prepare('INSERT INTO lead_phones VALUES (?, ?, ?)');
  return (rows: readonly RowDataPacket[], others: readonly RowDataPacket[]) => {
    const numbers = Map.groupBy(others, (row) => row.lead_id);
    const savedAt = new Date().toISOString();
    sqlite.exec('begin immediate');
    for (const row of rows) {
      const fields: Record<string, string> = {};
      for (const name of fieldNames) {
        const value = row[name];
        if (value !== null && value !== '' && !zeroDate.test(value)) fields[name] = String(value);
      }
      if (Number(row.gmt_offset_now)) fields.utc_offset = String(row.gmt_offset_now);
      const phones = [
        row.phone_number,
        row.alt_phone,
        ...(numbers.get(row.lead_id) ?? []).map((each) => each.phone_number),
      ]
        .filter(Boolean)
        .map((number) => `+1${number}`);
      const key = String(row.lead_id);
      const changedAt = new Date(row.modified * 1000).toISOString();
      insertLead.run(
        ...['vicidial', key, String(row.list_id), row.campaign_id],
        ...[JSON.stringify(phones), JSON.stringify(fields), changedAt, savedAt],
      );
      for (const phone of phones) insertPhone.run(phone, 'vicidial', key);
    }
    sqlite.exec('commit');
  };
}
