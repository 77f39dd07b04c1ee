import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { VicidialApi } from '../../../connectors/vicidial/api/api.ts';
import { readAnswer } from '../../../connectors/vicidial/api/api-answer.ts';
import { checkClock } from '../../../connectors/vicidial/setup/check-clock.ts';
import type { Vicidial } from '../../../connectors/vicidial/vicidial.ts';
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
  const check = (answer: string, database: Vicidial['database'] = tables.database) => {
    const api = { call: async () => readAnswer(200, answer, 'version') } as unknown as VicidialApi;
    const { config, clock } = tables;
    return checkClock({ api, config, database, deps: { clock } } as unknown as Vicidial);
  };
  const logRow = (callDate: string) => tables.insert('vicidial_log', { ...logged, call_date: callDate });
  const logged = { uniqueid: '1.1', lead_id: 1001, start_epoch: epoch - 60 };
  const server = (id: string, localGmt: string, active = 'Y') =>
    tables.insert('servers', { server_id: id, server_ip: `10.10.10.${id}`, active, local_gmt: localGmt });

  it('passes when web server, log and servers agree with the configuration', async () => {
    await server('15', '-7.00');
    await logRow('2026-11-20 09:59:00');

    expect(await check(version('2026-11-20 10:00:00'))).toMatchObject({ status: 'ok' });
  });

  it('fails when the web server shows another time of day, and says by how much', async () => {
    const result = await check(version('2026-11-20 12:00:00'));

    expect(result.status).toBe('fail');
    expect(result.found).toBe("the web server's clock is 2 h ahead of America/Denver");
    expect(result.fix).toContain('5 h behind UTC');
  });

  it('fails when the dialers write another time of day into the log', async () => {
    await logRow('2026-11-20 16:59:00');

    const result = await check(version('2026-11-20 10:00:00'));

    expect(result).toMatchObject({
      status: 'fail',
      found: 'the clock of the newest log row is 7 h ahead of America/Denver',
    });
    expect(result.fix).toContain('that of UTC');
  });

  it('warns of a server whose own setting differs, in a zone without summer time too', async () => {
    await server('15', '-7.00');
    await server('16', '-5.00');
    await server('17', '-5.00', 'N');

    const result = await check(version('2026-11-20 10:00:00'));

    expect(result.status).toBe('warn');
    expect(result.found).toContain('10.10.10.16');
    expect(result.found).not.toContain('10.10.10.17');
  });

  it('warns of a clock that runs ahead', async () => {
    expect(await check(version('2026-11-20 10:02:00', epoch + 120))).toMatchObject({
      status: 'warn',
      found: "the web server's clock is 120 s ahead of ours",
    });
  });

  it('cannot tell when an old release says nothing and no call was made, nor when there are no tables', async () => {
    expect((await check('VERSION: 2.0.5-100|BUILD: 100512-1200|\n')).status).toBe('unknown');
    expect((await check('ERROR: NO FUNCTION SPECIFIED\n', null)).status).toBe('unknown');
    expect((await check(version('2026-11-20 10:00:00'), null)).status).toBe('ok');
  });
});
