import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Leg } from '../../../src/domain/call.ts';
import { startApiOnlyFixture } from './vicidial-api-only-fixture.ts';
import { startVicidialFixture, type VicidialFixture } from './vicidial-fixture.ts';

const url = (name: string) => `http://dialer.example.com/RECORDINGS/${name}.mp3`;

describe.each([
  ['by its tables', startVicidialFixture],
  ['by its API alone', startApiOnlyFixture],
])('what VICIdial recorded of a call, read %s', (_how, start) => {
  let vicidial: VicidialFixture;
  beforeAll(async () => {
    vicidial = await start();
  });
  afterAll(() => vicidial.stop());

  const legOf = async (): Promise<Leg> => ({ ...(await vicidial.endedCall()), dialer: vicidial.dialer.id });
  const logOf = async (leg: Leg) => {
    const [row] = await vicidial.sql(
      'SELECT uniqueid, start_epoch, end_epoch, call_date FROM vicidial_log WHERE lead_id = ?',
      [leg.leadKey],
    );
    return row as { uniqueid: string; start_epoch: number; end_epoch: number };
  };
  const record = (leg: Leg, vicidialId: string, afterSec: number, location: string | null) =>
    vicidial.sql(
      `INSERT INTO recording_log (lead_id, vicidial_id, start_time, user, location)
       SELECT lead_id, ?, call_date + INTERVAL ? SECOND, '7001', NULLIF(?, '') FROM vicidial_log WHERE lead_id = ?`,
      [vicidialId, afterSec, location ?? '', leg.leadKey],
    );

  it('is where its recordings lie, and when it was answered', async () => {
    const leg = await legOf();
    const { uniqueid, start_epoch } = await logOf(leg);
    await record(leg, uniqueid, 3, url('second'));
    await record(leg, uniqueid, 1, url('first'));
    await record(leg, uniqueid, 2, null);

    const found = await vicidial.dialer.readLegRecord?.(leg);

    expect(found?.recordingUrls).toEqual([url('first'), url('second')]);
    expect(found?.answeredAt).toBe(new Date(start_epoch * 1000).toISOString());
  });

  it('leaves the recordings of other calls of the lead out', async () => {
    const leg = await legOf();
    await record(leg, '', -3600, url('an-hour-before'));
    await record(leg, '', 1, url('ours'));
    await record(leg, '', 7200, url('two-hours-later'));
    const stranger = await legOf();
    await record(stranger, '', 1, url('of-another'));

    const found = await vicidial.dialer.readLegRecord?.(leg);

    expect(found?.recordingUrls).toEqual([url('ours')]);
  });

  it('is nothing while the call goes on', async () => {
    const leg: Leg = { ...(await vicidial.placeCall(await vicidial.addLead(), { talkSec: 60 })), dialer: 'vicidial' };
    await vicidial.pass(15);

    const during = await vicidial.dialer.readLegRecord?.(leg);
    await vicidial.pass(90);
    const after = await vicidial.dialer.readLegRecord?.(leg);

    expect(during).toBeNull();
    expect(after?.answeredAt).toBeDefined();
  });
});

it('is its times alone where we may not see the recordings', async () => {
  const vicidial = await startApiOnlyFixture();
  try {
    const leg: Leg = { ...(await vicidial.endedCall()), dialer: 'vicidial' };
    const allowed = ' callid_info lead_all_info lead_field_info logged_in_agents list_info ';
    await vicidial.sql('UPDATE vicidial_users SET api_allowed_functions = ?', [allowed]);

    const found = await vicidial.dialer.readLegRecord?.(leg);

    expect(found).toMatchObject({ answeredAt: expect.any(String), recordingUrls: [] });
  } finally {
    await vicidial.stop();
  }
});

it('ends with the log row', async () => {
  const vicidial = await startVicidialFixture();
  try {
    const target = await vicidial.endedCall();
    const [row] = await vicidial.sql('SELECT end_epoch FROM vicidial_log WHERE lead_id = ?', [target.leadKey]);

    const found = await vicidial.dialer.readLegRecord?.({ ...target, dialer: 'vicidial' });

    expect(found?.endedAt).toBe(new Date(Number(row?.end_epoch) * 1000).toISOString());
  } finally {
    await vicidial.stop();
  }
});
