import request from 'supertest';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { vicidial } from '../../connectors/vicidial/index.ts';
import { startVicidialTables, type VicidialTables } from '../contract/dialers/vicidial-tables.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

/** Denver: 10:00:00. */
const now = '2026-11-20T17:00:00.000Z';
const adasCode = 'V1200959300000001001';
const bobsCode = 'V1200959310000001002';

let tables: VicidialTables;
let patchbay: TestApp;
beforeAll(async () => {
  tables = await startVicidialTables(now);
  await tables.insert('vicidial_lists', { list_id: 101, campaign_id: 'SPRING' });
  const lead = { list_id: 101, phone_code: '1' };
  await tables.insert(
    'vicidial_list',
    { ...lead, lead_id: 1001, phone_number: '3035551001', first_name: 'Ada' },
    { ...lead, lead_id: 1002, phone_number: '3035551002', first_name: 'Bob' },
  );
  const { type, timeZone, api, database } = tables.config;
  patchbay = await startTestApp({
    clock: tables.clock,
    registry: { dialers: [vicidial], platforms: [sigmamind] },
    dialers: {
      vicidial: {
        ...{ type, timeZone, api, database },
        headers: [
          { name: 'X-correlation_id', from: 'correlation_id' },
          { name: 'X-lead_id', from: 'lead_id' },
          { name: 'X-first_name', from: 'first_name' },
        ],
        budgets: { registerMs: 2000, headersMs: 2000 },
      },
    },
  });
});
afterAll(async () => {
  await patchbay.stop();
  await tables.stop();
});
afterEach(() => tables.empty('vicidial_auto_calls'));

const goesOn = (code: string, leadId: number, change: Record<string, string> = {}) =>
  tables.insert('vicidial_auto_calls', {
    ...{ server_ip: '10.10.10.15', campaign_id: 'SPRING', status: 'XFER', lead_id: leadId, callerid: code },
    ...{ uniqueid: `1795193970.${leadId}`, phone_code: '1', phone_number: `303555${leadId}` },
    ...{ call_time: '2026-11-20 09:59:30', ...change },
  });

async function ask(endpoint: 'headers' | 'register', query: Record<string, string>): Promise<Record<string, string>> {
  const answer = await request(patchbay.url)
    .get(`/v1/ivr/vicidial/${endpoint}`)
    .query({ fmt: 'json', ...query })
    .set('X-API-Key', keys.script);
  return answer.body as Record<string, string>;
}

describe('headers of a call whose name was overwritten', () => {
  it.each(['headers', 'register'] as const)('are those that its code would have got, from %s', async (endpoint) => {
    await goesOn(adasCode, 1001);
    await goesOn(bobsCode, 1002);

    const byCode = await ask(endpoint, { code: adasCode, phone: '3035551001' });
    const byNumber = await ask(endpoint, { code: 'ADA FIELD', cl: 'ADA FIELD', phone: '3035551001' });

    const known = Object.values(byCode);
    expect(known).toContain('Ada');
    expect(known).toContain('1001');
    expect(byNumber).toEqual(byCode);
  });

  it('are none where two calls could be meant', async () => {
    await goesOn(adasCode, 1001);
    await goesOn(bobsCode, 1002, { phone_number: '3035551001' });

    expect(await ask('headers', { code: 'ADA FIELD', phone: '3035551001' })).toEqual({});
    expect(await ask('register', { code: 'ADA FIELD', phone: '3035551001' })).toMatchObject({ status: 'error' });
  });
});

it.each(['J1200959550000001001', 'DC193995W0000001001W'])("%s goes on as the customer's own call", async (code) => {
  await goesOn(adasCode, 1001);

  const first = await ask('register', { code: adasCode, phone: '3035551001' });
  const second = await ask('register', { code, phone: '3035551001' });
  const id = String(first.correlation_id);
  await request(patchbay.url)
    .post('/v1/platforms/sigmamind/tools/commit-outcome')
    .set('Authorization', `Bearer ${keys.tools}`)
    .send({ correlation_id: second.correlation_id, outcome: 'sale', summary: 'Bought' });
  const rows = await patchbay.app.deps.store.writeBacksOf(id);
  const refs = await patchbay.app.deps.store.refsOf(id);

  expect(id).toMatch(/^[0-9a-z]{14}$/);
  expect(second.correlation_id).toBe(id);
  expect(refs.map((ref) => ref.key)).toContain(`${code}@2026-11-20`);
  expect(rows.filter((row) => row.aspect === 'disposition').map((row) => row.target.callKey)).toEqual([adasCode]);
});
