import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Variables } from '../../../src/domain/connector.ts';
import type { WriteBackTarget } from '../../../src/domain/write-back.ts';
import { startVicidialTables, type VicidialTables } from './vicidial-tables.ts';

/** Denver: 2026-11-20 10:00:00. */
const now = '2026-11-20T17:00:00.000Z';
const epoch = (instant: string) => Date.parse(instant) / 1000;

const ada = { leadId: 1001, code: 'V1200959300000001001', phone: '3035551001', uniqueid: '1795193970.7' };
const bob = { leadId: 1002, code: 'V1200959310000001002', phone: '3035551002', uniqueid: '1795193971.8' };
type Person = typeof ada;

let tables: VicidialTables;
beforeAll(async () => {
  tables = await startVicidialTables(now);
});
afterAll(() => tables.stop());

const liveRow = ({ leadId, code, phone, uniqueid }: Person, change: Record<string, string | number | null> = {}) => ({
  server_ip: '10.10.10.15',
  campaign_id: 'SPRING',
  status: 'XFER',
  lead_id: leadId,
  uniqueid,
  callerid: code,
  phone_code: '1',
  phone_number: phone,
  call_time: '2026-11-20 09:59:30',
  ...change,
});
const handOver = ({ leadId, code, phone, uniqueid }: Person, callTime: string) => ({
  ...{ uniqueid, callerid: code, lead_id: leadId, phone_number: phone, campaign_id: 'SPRING' },
  ...{ ra_user: '7001', user: '7001', call_time: callTime },
});

describe('a call whose name was overwritten', () => {
  afterEach(() => tables.empty('vicidial_auto_calls', 'vicidial_remote_agent_log'));

  const find = async (variables: Variables) => tables.dialer.findCall?.(variables, AbortSignal.timeout(5000));
  const foundCode = async (variables: Variables) => (await find(variables))?.leg.callKey ?? null;
  const overwritten = { code: 'ADA FIELD', cl: 'ADA FIELD' };

  it('is found by its channel, and has the names that its code would have given it', async () => {
    await tables.insert('vicidial_auto_calls', liveRow(ada), liveRow(bob));

    const found = await find({ ...overwritten, phone: ada.phone, uid: ada.uniqueid, fmt: 'arr' });

    const named = tables.dialer.recogniseCall?.({ code: ada.code, phone: ada.phone, uid: ada.uniqueid });
    expect(found?.refs).toEqual(named?.refs);
    expect(found?.leg).toEqual({ ...named?.leg, campaign: 'SPRING' });
  });

  it('is found by a header with the lead, whatever number shows', async () => {
    await tables.insert('vicidial_auto_calls', liveRow(ada), liveRow(bob));

    expect(await foundCode({ ...overwritten, 'X-lead_id': '1001', phone: '8005550000' })).toBe(ada.code);
  });

  it.each(['3035551001', '13035551001', '+13035551001', '(303) 555-1001'])(
    'is found by the customer number written as %s',
    async (phone) => {
      await tables.insert('vicidial_auto_calls', liveRow(ada), liveRow(bob));

      expect(await foundCode({ ...overwritten, phone })).toBe(ada.code);
    },
  );

  it('is left alone when two calls of the number go on, unless more is known', async () => {
    const twin = { ...bob, phone: ada.phone };
    await tables.insert('vicidial_auto_calls', liveRow(ada), liveRow(twin));

    expect(await foundCode({ ...overwritten, phone: ada.phone })).toBeNull();
    expect(await foundCode({ ...overwritten, phone: ada.phone, lead_id: '1002' })).toBe(bob.code);
    expect(await foundCode({ ...overwritten, phone: ada.phone, uid: ada.uniqueid })).toBe(ada.code);
  });

  it('is told apart where two servers gave the same uniqueid', async () => {
    const twin = { ...bob, uniqueid: ada.uniqueid };
    await tables.insert('vicidial_auto_calls', liveRow(ada), liveRow(twin, { server_ip: '10.10.10.16' }));

    expect(await foundCode({ ...overwritten, uid: ada.uniqueid, phone: bob.phone })).toBe(bob.code);
    expect(await foundCode({ ...overwritten, uid: ada.uniqueid, lead_id: '1001' })).toBe(ada.code);
    expect(await foundCode({ ...overwritten, uid: ada.uniqueid })).toBeNull();
  });

  it.each(['SENT', 'RINGING', 'LIVE'])('is not taken for one that is only %s', async (status) => {
    await tables.insert('vicidial_auto_calls', liveRow(ada, { status }));

    expect(await foundCode({ ...overwritten, phone: ada.phone })).toBeNull();
  });

  it('is found among the last hand-overs when it is over already, also by a clock that is behind or ahead', async () => {
    await tables.insert('vicidial_remote_agent_log', handOver(ada, '2026-11-20 09:58:10'));
    await tables.insert('vicidial_remote_agent_log', handOver(bob, '2026-11-20 10:00:40'));

    expect(await foundCode({ ...overwritten, phone: ada.phone })).toBe(ada.code);
    expect(await foundCode({ ...overwritten, lead_id: '1002' })).toBe(bob.code);
  });

  it('is not taken for one of some time ago, nor for one of two', async () => {
    const again = { ...bob, code: 'V1200959500000001002' };
    await tables.insert('vicidial_remote_agent_log', handOver(ada, '2026-11-20 09:50:00'));
    await tables.insert('vicidial_remote_agent_log', handOver(bob, '2026-11-20 09:59:31'));
    await tables.insert('vicidial_remote_agent_log', handOver(again, '2026-11-20 09:59:50'));

    expect(await foundCode({ ...overwritten, phone: ada.phone })).toBeNull();
    expect(await foundCode({ ...overwritten, phone: bob.phone })).toBeNull();
  });

  it('takes the name that another build of VICIdial gave', async () => {
    await tables.insert('vicidial_auto_calls', liveRow({ ...ada, code: 'G112009593000001001' }));

    const found = await find({ ...overwritten, uid: ada.uniqueid });

    expect(found?.refs[0]?.key).toBe('G112009593000001001@2026-11-20');
    expect(found?.leg).toMatchObject({ leadKey: '1001', calledAt: '2026-11-20T16:59:30.000Z' });
  });

  it('stays unknown when nothing fits, and while the database is away', async () => {
    await tables.insert('vicidial_auto_calls', liveRow(ada));

    const nobody = await foundCode({ ...overwritten, phone: '8005550000', uid: '1.1' });
    tables.shut();
    const away = await foundCode({ ...overwritten, phone: ada.phone }).finally(() => tables.open());

    expect([nobody, away]).toEqual([null, null]);
  });

  it('costs the dialer two looks at its live calls when forty are asked for at once', async () => {
    await tables.insert('vicidial_auto_calls', liveRow(ada));
    const count = async () => Number((await tables.sql("SHOW GLOBAL STATUS LIKE 'Com_select'"))[0]?.Value ?? 0);
    const before = await count();

    const found = await Promise.all(Array.from({ length: 40 }, () => foundCode({ ...overwritten, phone: ada.phone })));

    expect(new Set(found)).toEqual(new Set([ada.code]));
    expect((await count()) - before).toBeLessThanOrEqual(2);
  });
});

describe('a call that goes on under another name', () => {
  afterEach(() => tables.empty('vicidial_auto_calls', 'vicidial_remote_agent_log'));

  const keysOf = async (variables: Variables) =>
    (await tables.dialer.findCall?.(variables, AbortSignal.timeout(5000)))?.refs.map((ref) => ref.key);
  const seconds = String(epoch('2026-11-20T16:59:55Z')).slice(-6);
  const threeWay = `DC${seconds}W0000001001W`;
  const transfer = 'J1200959550000001001';

  it.each([threeWay, transfer])('%s is linked to the live call of its lead', async (code) => {
    await tables.insert('vicidial_auto_calls', liveRow(ada), liveRow(bob));

    expect(await keysOf({ code, phone: ada.phone })).toEqual([`${code}@2026-11-20`, `${ada.code}@2026-11-20`]);
  });

  it('is not linked to itself, to one of two, or to nothing', async () => {
    const again = { ...ada, code: 'M1200959500000001001', uniqueid: '1795193990.9' };

    const alone = await keysOf({ code: transfer });
    await tables.insert('vicidial_auto_calls', liveRow({ ...ada, code: transfer }));
    const itself = await keysOf({ code: transfer });
    await tables.insert('vicidial_auto_calls', liveRow(ada), liveRow(again));
    const ofTwo = await keysOf({ code: transfer });

    expect([alone, itself, ofTwo]).toEqual(Array.from({ length: 3 }, () => [`${transfer}@2026-11-20`]));
  });

  it('keeps its own name while the database is away', async () => {
    tables.shut();
    const keys = await keysOf({ code: threeWay }).finally(() => tables.open());

    expect(keys).toEqual([`${threeWay}@2026-11-20`]);
  });

  it('an ordinary call is linked to no other, and needs no database', async () => {
    const again = { ...ada, code: 'M1200959500000001001', uniqueid: '1795193990.9' };
    await tables.insert('vicidial_auto_calls', liveRow(again));
    const keys = await keysOf({ code: ada.code, uid: ada.uniqueid });
    tables.shut();
    const away = await keysOf({ code: ada.code, uid: ada.uniqueid }).finally(() => tables.open());

    expect(keys).toEqual([`${ada.code}@2026-11-20`, `${ada.uniqueid}@1001`]);
    expect(away).toEqual(keys);
  });
});

describe('live calls of a lead', () => {
  afterEach(() => tables.empty('vicidial_auto_calls'));

  it('are found by the code, else by the lead, also before they are answered', async () => {
    const dialled = { ...ada, code: 'V1200959590000001001' };
    await tables.insert('vicidial_auto_calls', liveRow(dialled, { status: 'SENT', uniqueid: null }), liveRow(bob));

    const codes = async (code: string, leadId: string) =>
      (await tables.reads.liveCalls(code, leadId)).map((call) => call.callerid);

    expect(await codes(dialled.code, '1001')).toEqual([dialled.code]);
    expect(await codes(ada.code, '1001')).toEqual([dialled.code]);
    expect(await codes('', '1002')).toEqual([bob.code]);
    expect(await codes(ada.code, '1003')).toEqual([]);
  });
});

describe('the log row of a call', () => {
  const logs = ['vicidial_log', 'vicidial_closer_log', 'vicidial_log_extended', 'vicidial_remote_agent_log'];
  afterEach(() => tables.empty(...logs));

  const targetOf = (callKey: string, calledAt: string, campaign = 'SPRING'): WriteBackTarget => ({
    ...{ campaign, list: '101', leadKey: '1001', callKey, number: ada.phone, phone: `+1${ada.phone}`, agent: '' },
    calledAt,
  });
  const target = targetOf(ada.code, '2026-11-20T16:59:30.000Z');
  const logRow = (uniqueid: string, start: string, change: Record<string, string | number | null> = {}) => ({
    ...{ uniqueid, lead_id: 1001, campaign_id: 'SPRING', status: 'XFER', user: '7001' },
    ...{ call_date: start.slice(0, 19).replace('T', ' '), start_epoch: epoch(start), end_epoch: epoch(start) + 60 },
    ...change,
  });
  const extendedRow = (uniqueid: string, code: string, callDate: string) => ({
    ...{ uniqueid, caller_code: code, call_date: callDate, lead_id: 1001, server_ip: '10.10.10.15' },
  });
  const find = (of = target) => tables.reads.callLog(of, '1001');

  it('is found by its code, with what is to be known of it', async () => {
    await tables.insert('vicidial_log', logRow(ada.uniqueid, '2026-11-20T16:59:36Z'));
    await tables.insert('vicidial_log_extended', extendedRow(ada.uniqueid, ada.code, '2026-11-20 09:59:36'));

    const found = { uniqueid: ada.uniqueid, campaign: 'SPRING', status: 'XFER', isEnded: true };
    const startedSec = epoch('2026-11-20T16:59:36Z');
    const times = { startedSec, endedSec: startedSec + 60 };
    expect(await find()).toEqual({ log: { ...found, ...times, isInbound: false, isArchived: false }, isNewest: true });
  });

  it('goes on while its end is not there', async () => {
    await tables.insert('vicidial_log', logRow(ada.uniqueid, '2026-11-20T16:59:36Z', { end_epoch: null }));

    expect((await find()).log?.isEnded).toBe(false);
  });

  it('is found by the hand-over when the extended log is archived', async () => {
    await tables.insert('vicidial_log', logRow(ada.uniqueid, '2026-11-20T16:59:36Z'));
    await tables.insert('vicidial_log', logRow('1795193960.1', '2026-11-20T16:59:20Z'));
    await tables.insert('vicidial_remote_agent_log', handOver(ada, '2026-11-20 09:59:40'));

    expect((await find()).log?.uniqueid).toBe(ada.uniqueid);
  });

  it.each([-20, 0, 6, 150])('is found by its time alone, %d s from the code by another clock', async (by) => {
    const start = new Date(Date.parse(target.calledAt) + by * 1000).toISOString();
    await tables.insert('vicidial_log', logRow(ada.uniqueid, start));
    await tables.insert('vicidial_log', logRow('1795180000.1', '2026-11-20T13:00:00Z'));

    expect((await find()).log?.uniqueid).toBe(ada.uniqueid);
  });

  it('is none when two rows fit the time', async () => {
    await tables.insert('vicidial_log', logRow(ada.uniqueid, '2026-11-20T16:59:36Z'));
    await tables.insert('vicidial_log', logRow(bob.uniqueid, '2026-11-20T16:59:50Z'));

    expect((await find()).log).toBeNull();
  });

  it('is not that of another lead whose call has the same uniqueid', async () => {
    // uniqueid is the primary key: the other server's call came first, and ours left no row.
    await tables.insert('vicidial_log', logRow(ada.uniqueid, '2026-11-20T16:59:36Z', { lead_id: 1002 }));
    await tables.insert('vicidial_log_extended', extendedRow(ada.uniqueid, ada.code, '2026-11-20 09:59:36'));

    expect(await find()).toEqual({ log: null, isNewest: true });
  });

  it('is not that of the same code some months ago', async () => {
    await tables.insert('vicidial_log', logRow('1768928370.1', '2026-01-20T16:59:36Z'));
    await tables.insert('vicidial_log_extended', extendedRow('1768928370.1', ada.code, '2026-01-20 09:59:36'));

    expect((await find()).log).toBeNull();
  });

  it('is not the newest when the lead was called again, or called back', async () => {
    await tables.insert('vicidial_log', logRow(ada.uniqueid, '2026-11-20T16:59:36Z'));
    const alone = await find();
    await tables.insert('vicidial_closer_log', logRow('1795197000.3', '2026-11-20T17:50:00Z', { campaign_id: 'HELP' }));
    const calledBack = await find();
    await tables.empty('vicidial_closer_log');
    await tables.insert('vicidial_log', logRow('1795197000.4', '2026-11-20T17:50:00Z'));
    const calledAgain = await find();

    expect([alone, calledBack, calledAgain].map(({ isNewest }) => isNewest)).toEqual([true, false, false]);
    expect(calledBack.log?.uniqueid).toBe(ada.uniqueid);
  });

  it('stays the newest when the customer is handed to an in-group on the same channel', async () => {
    await tables.insert('vicidial_log', logRow(ada.uniqueid, '2026-11-20T16:59:36Z'));
    await tables.insert('vicidial_closer_log', logRow(ada.uniqueid, '2026-11-20T17:05:00Z', { campaign_id: 'SALES' }));

    expect(await find()).toMatchObject({ log: { uniqueid: ada.uniqueid, isInbound: false }, isNewest: true });
  });

  describe('of an inbound call', () => {
    const inbound = targetOf('Y1200959300000001001', '2026-11-20T16:59:30.000Z');

    it('is that of its first in-group, which is the group to correct it by', async () => {
      const first = logRow(ada.uniqueid, '2026-11-20T16:59:31Z', { campaign_id: 'AIDESK' });
      const second = logRow(ada.uniqueid, '2026-11-20T17:03:00Z', { campaign_id: 'SALES' });
      await tables.insert('vicidial_closer_log', first, second);
      await tables.insert('vicidial_log_extended', extendedRow(ada.uniqueid, inbound.callKey, '2026-11-20 09:59:31'));

      expect(await find(inbound)).toMatchObject({ log: { campaign: 'AIDESK', isInbound: true }, isNewest: true });
    });

    it('is that of the in-group that is known for the call', async () => {
      const first = logRow(ada.uniqueid, '2026-11-20T16:59:31Z', { campaign_id: 'WELCOME' });
      const second = logRow(ada.uniqueid, '2026-11-20T16:59:55Z', { campaign_id: 'AIDESK' });
      await tables.insert('vicidial_closer_log', first, second);
      await tables.insert('vicidial_remote_agent_log', {
        ...handOver(ada, '2026-11-20 10:40:00'),
        callerid: inbound.callKey,
      });

      expect((await find({ ...inbound, campaign: 'AIDESK' })).log?.campaign).toBe('AIDESK');
    });

    it('is found by its time alone', async () => {
      await tables.insert(
        'vicidial_closer_log',
        logRow(ada.uniqueid, '2026-11-20T16:59:31Z', { campaign_id: 'AIDESK' }),
      );

      expect((await find(inbound)).log).toMatchObject({ campaign: 'AIDESK', isEnded: true });
    });

    it('is not the outbound row that a transferred call has too', async () => {
      const transfer = targetOf('J1201004000000001001', '2026-11-20T17:04:00.000Z');
      await tables.insert('vicidial_log', logRow(ada.uniqueid, '2026-11-20T16:59:36Z'));
      await tables.insert(
        'vicidial_closer_log',
        logRow(ada.uniqueid, '2026-11-20T17:04:01Z', { campaign_id: 'AIDESK' }),
      );
      await tables.insert('vicidial_log_extended', extendedRow(ada.uniqueid, transfer.callKey, '2026-11-20 10:04:01'));

      expect((await find(transfer)).log).toMatchObject({ campaign: 'AIDESK', isInbound: true });
    });
  });

  it('a three-way call has none by its time', async () => {
    await tables.insert('vicidial_log', logRow(ada.uniqueid, '2026-11-20T16:59:36Z'));

    expect((await find(targetOf('DC095970W0000001001W', '2026-11-20T16:59:30.000Z'))).log).toBeNull();
  });

  it('is found in the hour that comes twice, whichever of the two was guessed', async () => {
    // 01:55:00 on the dialer's clock, which shows 01:05 once more ten minutes later.
    const guessed = targetOf('V1010155000000001001', '2026-11-01T07:55:00.000Z');
    await tables.insert('vicidial_log', logRow(ada.uniqueid, '2026-11-01T08:55:06Z'));
    const byTime = await find(guessed);
    await tables.empty('vicidial_log');
    await tables.insert('vicidial_log', logRow(bob.uniqueid, '2026-11-01T07:55:06Z'));
    await tables.insert('vicidial_log', logRow('1795090000.1', '2026-11-01T07:56:00Z'));
    const handed = { ...handOver(bob, '2026-11-01 01:01:00'), callerid: guessed.callKey };
    await tables.insert('vicidial_remote_agent_log', handed);
    const byHandOver = await find(guessed);

    expect([byTime.log?.uniqueid, byHandOver.log?.uniqueid]).toEqual([ada.uniqueid, bob.uniqueid]);
  });

  describe('that was archived', () => {
    const archives = ['vicidial_log_archive', 'vicidial_closer_log_archive', 'vicidial_log_extended_archive'];
    const old = targetOf('V1100959300000001001', '2026-11-10T16:59:30.000Z');
    const extended = extendedRow(ada.uniqueid, old.callKey, '2026-11-10 09:59:36');
    /** Whether there are archives is kept for ten minutes. */
    const passTenMinutes = () => tables.clock.leapTo(new Date(tables.clock.now() + 601_000).toISOString());
    const dropArchives = async () => {
      for (const name of archives) await tables.sql(`DROP TABLE IF EXISTS ${name}`);
      await passTenMinutes();
    };
    const createArchives = async () => {
      for (const name of archives) await tables.sql(`CREATE TABLE ${name} LIKE ${name.replace('_archive', '')}`);
      await passTenMinutes();
    };
    beforeAll(dropArchives);
    afterEach(dropArchives);

    it('is none on a site without archives', async () => {
      expect(await find(old)).toEqual({ log: null, isNewest: true });
    });

    it('is found there, and marked, since no API changes it', async () => {
      await createArchives();
      await tables.insert('vicidial_log_archive', logRow(ada.uniqueid, '2026-11-10T16:59:36Z'));
      await tables.insert('vicidial_log_extended_archive', extended);

      expect(await find(old)).toMatchObject({ log: { uniqueid: ada.uniqueid, isArchived: true }, isNewest: true });
    });

    it('is found in the live table when only its extended row was moved', async () => {
      await createArchives();
      const twin = logRow('1794330000.2', '2026-11-10T16:59:50Z');
      await tables.insert('vicidial_log', logRow(ada.uniqueid, '2026-11-10T16:59:36Z'), twin);
      await tables.insert('vicidial_log_extended_archive', extended);

      expect((await find(old)).log).toMatchObject({ uniqueid: ada.uniqueid, isArchived: false });
    });

    it('is found where a site archives some tables only, and is not the newest after a later call', async () => {
      await tables.sql('CREATE TABLE vicidial_closer_log_archive LIKE vicidial_closer_log');
      await passTenMinutes();
      const inbound = targetOf('Y1100959300000001001', '2026-11-10T16:59:30.000Z');
      const row = logRow(ada.uniqueid, '2026-11-10T16:59:31Z', { campaign_id: 'AIDESK' });
      await tables.insert('vicidial_closer_log_archive', row);
      await tables.insert('vicidial_log', logRow('1795197000.4', '2026-11-20T15:00:00Z'));

      expect(await find(inbound)).toMatchObject({ log: { campaign: 'AIDESK', isArchived: true }, isNewest: false });
    });
  });
});
