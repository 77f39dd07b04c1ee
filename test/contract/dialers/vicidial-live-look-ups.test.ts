import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Desired } from '../../../src/domain/write-back.ts';
import { eventually } from '../../support/eventually.ts';
import { writeBackFor } from './bring-home.ts';
import { startVicidialTables, type VicidialTables } from './vicidial-tables.ts';

/** Denver: 2026-11-20 10:00:00. */
const now = '2026-11-20T17:00:00.000Z';
const ada = { leadId: 1001, code: 'V1200959300000001001', phone: '3035551001', uniqueid: '1795193970.7' };
const sale: Desired = { aspect: 'disposition', disposition: 'SALE', outcome: 'sale' };
/** What a results' connection pool has. */
const usualConnections = 6;

let tables: VicidialTables;
beforeAll(async () => {
  tables = await startVicidialTables(now);
});
afterAll(() => tables.stop());

it('a live call is found while every connection of the write-backs waits for a locked table', async () => {
  await tables.insert('vicidial_auto_calls', {
    ...{ server_ip: '10.10.10.15', campaign_id: 'SPRING', status: 'XFER', lead_id: ada.leadId },
    ...{ uniqueid: ada.uniqueid, callerid: ada.code, phone_code: '1', phone_number: ada.phone },
    call_time: '2026-11-20 09:59:30',
  });
  // Mirrored results have no lead yet: each asks for the lead of its number.
  const nobody = { campaign: 'SPRING', list: '', leadKey: '', callKey: '', agent: '', calledAt: now };
  const rows = Array.from({ length: 16 }, (_, index) => {
    const number = `30355520${String(index).padStart(2, '0')}`;
    return writeBackFor({ ...nobody, number, phone: `+1${number}` }, sale);
  });
  await tables.sql('LOCK TABLES vicidial_list WRITE');
  const delivered = tables.dialer.deliver(rows);
  const waiting = "SELECT id FROM information_schema.processlist WHERE user = ? AND state LIKE 'Waiting for table%'";
  await eventually(async () => expect(await tables.sql(waiting, [tables.reader])).toHaveLength(usualConnections));

  const variables = { code: 'ADA FIELD', cl: 'ADA FIELD', phone: ada.phone, uid: ada.uniqueid };
  const found = await tables.dialer
    .findCall?.(variables, AbortSignal.timeout(tables.config.budgets.registerMs))
    .finally(() => tables.sql('UNLOCK TABLES'));

  expect(found?.leg.callKey).toBe(ada.code);
  expect([...(await delivered).values()].map(({ kind }) => kind)).toEqual(rows.map(() => 'refused'));
});
