import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSite, type TestSite } from './start-site.ts';

const ada = { leadId: 1001, phone: '3035551000' };
const chloe = { leadId: 1003 };

let site: TestSite;
beforeAll(async () => {
  site = await startSite();
});
afterAll(async () => {
  await site.stop();
});
beforeEach(() => {
  site.simulator.fault({ kind: 'none' });
});

const effectsOf = async (record: number | string) =>
  (await site.simulator.journal()).filter((effect) => effect.record === String(record));

describe("VICIdial's Non-Agent API", () => {
  it('tells its version and the offset of its own zone by the simulated clock', async () => {
    const text = await site.api({ function: 'version' });

    expect(text).toMatch(/^VERSION: 2\.14-202\|BUILD: 250720-1841\|DATE: 2026-01-14 1\d:\d\d:\d\d\|EPOCH: \d+\|/);
    expect(text).toMatch(/\|DST: 0\|TZ: -5\.00\|TZNOW: -5\.00\|$/);
  });

  it('counts the rows that really changed, and cuts a status of seven letters without a word', async () => {
    const update = { function: 'update_lead', lead_id: '1002', status: 'ABCDEFG' };

    const first = await site.api(update);
    const second = await site.api(update);

    expect(first).toBe('SUCCESS: update_lead LEAD HAS BEEN UPDATED - patchbay|1002|1|||');
    expect(second).toBe('SUCCESS: update_lead LEAD HAS BEEN UPDATED - patchbay|1002|0|||');
    expect((await site.simulator.state({ leadId: 1002 })).lead).toMatchObject({ status: 'ABCDEF' });
    expect((await effectsOf(1002)).map(({ kind, value, by, isChange }) => [kind, value, by, isChange])).toEqual([
      ['disposition', 'ABCDEF', 'api', true],
      ['disposition', 'ABCDEF', 'api', false],
    ]);
  });

  it('misses a custom field in the first parameter, and answers without SUCCESS', async () => {
    const post = (body: string) =>
      fetch(`${site.simulator.url}/vicidial/non_agent_api.php`, { method: 'POST', body }).then((reply) => reply.text());
    const login = 'source=test&user=patchbay&pass=secret7Word&function=update_lead';

    const first = await post(`plan=silver&${login}&lead_id=${chloe.leadId}&custom_fields=Y`);
    const later = await post(`${login}&lead_id=${chloe.leadId}&custom_fields=Y&plan=silver`);

    expect(first).toBe('');
    expect(later).toBe('NOTICE: update_lead CUSTOM FIELDS VALUES UPDATED - 3035551002|1003|101|0|101|1\n');
    const read = {
      function: 'lead_field_info',
      lead_id: '1003',
      field_name: 'plan',
      custom_fields: 'Y',
      list_id: '101',
    };
    expect(await site.api(read)).toBe('silver');
  });

  it('keeps one callback per lead, in server-local time, until it is removed', async () => {
    const callback = { function: 'update_lead', lead_id: '1004', callback: 'Y', campaign_id: 'SPRING' };
    const at = '2026-01-15 09:30:00';

    const added = await site.api({ ...callback, status: 'CBHOLD', callback_datetime: at });
    const wrong = await site.api({ ...callback, lead_id: '1005', campaign_id: 'WINTER', callback_datetime: at });
    const updated = await site.api({ ...callback, callback_datetime: '2026-01-16 10:00:00' });
    const info = await site.api({ function: 'lead_callback_info', lead_id: '1004' });
    await site.api({ function: 'update_lead', lead_id: '1004', callback: 'REMOVE' });

    expect(added.split('\n')).toEqual([
      'SUCCESS: update_lead LEAD HAS BEEN UPDATED - patchbay|1004|1|||',
      `NOTICE: update_lead SCHEDULED CALLBACK ADDED - 1004|SPRING|${at}|ANYONE||CALLBK`,
    ]);
    expect(wrong).toContain('NOT ADDED, CAMPAIGN NOT VALID');
    expect(updated).toContain('SCHEDULED CALLBACK UPDATED');
    expect(info).toMatch(/^1004\|CURRENT\|ANYONE\|ACTIVE\|CALLBK\|2026-01-16 10:00:00\|/);
    expect((await site.simulator.state({ leadId: 1004 })).callbacks).toEqual([]);
  });

  it('lists a number once, and says so the second time', async () => {
    const add = { function: 'add_dnc_phone', phone_number: ada.phone, campaign_id: 'SYSTEM_INTERNAL' };

    const first = await site.api(add);
    const second = await site.api(add);

    expect(first).toBe(`SUCCESS: add_dnc_phone DNC NUMBER HAS BEEN ADDED - patchbay|${ada.phone}|SYSTEM_INTERNAL`);
    expect(second).toBe(`ERROR: add_dnc_phone DNC NUMBER ALREADY EXISTS: |patchbay|${ada.phone}|SYSTEM_INTERNAL`);
    expect((await site.simulator.state({ leadId: ada.leadId })).dnc).toBe(true);
    expect(await effectsOf(ada.phone)).toHaveLength(1);
  });

  it('holds UTF-8 and true latin1 in the same table, and both texts as they were', async () => {
    const utf8 = await site.simulator.state({ leadId: 1003 });
    await site.simulator.addLeads([
      { leadId: 2001, list: 101, phone: '3035552001', stored: 'latin1', columns: { first_name: 'Chloë' } },
    ]);
    const latin1 = await site.simulator.state({ leadId: 2001 });
    const raw = await site.api({ function: 'lead_field_info', lead_id: '2001', field_name: 'first_name' });

    expect(utf8.lead).toMatchObject({ first_name: 'Chloë' });
    expect(latin1.lead).toMatchObject({ first_name: 'Chloë' });
    expect(raw).toBe('Chlo\ufffd');
  });

  it('answers -1 rows when its SQL breaks, or dies of it on a strict PHP', async () => {
    const broken = { function: 'update_lead', lead_id: '1006', comments: 'ends in \\' };

    const lax = await site.api(broken);
    site.simulator.fault({ kind: 'strictPhp' });
    const strict = await site.api(broken);

    expect(lax).toBe('SUCCESS: update_lead LEAD HAS BEEN UPDATED - patchbay|1006|-1|||');
    expect(strict).toBe('500 ');
    expect((await site.simulator.state({ leadId: 1006 })).lead?.comments).toBe(null);
  });

  it('does not know functions that are newer than its release', async () => {
    site.simulator.fault({ kind: 'oldRelease', build: 160101 });

    const newer = await site.api({ function: 'lead_field_info', lead_id: '1001', field_name: 'status' });
    const older = await site.api({ function: 'update_lead', lead_id: '1007', status: 'NI' });

    expect(newer).toBe('ERROR: NO FUNCTION SPECIFIED');
    expect(older).toBe('SUCCESS: update_lead LEAD HAS BEEN UPDATED - patchbay|1007|1');
  });

  it('loses an answer after the effect, and closes the connection when it is down', async () => {
    site.simulator.fault({ kind: 'timeoutAfterEffect', times: 1 });
    const read = { function: 'lead_field_info', lead_id: '1008', field_name: 'status' };
    expect(await site.api(read)).toBe('NEW');

    await expect(site.api({ function: 'update_lead', lead_id: '1008', status: 'NI' })).rejects.toThrow('aborted');

    expect(await site.api(read)).toBe('NI');
    site.simulator.fault({ kind: 'down' });
    await expect(site.api(read)).rejects.toThrow('fetch failed');
    site.simulator.fault({ kind: 'http500' });
    expect(await site.api(read)).toBe('500 ');
    expect(await site.api(read)).toBe('NI');
  });

  it('echoes a wrong password, and locks the user after ten', async () => {
    const attempt = { function: 'lead_search', phone_number: '3035551001' };

    const wrong: string[] = [];
    for (let count = 0; count < 10; count += 1) wrong.push(await site.api({ ...attempt, pass: 'wrong1' }));
    const right = await site.api(attempt);

    expect(new Set(wrong)).toEqual(new Set(['ERROR: Login incorrect, please try again: |patchbay|wrong1|BAD|']));
    expect(right).toBe('ERROR: Login incorrect, please try again: |patchbay|secret7Word|LOCK|');
  });
});
