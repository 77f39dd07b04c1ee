import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HeldState } from '../../../src/domain/dialer.ts';
import type { Aspect, WriteBackTarget } from '../../../src/domain/write-back.ts';
import { bringHome, writeBackFor } from './bring-home.ts';
import { startVicidialFixture, type VicidialFixture } from './vicidial-fixture.ts';

let site: VicidialFixture;
beforeAll(async () => {
  site = await startVicidialFixture();
});
afterAll(() => site.stop());

/** Writes an aspect, lets something happen to the lead, and looks. */
async function lookAfter(
  aspect: Aspect,
  happens: (target: WriteBackTarget) => Promise<unknown>,
): Promise<HeldState | undefined> {
  const target = await site.endedCall();
  const row = writeBackFor(target, site.desired(aspect, target));
  await bringHome(site, [row]);
  await happens(target);
  const settledAt = new Date(site.clock.now()).toISOString();
  return (await site.dialer.look?.([{ ...row, state: 'confirmed', settledAt }]))?.get(row.id);
}

const sql = (statement: string) => (target: WriteBackTarget) => site.sql(statement, [target.leadKey]);

describe('nothing is called lost', () => {
  it.each<[string, Aspect, string]>([
    ['when the lead has a status that nobody answers for', 'disposition', "UPDATE vicidial_list SET status = 'NI'"],
    ['when the lead was deleted', 'disposition', 'DELETE FROM vicidial_list'],
    ['when the callback was ended', 'callback', "UPDATE vicidial_callbacks SET status = 'INACTIVE'"],
    [
      'when the callback is gone and the lead waits for none',
      'callback',
      "UPDATE vicidial_list LEFT JOIN vicidial_callbacks USING (lead_id) SET vicidial_list.status = 'NI', vicidial_callbacks.lead_id = 0",
    ],
    ['when a field holds something else', 'fields', "UPDATE vicidial_list SET comments = 'Ask for Ben'"],
    ['when a field was emptied later', 'fields', "UPDATE vicidial_list SET comments = '', modify_date = '2037-01-01'"],
  ])('%s', async (_name, aspect, statement) => {
    const state = await lookAfter(aspect, sql(`${statement} WHERE lead_id = ?`));

    expect(state).toMatchObject({ kind: 'unknown', why: expect.stringMatching(/\w/) });
  });

  it('when the lead was dialled again', async () => {
    const state = await lookAfter('disposition', async ({ leadKey }) => {
      await site.placeCall(Number(leadKey), { talkSec: 5 });
      await site.pass(60);
    });

    expect(state?.kind).not.toBe('lost');
  });

  it('when the time of a callback has come', async () => {
    const state = await lookAfter('callback', async (target) => {
      await site.sql('DELETE FROM vicidial_callbacks WHERE lead_id = ?', [target.leadKey]);
      await site.pass(2 * 86_400);
    });

    expect(state).toMatchObject({ kind: 'unknown', why: 'the time of the callback has come' });
  });
});
