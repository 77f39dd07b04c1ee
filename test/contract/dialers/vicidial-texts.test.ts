import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVicidialTables, type VicidialTables } from './vicidial-tables.ts';

let tables: VicidialTables;
beforeAll(async () => {
  tables = await startVicidialTables('2026-11-20T17:00:00.000Z');
  await tables.sql(
    'CREATE TABLE custom_101 (lead_id INT UNSIGNED PRIMARY KEY, plan VARCHAR(50)) ENGINE=MyISAM CHARSET=latin1',
  );
  await tables.insert('vicidial_lists', { list_id: 101, campaign_id: 'SPRING' });
  await tables.insert('vicidial_lists_fields', { list_id: 101, field_label: 'plan', field_name: 'Plan' });
  for (const [leadId, how] of Object.entries(stored)) await addLead(Number(leadId), bytesOf('Chloë Łódź', how));
});
afterAll(() => tables.stop());

type Stored = 'utf8' | 'latin1';
/** 1001 was typed into a web page, 1002 loaded from a file in the dialer's own letters. */
const stored: Record<string, Stored> = { 1001: 'utf8', 1002: 'latin1' };

function bytesOf(text: string, how: Stored): Buffer {
  return how === 'utf8' ? Buffer.from(text, 'utf8') : Buffer.from(text.replace(/[Łź]/g, 'ö'), 'latin1');
}

/** The bytes as they are, as a connection that says latin1 puts them in. */
async function addLead(leadId: number, name: Buffer): Promise<void> {
  const bytes = `_latin1 x'${name.toString('hex')}'`;
  await tables.sql(
    `INSERT INTO vicidial_list SET lead_id = ${leadId}, list_id = 101, phone_code = '1', phone_number = '3035551001',
     first_name = ${bytes}, comments = ${bytes}, date_of_birth = '0000-00-00', last_local_call_time = NULL,
     gmt_offset_now = -7, \`rank\` = -3`,
  );
  await tables.sql(`INSERT INTO custom_101 SET lead_id = ${leadId}, plan = ${bytes}`);
}

const readNames = async (leadId: string) => {
  const lead = await tables.reads.lead(leadId);
  return [lead?.fields.first_name, lead?.fields.comments, lead?.fields.plan];
};
const threeTimes = (text: string) => [text, text, text];

describe.each(['latin1', 'utf8mb4'])('names in %s tables', (charset) => {
  beforeAll(async () => {
    if (charset === 'latin1') return;
    for (const name of ['vicidial_list', 'custom_101'])
      await tables.sql(`ALTER TABLE ${name} CONVERT TO CHARACTER SET ${charset}`);
  });

  it('are read as they were typed into a web page', async () => {
    expect(await readNames('1001')).toEqual(threeTimes('Chloë Łódź'));
  });

  it('are read as they were loaded from a file', async () => {
    expect(await readNames('1002')).toEqual(threeTimes('Chloë öódö'));
  });

  it('are read the same for one lead and for a page of them', async () => {
    const page = await tables.dialer.readLeads?.('', AbortSignal.timeout(5000));

    const names = page?.leads.map((lead) => [lead.key, lead.fields.first_name]);
    expect(names).toEqual([
      ['1001', 'Chloë Łódź'],
      ['1002', 'Chloë öódö'],
    ]);
  });
});

it('zero dates and NULLs count as nothing, signs are kept', async () => {
  const lead = await tables.reads.lead('1001');

  expect(lead?.fields).toMatchObject({ gmt_offset_now: '-7.00', rank: '-3' });
  expect(lead?.fields).not.toHaveProperty('date_of_birth');
  expect(lead?.fields).not.toHaveProperty('last_local_call_time');
});

it('a number of digits and junk is a number still, one of junk alone is none', async () => {
  await tables.insert('vicidial_list', {
    lead_id: 1003,
    list_id: 101,
    phone_code: '+1 ',
    phone_number: '(303) 555-1003',
  });
  await tables.insert('vicidial_list', { lead_id: 1004, list_id: 101, phone_code: '', phone_number: 'unknown' });

  expect((await tables.reads.lead('1003'))?.phones).toEqual(['+13035551003']);
  expect(await tables.reads.lead('1004')).toBeNull();
});

it("custom fields are those of the lead's entry list when it has one, else of its own", async () => {
  await tables.sql('CREATE TABLE custom_998 LIKE custom_101');
  await tables.insert('vicidial_lists_fields', { list_id: 998, field_label: 'plan', field_name: 'Plan' });
  for (const [leadId, entryList] of [
    [1005, 998],
    [1006, 99],
  ] as const) {
    await tables.insert('vicidial_list', {
      ...{ lead_id: leadId, list_id: 101, phone_number: '3035551005', phone_code: '1', entry_list_id: entryList },
    });
    await tables.insert('custom_998', { lead_id: leadId, plan: 'entry' });
    await tables.insert('custom_101', { lead_id: leadId, plan: 'own' });
  }

  const plans = [(await tables.reads.lead('1005'))?.fields.plan, (await tables.reads.lead('1006'))?.fields.plan];
  expect(plans).toEqual(['entry', 'own']);
});

it('alternate numbers belong to the lead, and each number once', async () => {
  await tables.insert('vicidial_list', {
    ...{ lead_id: 1007, list_id: 101, phone_code: '1', phone_number: '3035551007', alt_phone: '7205551007' },
  });
  await tables.insert(
    'vicidial_list_alt_phones',
    { lead_id: 1007, phone_code: '44', phone_number: '2079460007', alt_phone_count: 1 },
    { lead_id: 1007, phone_code: '1', phone_number: '3035551007', alt_phone_count: 2 },
  );

  expect((await tables.reads.lead('1007'))?.phones).toEqual(['+13035551007', '+17205551007', '+442079460007']);
});
