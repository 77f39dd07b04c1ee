import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openVicidial } from '../../../connectors/vicidial/serving.ts';
import type { VicidialDatabase } from '../../../connectors/vicidial/tables/database.ts';
import { tableReads } from '../../../connectors/vicidial/tables/table-reads.ts';
import type { Vicidial } from '../../../connectors/vicidial/vicidial.ts';
import { deliver } from '../../../connectors/vicidial/write/deliver.ts';
import { readSituation } from '../../../connectors/vicidial/write/situation.ts';
import type { Desired, WriteBackTarget } from '../../../src/domain/write-back.ts';
import { eventually } from '../../support/eventually.ts';
import { writeBackFor } from './bring-home.ts';
import { depsOn } from './vicidial-fixture.ts';
import { startVicidialTables, type VicidialTables } from './vicidial-tables.ts';

/** Denver: 2026-11-20 10:00:00. */
const now = '2026-11-20T17:00:00.000Z';
const epoch = (instant: string) => Date.parse(instant) / 1000;
const sale: Desired = { aspect: 'disposition', disposition: 'SALE', outcome: 'sale' };

let tables: VicidialTables;
beforeAll(async () => {
  tables = await startVicidialTables(now);
});
afterAll(() => tables.stop());

/** A VICIdial on the tables that tells of each query when it is asked and when it is answered. */
function watched(tell: (query: string, moment: 'asked' | 'answered') => void): Vicidial {
  const { instance, dialer } = openVicidial('vicidial', tables.config, depsOn(tables.clock, []));
  onTestFinished(() => dialer.close());
  const { database: real } = instance;
  if (!real) throw new Error('the tables are configured');
  async function telling<T>(sql: string, answer: Promise<T>): Promise<T> {
    tell(sql, 'asked');
    return await answer.finally(() => tell(sql, 'answered'));
  }
  const database: VicidialDatabase = {
    ...real,
    select: (row, sql, ...rest) => telling(sql, real.select(row, sql, ...rest)),
    selectAll: (row, sql, ...rest) => telling(sql, real.selectAll(row, sql, ...rest)),
  };
  const { id, config } = instance;
  return { ...instance, database, reads: tableReads({ id, config, database, clock: tables.clock }) };
}

it('a newer call that ends between the looks at the live calls and at the log is seen all the same', async () => {
  const target: WriteBackTarget = {
    ...{ campaign: 'SPRING', list: '101', leadKey: '1001', callKey: 'V1200930000000001001', agent: '' },
    ...{ number: '3035551001', phone: '+13035551001', calledAt: '2026-11-20T16:30:00.000Z' },
  };
  const logRow = (uniqueid: string, from: string, to: string, wall: string) =>
    tables.insert('vicidial_log', {
      ...{ uniqueid, lead_id: 1001, list_id: 101, campaign_id: 'SPRING', status: 'XFER', user: 'VDAD' },
      ...{ start_epoch: epoch(from), end_epoch: epoch(to), call_date: wall, length_in_sec: 20 },
    });
  await tables.insert('vicidial_list', { lead_id: 1001, list_id: 101, status: 'XFER', user: 'VDAD' });
  await logRow('1795192203.1', '2026-11-20T16:30:03Z', '2026-11-20T16:30:23Z', '2026-11-20 09:30:03');
  await tables.insert('vicidial_auto_calls', {
    ...{ server_ip: '10.10.10.15', campaign_id: 'SPRING', status: 'LIVE', lead_id: 1001 },
    ...{ uniqueid: '1795193970.7', callerid: 'V1200959300000001001', call_time: '2026-11-20 09:59:30' },
  });
  const told: string[] = [];
  const vicidial = watched((sql, moment) => {
    const table = ['vicidial_auto_calls', 'vicidial_log', 'vicidial_list l'].find((name) =>
      sql.includes(`FROM ${name}`),
    );
    told.push(`${table} ${moment}`);
  });
  // The look at the live calls waits until the newer call has gone from there to the log.
  await tables.sql('LOCK TABLES vicidial_auto_calls WRITE, vicidial_log WRITE');

  const looking = readSituation(vicidial, target, '1001');
  await eventually(() =>
    expect(told).toEqual(expect.arrayContaining(['vicidial_auto_calls asked', 'vicidial_list l answered'])),
  );
  const askedMeanwhile = told.filter((each) => each === 'vicidial_log asked');
  await tables.empty('vicidial_auto_calls');
  await logRow('1795193970.7', '2026-11-20T16:59:33Z', '2026-11-20T16:59:59Z', '2026-11-20 09:59:33');
  await tables.sql('UNLOCK TABLES');

  expect(await looking).toMatchObject({ kind: 'redialled' });
  expect(askedMeanwhile).toEqual([]);
});

it('an error of ours ends every lane of a batch after its row, before it is told', async () => {
  let open = 0;
  let begun = 0;
  const vicidial = watched((_sql, moment) => {
    open += moment === 'asked' ? 1 : -1;
    begun += moment === 'asked' ? 1 : 0;
  });
  // Mirrored results have no lead yet: each asks for the lead of its number.
  const nobody = { campaign: 'SPRING', list: '', leadKey: '', callKey: '', agent: '', calledAt: now };
  const rows = Array.from({ length: 100 }, (_, index) => {
    const number = `30355530${String(index).padStart(2, '0')}`;
    return writeBackFor({ ...nobody, number, phone: `+1${number}` }, sale);
  });
  const broken = writeBackFor({ ...nobody, number: '' } as unknown as WriteBackTarget, sale);
  const lanes = 16;

  const delivered = deliver(vicidial, [...rows.slice(0, lanes - 1), broken, ...rows.slice(lanes)]);

  await expect(delivered).rejects.toThrow(TypeError);
  expect([open, begun]).toEqual([0, lanes - 1]);
  await setImmediate();
  expect(begun).toBe(lanes - 1);
});
