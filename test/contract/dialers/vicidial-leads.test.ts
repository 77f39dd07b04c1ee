import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { VicidialConfig } from '../../../connectors/vicidial/config.ts';
import { createLeadReader } from '../../../connectors/vicidial/leads/read-leads.ts';
import {
  type DatabasePlace,
  openDatabase,
  type VicidialDatabase,
} from '../../../connectors/vicidial/tables/database.ts';
import type { LeadPage } from '../../../src/domain/lead.ts';
import { type LeadSite, startLeadSite } from '../../bench/lead-site.ts';

const leads = 50_000;
const hourMs = 3_600_000;
const start = Date.parse('2026-06-10T18:00:00Z');
const zone = 'America/Denver';

let site: LeadSite;
let database: VicidialDatabase;
let now = start;

beforeAll(async () => {
  site = await startLeadSite(leads);
  database = openDatabase(placeOf());
}, 120_000);
beforeEach(async () => {
  now = start;
  await site.connection.query('TRUNCATE vicidial_log');
  await site.connection.query('TRUNCATE vicidial_closer_log');
  await site.connection.query('TRUNCATE vicidial_remote_agent_log');
  await site.connection.query('UPDATE vicidial_list SET last_local_call_time = NULL WHERE lead_id <= 5');
  await site.connection.query('UPDATE vicidial_lists SET active = "Y"');
});
afterAll(async () => {
  await database.close();
  await site.stop();
});

describe('reading every lead', () => {
  it('gives each one of the lists once, with its other numbers and its letters', async () => {
    const { pages, since } = await readAll(reader(), '');

    const all = pages.flatMap((page) => page.leads);
    expect(new Set(all.map(({ key }) => key)).size).toBe(leads);
    expect(all).toHaveLength(leads);
    expect(pages.every((page) => page.leads.length <= 1000)).toBe(true);
    expect(pages.map(({ share }) => share)).toEqual(
      pages.map(({ share }) => share).sort((a, b) => (a ?? 0) - (b ?? 0)),
    );
    expect(since).not.toBe('');
    expect(all.find(({ key }) => key === '51')).toMatchObject({
      list: '101',
      campaign: 'SPRING',
      fields: { first_name: 'Chloë' },
    });
    expect(all.find(({ key }) => key === '71')?.fields.first_name).toBe('Søren');
    expect(all.find(({ key }) => key === '76')?.phones).toEqual(['+12765550000', '+13035550075']);
    expect(all.find(({ key }) => key === '50')?.phones).toEqual(['+12505550000', '+17215550050', '+17225550050']);
  });

  it('finds the few leads of a small list among many others', async () => {
    await site.connection.query('INSERT INTO vicidial_lists (list_id, campaign_id) VALUES (900, "SPRING")');
    await site.connection.query('UPDATE vicidial_list SET list_id = 900 WHERE lead_id IN (3, 24000, 49999)');

    const { pages } = await readAll(reader({ lists: [900] }), '');

    await putBack();
    await site.connection.query('DELETE FROM vicidial_lists WHERE list_id = 900');
    expect(pages.flatMap((page) => page.leads.map(({ key }) => key))).toEqual(['3', '24000', '49999']);
    expect(pages.length).toBeLessThan(12);
  });

  it('jumps over a long gap that deleted leads left', async () => {
    await site.connection.query(
      "INSERT INTO vicidial_list (lead_id, list_id, phone_code, phone_number) VALUES (9000000, 101, '1', '3035559997')",
    );

    const { pages } = await readAll(reader(), '');

    await site.connection.query('DELETE FROM vicidial_list WHERE lead_id = 9000000');
    await site.connection.query(`ALTER TABLE vicidial_list AUTO_INCREMENT = ${leads + 1}`);
    expect(pages.at(-1)?.leads.map(({ key }) => key)).toEqual(['9000000']);
    expect(pages.length).toBeLessThan(60);
  });

  it('goes on where it was cut off, and begins anew from a cursor of an earlier release', async () => {
    const [first] = (await readAll(reader(), '', 1)).pages;
    const rest = await readAll(reader(), first?.cursor ?? '');
    const old = await readAll(reader(), 'full:103:20000');

    expect(rest.pages.flatMap((page) => page.leads)).toHaveLength(leads - 1000);
    expect(rest.pages[0]?.leads[0]?.key).toBe('1001');
    expect(old.pages.flatMap((page) => page.leads)).toHaveLength(leads);
  });

  it('refuses a cursor that is not its own', async () => {
    await expect(reader()('nonsense', AbortSignal.timeout(5000))).rejects.toMatchObject({ code: 'bad_request' });
  });
});

describe('reading what changed', () => {
  it('gives nobody when nobody was called', async () => {
    expect(await changesAfter(async () => undefined)).toEqual([]);
  });

  it('finds a lead that was called, by its own local time, wherever it lives', async () => {
    const keys = await changesAfter(async () => {
      // 18:30 UTC; their clocks are 5 to 8 hours behind, and one is half an hour off.
      await site.connection.query('UPDATE vicidial_list SET gmt_offset_now = -3.50 WHERE lead_id = 5');
      await site.connection.query(
        'UPDATE vicidial_list SET last_local_call_time = DATE_ADD("2026-06-10 18:30:00", INTERVAL gmt_offset_now * 60 MINUTE) WHERE lead_id <= 5',
      );
    });

    expect(keys).toEqual(['1', '2', '3', '4', '5']);
  });

  it('finds leads that only the logs name, in any of them, and reads none twice', async () => {
    const keys = await changesAfter(async () => {
      await logCall('vicidial_log', 11, '12:20:00');
      await logCall('vicidial_closer_log', 12, '12:20:00');
      await site.connection.query(
        'INSERT INTO vicidial_remote_agent_log (lead_id, call_time) VALUES (13, "2026-06-10 12:20:00"), (11, "2026-06-10 12:20:01")',
      );
    });

    expect(keys).toEqual(['11', '12', '13']);
  });

  it('loses nobody of more calls in one second than a page holds', async () => {
    const keys = await changesAfter(async () => {
      await site.connection.query(
        `INSERT INTO vicidial_log (uniqueid, lead_id, call_date, start_epoch, end_epoch)
         SELECT lead_id, lead_id, '2026-06-10 12:30:00', 1, 2 FROM vicidial_list WHERE lead_id BETWEEN 2001 AND 4600`,
      );
    });

    expect(keys).toHaveLength(2600);
    expect(new Set(keys).size).toBe(2600);
  });

  it('finds new leads, and those that were moved to another list and called', async () => {
    await site.connection.query('UPDATE vicidial_lists SET active = "N" WHERE list_id = 105');
    const pages = await pagesAfter(async () => {
      await site.connection.query(
        "INSERT INTO vicidial_list (list_id, phone_code, phone_number) VALUES (101, '1', '3035559999'), (105, '1', '3035559998')",
      );
      await site.connection.query('UPDATE vicidial_list SET list_id = 105 WHERE lead_id = 21');
      await site.connection.query('UPDATE vicidial_list SET list_id = 102 WHERE lead_id = 26');
      await logCall('vicidial_log', 21, '12:20:00');
      await logCall('vicidial_log', 26, '12:20:00');
    });
    await site.connection.query(`DELETE FROM vicidial_list WHERE lead_id > ${leads}`);
    await putBack();

    const given = pages.flatMap((page) => page.leads.map(({ key, list }) => `${key} in ${list}`));
    // The last hundred ids are read again: inserts at the same time may show in another order.
    expect(given.filter((each) => !each.startsWith('499') && !each.startsWith('50000'))).toEqual([
      `${leads + 1} in 101`,
      '26 in 102',
    ]);
    expect(pages.flatMap((page) => (page.strays ?? []).map(({ key, list }) => `${key} in ${list}`))).toEqual([
      '21 in 105',
    ]);
  });

  it('comes back to a call that went on, and to one that was written late', async () => {
    const read = reader();
    let { since } = await readAll(read, '');
    now += hourMs;
    await logCall('vicidial_log', 31, '12:20:00', { isOpen: true });
    const first = await readAll(read, since);
    now += hourMs;
    await logCall('vicidial_log', 32, '12:52:00');
    const second = await readAll(read, first.since);
    await site.connection.query('UPDATE vicidial_log SET end_epoch = ? WHERE lead_id = 31', [now / 1000]);
    now += 3 * hourMs;
    const third = await readAll(read, second.since);
    now += hourMs;
    const fourth = await readAll(read, third.since);
    since = fourth.since;

    expect([first, second, third, fourth].map(({ pages }) => changedKeys(pages))).toEqual([
      ['31'],
      ['31', '32'],
      ['31', '32'],
      [],
    ]);
  });

  it('goes on where it was cut off, in a new process too', async () => {
    const { since } = await readAll(reader(), '');
    now += hourMs;
    await site.connection.query(
      `INSERT INTO vicidial_log (uniqueid, lead_id, call_date, start_epoch, end_epoch)
       SELECT lead_id, lead_id, '2026-06-10 12:30:00', 1, 2 FROM vicidial_list WHERE lead_id BETWEEN 2001 AND 4600`,
    );

    const keys: string[] = [];
    for (let cursor = since; cursor; ) {
      const page = await reader()(cursor, AbortSignal.timeout(5000), 'full');
      keys.push(...changedKeys([page]));
      cursor = page.cursor;
    }

    expect(new Set(keys).size).toBe(2600);
  });

  it('gives a page again that could not be saved', async () => {
    const read = reader();
    const { since } = await readAll(read, '');
    now += hourMs;
    await logCall('vicidial_log', 41, '12:20:00');
    let cursorBefore = since;
    for (let cursor = since; cursor; ) {
      const page = await read(cursor, AbortSignal.timeout(5000));
      cursorBefore = cursor;
      if (changedKeys([page]).includes('41')) break;
      cursor = page.cursor;
    }
    const again = await read(cursorBefore, AbortSignal.timeout(5000));

    expect(changedKeys([again])).toEqual(['41']);
  });

  it('reads every lead again when a day is over, when the lists are others, and never by itself when it is told so', async () => {
    const { since } = await readAll(reader(), '');
    const count = async (read: ReturnType<typeof reader>) =>
      (await readAll(read, since)).pages.flatMap((page) => page.leads).length;

    now = start + 23 * hourMs;
    const soon = await count(reader());
    const others = await count(reader({ lists: [101] }));
    now = start + 24 * hourMs;
    const due = await count(reader());
    const byHandOnly = await count(reader({ fullEveryHours: 0 }));

    expect([soon < 200, others, due, byHandOnly < 200]).toEqual([true, leads / 5, leads, true]);
  });

  it('passes over a log that lacks its index, and reads the others', async () => {
    await site.connection.query('ALTER TABLE vicidial_log DROP KEY call_date');
    const recorded: string[] = [];
    const read = reader({}, recording(recorded));
    const { since } = await readAll(read, '');
    now += hourMs;
    await logCall('vicidial_log', 51, '12:20:00');
    await logCall('vicidial_closer_log', 52, '12:20:00');

    const { pages } = await readAll(read, since);

    await site.connection.query('ALTER TABLE vicidial_log ADD KEY (call_date)');
    expect(changedKeys(pages)).toEqual(['52']);
    expect(recorded.filter((sql) => sql.includes('FROM vicidial_log'))).toEqual([]);
  });
});

describe('a replica', () => {
  it('that lags behind is asked again from where it stood', async () => {
    const master = { ...database, select: async () => [{ at: '2026-06-10 12:59:00' }] } as unknown as VicidialDatabase;
    const read = reader({}, database, master);
    await logCall('vicidial_log', 61, '11:00:00');
    const { since } = await readAll(read, '');
    now += hourMs;
    // This call was made before the first read, but the replica learns of it only now.
    await logCall('vicidial_log', 62, '11:30:00');

    expect(changedKeys((await readAll(read, since)).pages)).toContain('62');
  });

  it('that is away is said to be away, and the dialer itself is not asked instead', async () => {
    const gone = openDatabase(
      { ...placeOf(), port: 9, timeoutMs: 500 },
      { what: "the replica of VICIdial's database", keys: 'database.replica' },
    );
    const asked: string[] = [];

    await expect(reader({}, gone, recording(asked))('', AbortSignal.timeout(5000))).rejects.toMatchObject({
      code: 'dialer_away',
      retryable: true,
      message: expect.stringContaining('replica'),
      hint: expect.stringContaining('database.replica.host'),
    });
    await gone.close();
    expect(asked).toEqual([]);
  });
});

it('can be closed while it still tries to connect', async () => {
  const gone = openDatabase({ ...placeOf(), port: 9, timeoutMs: 500 });
  const asked = gone.select(z.object({}), 'SELECT 1', []).catch(() => 'away');

  await expect(gone.close()).resolves.toBeUndefined();
  expect(await asked).toBe('away');
});

it('asks nothing that goes through a whole table of leads or calls', async () => {
  const asked: string[] = [];
  const read = reader({}, recording(asked));
  await site.connection.query(
    `INSERT INTO vicidial_log (uniqueid, lead_id, call_date, start_epoch, end_epoch)
     SELECT lead_id, lead_id, '2026-06-10 12:30:00', 1, 2 FROM vicidial_list`,
  );
  await site.connection.query(
    `INSERT INTO vicidial_remote_agent_log (lead_id, call_time) SELECT lead_id, '2026-06-10 12:31:00' FROM vicidial_list LIMIT 3000`,
  );
  const { since } = await readAll(read, '');
  now += hourMs;
  await readAll(read, since);

  const kinds = new Set<string>();
  for (const sql of asked) {
    if (kinds.has(shapeOf(sql))) continue;
    kinds.add(shapeOf(sql));
    const [plan] = await site.connection.query(`EXPLAIN ${sql}`);
    for (const step of plan as { table: string | null; type: string | null; Extra: string }[]) {
      if (!/^vicidial_(list|list_alt_phones|.*log)$/.test(step.table ?? '')) continue;
      expect(step.type, `${shapeOf(sql)}: ${JSON.stringify(step)}`).toMatch(/^(range|ref|eq_ref|const)$/);
      expect(step.Extra).not.toContain('filesort');
    }
  }
  expect(kinds.size).toBeGreaterThan(8);
});

/** Each lead into the list that it was made in. */
async function putBack(): Promise<void> {
  await site.connection.query(
    'UPDATE vicidial_list SET list_id = 101 + (lead_id - 1) % 5 WHERE list_id <> 101 + (lead_id - 1) % 5',
  );
}

function placeOf(): DatabasePlace {
  const { host, port, user, password } = site.server;
  return { host, port, user, password, name: site.name, timeoutMs: 5000 };
}

function configOf(sync: object = {}): VicidialConfig {
  return VicidialConfig.parse({
    type: 'vicidial',
    api: { url: 'http://127.0.0.1:9/vicidial/non_agent_api.php', user: 'unused', pass: 'unused' },
    database: placeOf(),
    timeZone: zone,
    sync,
  });
}

function reader(sync: object = {}, bulk = database, master = bulk) {
  const deps = { clock: { now: () => now, sleep: async () => undefined } };
  const read = createLeadReader({
    id: 'vicidial',
    config: configOf(sync),
    deps: deps as never,
    database: master,
    bulk,
  });
  return (cursor: string, signal: AbortSignal, pace: 'full' | 'gentle' = 'full') => read(cursor, signal, pace);
}

async function readAll(read: ReturnType<typeof reader>, from: string, most = 10_000) {
  const pages: LeadPage[] = [];
  for (let cursor = from; pages.length < most; ) {
    const page = await read(cursor, AbortSignal.timeout(10_000));
    pages.push(page);
    cursor = page.cursor;
    if (!cursor) break;
  }
  return { pages, since: pages.at(-1)?.since ?? '' };
}

/** Reads everybody, lets an hour pass in which something happens, and reads what changed. */
async function pagesAfter(happening: () => Promise<void>): Promise<LeadPage[]> {
  const read = reader();
  const { since } = await readAll(read, '');
  await happening();
  now += hourMs;
  return (await readAll(read, since)).pages;
}

async function changesAfter(happening: () => Promise<void>): Promise<string[]> {
  return changedKeys(await pagesAfter(happening));
}

/** Without the last hundred ids, which are always read again. */
function changedKeys(pages: readonly LeadPage[]): string[] {
  return pages.flatMap((page) => page.leads.map(({ key }) => key)).filter((key) => Number(key) <= leads - 100);
}

async function logCall(table: string, leadId: number, time: string, { isOpen = false } = {}): Promise<void> {
  const id = table === 'vicidial_log' ? 'uniqueid' : 'closecallid';
  const startedSec = Date.parse(`2026-06-10T${time}-06:00`) / 1000;
  await site.connection.query(
    `INSERT INTO ${table} (${id}, lead_id, call_date, start_epoch, end_epoch) VALUES (?, ?, ?, ?, ?)`,
    [leadId, leadId, `2026-06-10 ${time}`, startedSec, isOpen ? 0 : startedSec + 60],
  );
}

/** The same database, and what it is asked, as the driver sends it. */
function recording(asked: string[]): VicidialDatabase {
  const note = (sql: string, values: readonly unknown[]) => asked.push(site.connection.format(sql, [...values]));
  return {
    ...database,
    select(row, sql, values, signal) {
      note(sql, values);
      return database.select(row, sql, values, signal);
    },
    selectAll(row, sql, values, signal) {
      note(sql, values);
      return database.selectAll(row, sql, values, signal);
    },
    selectCells(sql, values, signal) {
      note(sql, values);
      return database.selectCells(sql, values, signal);
    },
  };
}

/** A query without its values. */
function shapeOf(sql: string): string {
  return sql
    .replace(/'[^']*'|-?\d+(\.\d+)?/g, '?')
    .replace(/(\?, ?)+\?/g, '?…')
    .replaceAll(/\s+/g, ' ');
}
