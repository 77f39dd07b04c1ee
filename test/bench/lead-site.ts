import { readFileSync } from 'node:fs';
import { type Connection, createConnection } from 'mysql2/promise';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';

export interface LeadSite {
  server: PrivateMariaDb;
  name: string;
  connection: Connection;
  stop(): Promise<void>;
}

export const lists = [101, 102, 103, 104, 105];
const seedRows = 1000;

/** VICIdial's own tables on a private MariaDB, with so many made-up leads spread over five lists. */
export async function startLeadSite(leads: number): Promise<LeadSite> {
  const server = await startPrivateMariaDb({
    sqlMode: '',
    args: ['--key-buffer-size=256M', '--log-output=TABLE', '--long-query-time=0', '--max-allowed-packet=64M'],
  });
  const name = 'asterisk';
  await server.createDatabase(name);
  const { host, port, user, password } = server;
  const connection = await createConnection({
    host,
    port,
    user,
    password,
    database: name,
    charset: 'LATIN1_SWEDISH_CI',
  });
  await createTables(connection);
  await fill(connection, leads);
  return {
    server,
    name,
    connection,
    async stop() {
      await connection.end();
      await server.stop();
    },
  };
}

export async function createTables(connection: Connection): Promise<void> {
  const schema = readFileSync(new URL('../simulators/vicidial/schema.sql', import.meta.url), 'utf8').replace(
    /^--.*$/gm,
    '',
  );
  for (const statement of schema.split(/;\s*$/m)) if (statement.trim()) await connection.query(statement);
}

/** Every fifth lead has a second number, every 25th two more, every 50th a name in UTF-8 bytes, every 70th one in latin1. */
export async function fill(connection: Connection, leads: number): Promise<void> {
  await connection.query(`INSERT INTO vicidial_lists (list_id, list_name, campaign_id, active) VALUES ?`, [
    lists.map((list) => [list, `List ${list}`, list % 2 ? 'SPRING' : 'AUTUMN', 'Y']),
  ]);
  await connection.query('CREATE TEMPORARY TABLE digits (n INT) ENGINE=MEMORY SELECT seq AS n FROM seq_0_to_999');
  await connection.query('ALTER TABLE vicidial_list DISABLE KEYS');
  for (let start = 0; start < leads; start += 100 * seedRows) {
    const blocks = Math.min(100, Math.ceil((leads - start) / seedRows));
    await connection.query(
      `INSERT INTO vicidial_list
         (entry_date, modify_date, status, user, vendor_lead_code, source_id, list_id, gmt_offset_now, phone_code,
          phone_number, title, first_name, last_name, address1, city, state, postal_code, country_code, gender,
          date_of_birth, alt_phone, email, comments, called_count, last_local_call_time)
       SELECT '2026-01-05 08:00:00', '2026-02-01 09:00:00', 'NEW', '', CONCAT('V', i), CONCAT('S', i), 101 + i % 5,
          -5.00 - i % 4, '1', CONCAT(201 + i % 700, '555', LPAD((i DIV 700) % 10000, 4, '0')), 'Dr',
          CASE WHEN i % 50 = 0 THEN UNHEX('43686C6FC3AB') WHEN i % 70 = 0 THEN UNHEX('53F872656E') ELSE CONCAT('First', i % 900) END,
          CONCAT('Last', i % 7000), CONCAT(i % 990, ' Example Street'), 'Springfield', 'CO', LPAD(i % 99999, 5, '0'),
          'USA', 'U', IF(i % 3 = 0, '0000-00-00', '1980-04-05'),
          IF(i % 5 = 0, CONCAT('303555', LPAD(i % 10000, 4, '0')), ''), CONCAT('lead', i, '@example.com'),
          'Asked for a call back in spring', 0, '0000-00-00 00:00:00'
       FROM (SELECT ${start} + b.n * 1000 + d.n AS i FROM digits d JOIN
             (SELECT seq AS n FROM seq_0_to_${blocks - 1}) b ORDER BY i LIMIT ${leads - start}) numbers`,
    );
  }
  await connection.query('ALTER TABLE vicidial_list ENABLE KEYS');
  for (const count of [1, 2]) {
    await connection.query(
      `INSERT INTO vicidial_list_alt_phones (lead_id, phone_code, phone_number, alt_phone_count, active)
       SELECT lead_id, '1', CONCAT('72${count}555', LPAD(lead_id % 10000, 4, '0')), ${count}, 'Y' FROM vicidial_list WHERE lead_id % 25 = 0`,
    );
  }
}

/** So many leads called in the last five minutes, all over the table: a note, the time of the call, and its row in the log. */
export async function changeLeads(connection: Connection, leads: number, round: number): Promise<void> {
  await connection.query(
    `CREATE OR REPLACE TEMPORARY TABLE called (PRIMARY KEY (lead_id)) ENGINE=MEMORY
     SELECT lead_id FROM vicidial_list WHERE lead_id % GREATEST(1, (SELECT COUNT(*) FROM vicidial_list) DIV ${leads}) = 0 LIMIT ${leads}`,
  );
  await connection.query(
    `UPDATE vicidial_list JOIN called USING (lead_id) SET called_count = called_count + 1, comments = 'Called ${round}',
       last_local_call_time = UTC_TIMESTAMP() + INTERVAL gmt_offset_now HOUR - INTERVAL lead_id DIV 7 % 300 SECOND`,
  );
  await connection.query(
    `INSERT INTO vicidial_log (uniqueid, lead_id, list_id, campaign_id, call_date, start_epoch, end_epoch, length_in_sec, status)
     SELECT CONCAT('${round}.', lead_id), lead_id, 101, 'SPRING', UTC_TIMESTAMP() - INTERVAL lead_id DIV 7 % 300 SECOND, UNIX_TIMESTAMP() - lead_id DIV 7 % 300,
       UNIX_TIMESTAMP() - lead_id DIV 7 % 300, 30, 'XFER' FROM called`,
  );
}
