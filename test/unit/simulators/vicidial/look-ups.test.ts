import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSite, type TestSite } from './start-site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.stop());
beforeEach(() => site.simulator.fault({ kind: 'none' }));

const noCode = 'V0000000000000000000';

describe("VICIdial's look-ups", () => {
  it('name their columns and part them as asked', async () => {
    const piped = await site.api({ function: 'list_info', list_id: '101', header: 'YES' });
    const tabbed = await site.api({ function: 'lead_all_info', lead_id: '1001', header: 'YES', stage: 'tab' });

    const names = 'list_id|list_name|campaign_id|active|list_changedate|list_lastcalldate|expiration_date|resets_today';
    expect(piped.split('\n')[0]).toBe(names);
    expect(piped.split('\n')[1]).toMatch(/^101\|List 101\|SPRING\|Y\|/);
    const [header = '', values = ''] = tabbed.split('\n');
    expect(header.split('\t')).toHaveLength(32);
    expect(header.split('\t').slice(-2)).toEqual(['entry_list_id', 'lead_id']);
    expect(values.split('\t')[31]).toBe('1001');
  });

  it("show custom fields only for the lead's entry list, or one that is named", async () => {
    const ask = (more: Record<string, string>) =>
      site.api({ function: 'lead_all_info', lead_id: '1001', header: 'YES', custom_fields: 'Y', ...more });

    const own = await ask({});
    const forced = await ask({ force_entry_list_id: '101' });

    expect(own.split('\n')[0]).not.toContain('plan');
    expect(forced.split('\n')[0]).toMatch(/\|lead_id\|plan\|ai_summary$/);
    expect(forced.split('\n')[1]).toMatch(/\|1001\|gold\|$/);
  });

  it('print nothing, or die, of a field that is not there', async () => {
    const read = { function: 'lead_field_info', lead_id: '1001', field_name: 'no_such' };

    const lax = await site.api(read);
    site.simulator.fault({ kind: 'strictPhp' });
    const strict = await site.api(read);

    expect([lax, strict]).toEqual(['', '500 ']);
  });

  it.each([
    [{ function: 'lead_all_info', lead_id: '9' }, 'ERROR: lead_all_info LEAD NOT FOUND'],
    [{ function: 'lead_field_info', lead_id: '9', field_name: 'status' }, 'ERROR: lead_field_info LEAD NOT FOUND'],
    [{ function: 'lead_callback_info', lead_id: '1001' }, 'ERROR: lead_callback_info CALLBACK NOT FOUND'],
    [{ function: 'lead_search', phone_number: '2125550000' }, 'ERROR: lead_search NO MATCHES FOUND IN THE SYSTEM'],
    [{ function: 'callid_info', call_id: noCode }, 'ERROR: callid_info CALL NOT FOUND'],
    [{ function: 'callid_info', call_id: 'V1' }, 'ERROR: callid_info INVALID SEARCH PARAMETERS'],
    [{ function: 'ccc_lead_info', call_id: noCode }, 'ERROR: ccc_lead_info CALL NOT FOUND'],
    [{ function: 'agent_status', agent_user: 'nobody' }, 'ERROR: agent_status AGENT NOT FOUND'],
    [{ function: 'agent_status', agent_user: 'anna' }, 'ERROR: agent_status AGENT NOT LOGGED IN'],
    [{ function: 'list_info', list_id: '999' }, 'ERROR: list_info LIST DOES NOT EXIST'],
    [{ function: 'hopper_list', campaign_id: 'NONE' }, 'ERROR: hopper_list THIS CAMPAIGN DOES NOT EXIST'],
    [{ function: 'hopper_list', campaign_id: 'SPRING' }, 'ERROR: hopper_list THERE ARE NO LEADS IN THE HOPPER'],
    [{ function: 'phone_number_log', phone_number: '303' }, 'ERROR: phone_number_log NO VALID PHONE NUMBERS'],
    [{ function: 'phone_number_log', phone_number: '3035551000' }, 'ERROR: phone_number_log NO RECORDS FOUND'],
    [{ function: 'recording_lookup', agent_user: '7001' }, 'ERROR: recording_lookup INVALID SEARCH PARAMETERS'],
    [{ function: 'recording_lookup', lead_id: '1001' }, 'ERROR: recording_lookup NO RECORDINGS FOUND'],
  ])('say so when they find nothing: %j', async (asked, expected) => {
    expect(await site.api(asked)).toContain(expected);
  });

  it.each([
    ['lead_all_info', 210315],
    ['lead_field_info', 160708],
    ['lead_search', 211026],
    ['lead_callback_info', 181213],
    ['ccc_lead_info', 170608],
    ['callid_info', 140123],
    ['logged_in_agents', 151225],
    ['agent_status', 130404],
    ['list_info', 191106],
    ['hopper_list', 200814],
    ['phone_number_log', 170203],
    ['recording_lookup', 101205],
  ])('are not known before their release: %s', async (name, build) => {
    const asked = { function: name, lead_id: '1001', field_name: 'status', call_id: noCode, list_id: '101' };

    site.simulator.fault({ kind: 'oldRelease', build });
    const before = await site.api(asked);
    site.simulator.fault({ kind: 'none' });
    site.simulator.fault({ kind: 'oldRelease', build: build + 1 });
    const since = await site.api(asked);

    expect(before).toBe('ERROR: NO FUNCTION SPECIFIED');
    expect(since).not.toContain('NO FUNCTION SPECIFIED');
  });

  it('follow a call from the line to the log, and show the line DEAD when the customer is gone', async () => {
    const { callerCode } = await site.simulator.place({ leadId: 1002, campaign: 'SPRING', ai: false, answerSec: 1 });
    const lines = () => site.api({ function: 'logged_in_agents', show_sub_status: 'YES' });
    const until = async (pattern: RegExp) => {
      for (let round = 0; round < 200; round += 1) {
        const text = await lines();
        if (pattern.test(text)) return text;
      }
      throw new Error(`the lines never show ${pattern}`);
    };
    await until(new RegExp(`\\|(QUEUE|INCALL)\\|1002\\|${callerCode}\\|`));

    const info = await site.api({ function: 'callid_info', call_id: callerCode, detail: 'YES' });
    const lead = await site.api({ function: 'ccc_lead_info', call_id: callerCode, header: 'YES' });
    const log = await site.api({ function: 'phone_number_log', phone_number: '3035551001' });

    expect(info).toMatch(
      new RegExp(`^${callerCode}\\|0\\|[-: \\d]{19}\\|3035551001\\|OUTBOUND\\|SPRING\\|101\\|(QUEUE|XFER)\\|`),
    );
    expect(lead.split('\n')[0]?.split('|')).toHaveLength(30);
    expect(lead).toContain("|3035551001||Ben||O'Lake|");
    expect(log).toMatch(/^3035551001\|[-: \d]{19}\|101\|/);
    await site.simulator.end(callerCode);
  });
});
