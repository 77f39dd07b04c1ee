import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { UsableAnswer } from '../../../connectors/vicidial/api/api.ts';
import { readAnswer } from '../../../connectors/vicidial/api/api-answer.ts';
import type { Findings } from '../../../connectors/vicidial/setup/checks/check-of.ts';
import {
  lookAtClock,
  lookAtServers,
  lookAtZone,
  winterOffset,
} from '../../../connectors/vicidial/setup/checks/clock-checks.ts';
import { readVersion } from '../../../connectors/vicidial/setup/checks/version.ts';
import { readTableClocks } from '../../../connectors/vicidial/tables/clock-samples.ts';
import { startVicidialTables, type VicidialTables } from './vicidial-tables.ts';

/** Denver: 10:00:00, New York: 12:00:00. */
const now = '2026-11-20T17:00:00.000Z';
const epoch = Date.parse(now) / 1000;

let tables: VicidialTables;
beforeAll(async () => {
  tables = await startVicidialTables(now);
});
afterAll(() => tables.stop());

describe('the check of the time zone', () => {
  afterEach(() => tables.empty('servers', 'vicidial_log'));

  const version = (date: string, at = epoch) =>
    `VERSION: 2.14-202|BUILD: 250720-1841|DATE: ${date}|EPOCH: ${at}|DST: 0|TZ: -7.00|TZNOW: -7.00|\n`;
  const versionOf = (answer: string) =>
    readVersion(readAnswer(200, answer, 'version') as UsableAnswer, tables.clock.now());
  const zone = async (answer: string, hasTables = true): Promise<Findings> =>
    lookAtZone(versionOf(answer), hasTables ? await readTableClocks(tables.database) : null, tables.config.timeZone);
  const servers = async (): Promise<Findings> => {
    const { timeZone } = tables.config;
    return lookAtServers(await readTableClocks(tables.database), winterOffset(tables.clock.now(), timeZone), timeZone);
  };
  const logRow = (callDate: string) => tables.insert('vicidial_log', { ...logged, call_date: callDate });
  const logged = { uniqueid: '1.1', lead_id: 1001, start_epoch: epoch - 60 };
  const server = (id: string, localGmt: string, active = 'Y') =>
    tables.insert('servers', { server_id: id, server_ip: `10.10.10.${id}`, active, local_gmt: localGmt });

  it('finds nothing wrong when web server, log and servers agree with the configuration', async () => {
    await server('15', '-7.00');
    await logRow('2026-11-20 09:59:00');

    expect((await zone(version('2026-11-20 10:00:00'))).faults).toEqual([]);
    expect((await servers()).faults).toEqual([]);
  });

  it('says by how much the web server shows another time of day', async () => {
    const [fault] = (await zone(version('2026-11-20 12:00:00'))).faults ?? [];

    expect(fault?.found).toBe("the web server's clock is 2 h ahead of America/Denver");
    expect(fault?.fix).toContain('5 h behind UTC');
  });

  it('sees that the dialers write another time of day into the log', async () => {
    await logRow('2026-11-20 16:59:00');

    const [fault] = (await zone(version('2026-11-20 10:00:00'))).faults ?? [];

    expect(fault?.found).toBe('the clock of the newest log row is 7 h ahead of America/Denver');
    expect(fault?.fix).toContain('that of UTC');
  });

  it('names an active server whose own setting differs', async () => {
    await server('15', '-7.00');
    await server('16', '-5.00');
    await server('17', '-5.00', 'N');

    const { faults = [] } = await servers();

    expect(faults.map(({ found }) => found)).toEqual([expect.stringContaining('10.10.10.16')]);
  });

  it('warns of a clock that runs ahead', () => {
    expect(lookAtClock(versionOf(version('2026-11-20 10:02:00', epoch + 120))).faults).toMatchObject([
      { found: "the web server's clock is 120 s ahead of ours", isWarning: true },
    ]);
  });

  it('cannot tell when an old release says nothing and no call was made, nor when there are no tables', async () => {
    expect((await zone('VERSION: 2.0.5-100|BUILD: 100512-1200|\n')).isUnknown).toBe(true);
    expect((await zone('ERROR: NO FUNCTION SPECIFIED\n', false)).isUnknown).toBe(true);
    expect(await zone(version('2026-11-20 10:00:00'), false)).toMatchObject({ faults: [] });
    expect(lookAtClock(versionOf('ERROR: NO FUNCTION SPECIFIED\n')).isUnknown).toBe(true);
  });
});
