import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallSighting } from '../../../src/domain/call.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import { startVicidialFixture, type VicidialFixture } from './vicidial-fixture.ts';

const signal = () => AbortSignal.timeout(5000);

describe('leads read ahead of their calls', () => {
  let vicidial: VicidialFixture;
  let dialer: Dialer;
  let log: string[] = [];
  beforeAll(async () => {
    vicidial = await startVicidialFixture();
  });
  afterAll(() => vicidial.stop());
  beforeEach(() => connect());
  afterEach(async () => {
    await vicidial.comeUp();
    await vicidial.sql('DELETE FROM vicidial_hopper', []);
  });

  function connect(prefetch: Record<string, unknown> = {}): void {
    log = [];
    const note = (_fields: object, message: string) => void log.push(message);
    dialer = vicidial.connect((config) => Object.assign(config, { prefetch }), {
      log: { debug: note, info: note, warn: note, error: note },
    });
  }
  const poll = async () => {
    for (const job of dialer.jobs ?? []) if (job.name === 'prefetch') await job.run(signal());
  };
  const intoHopper = async (...leadIds: number[]) => {
    for (const leadId of leadIds) {
      await vicidial.sql(
        "INSERT INTO vicidial_hopper (lead_id, campaign_id, status, list_id) VALUES (?, 'SPRING', 'READY', 101)",
        [leadId],
      );
    }
  };
  const held = (leadId: number) => dialer.heldLead?.(sightingOf(leadId)) ?? null;

  it('are those of the hopper, with custom fields and every number', async () => {
    const ada = await vicidial.addLead({
      custom: { plan: 'gold' },
      columns: { first_name: 'Ada', alt_phone: '7205559001' },
    });
    await intoHopper(ada);

    await poll();

    expect(held(ada)).toMatchObject({ campaign: 'SPRING', list: '101', fields: { first_name: 'Ada', plan: 'gold' } });
    expect(held(ada)?.phones).toContain('+17205559001');
    expect(held(1001)).toBeNull();
  });

  it('are those of the calls that go on', async () => {
    const ben = await vicidial.addLead();
    await vicidial.placeCall(ben, { talkSec: 60 });

    await poll();

    expect(held(ben)).toMatchObject({ key: String(ben) });
  });

  it('have the campaign that dials them where their list has none', async () => {
    await vicidial.sql(
      "INSERT INTO vicidial_lists (list_id, list_name, campaign_id, active) VALUES (777, 'stray', '', 'Y')",
      [],
    );
    const chloe = await vicidial.addLead({ list: 777 });
    await intoHopper(chloe);

    await poll();

    expect(held(chloe)).toMatchObject({ list: '777', campaign: 'SPRING' });
  });

  it('are read once while they are fresh, and anew after that', async () => {
    const dev = await vicidial.addLead({ columns: { first_name: 'Dev' } });
    const rename = (name: string) =>
      vicidial.sql('UPDATE vicidial_list SET first_name = ? WHERE lead_id = ?', [name, dev]);
    await intoHopper(dev);
    await poll();
    await rename('Devi');

    await poll();
    const fresh = held(dev)?.fields.first_name;
    await vicidial.pass(301);
    const aged = held(dev);
    await poll();

    expect([fresh, aged, held(dev)?.fields.first_name]).toEqual(['Dev', null, 'Devi']);
  });

  it('come so many at once, and so many are held', async () => {
    connect({ leadsPerPoll: 2, maxLeads: 3 });
    await intoHopper(1001, 1002, 1003, 1004, 1005);
    const count = () => [1001, 1002, 1003, 1004, 1005].filter((leadId) => held(leadId)).length;

    await poll();
    const first = count();
    await poll();
    await poll();

    expect([first, count()]).toEqual([2, 3]);
    const gauge = dialer.metrics?.().find(({ name }) => name === 'patchbay_prefetched_leads');
    expect(gauge?.samples).toEqual([{ labels: { dialer: 'vicidial' }, value: 3 }]);
  });

  it('serve while the database is away, aged ones too, and the log says it once', async () => {
    const esra = await vicidial.addLead({ columns: { first_name: 'Esra' } });
    await intoHopper(esra);
    await poll();
    await vicidial.goDown();

    await poll();
    await poll();
    const fresh = held(esra);
    await vicidial.pass(301);
    const aged = await dialer.findLead?.(sightingOf(esra), signal());
    const unknown = dialer.findLead?.(sightingOf(1007), signal());

    expect([fresh?.fields.first_name, aged?.fields.first_name]).toEqual(['Esra', 'Esra']);
    await expect(unknown).rejects.toMatchObject({ code: 'dialer_away' });
    expect(log.filter((line) => line.includes('can not be read ahead'))).toHaveLength(1);
  });

  it('answer a look-up before the database is asked', async () => {
    const lead = await vicidial.addLead({ columns: { first_name: 'Before' } });
    await intoHopper(lead);
    await poll();
    await vicidial.sql("UPDATE vicidial_list SET first_name = 'After' WHERE lead_id = ?", [lead]);

    const found = await dialer.findLead?.(sightingOf(lead), signal());

    expect(found?.fields.first_name).toBe('Before');
  });

  it('are none where the site does not want them', () => {
    connect({ everyMs: 0 });

    expect(dialer.jobs?.map(({ name }) => name)).not.toContain('prefetch');
  });
});

function sightingOf(leadId: number): CallSighting {
  const leg = { dialer: 'vicidial', callKey: '', campaign: '', list: '', leadKey: String(leadId) };
  return {
    refs: [],
    leg: { ...leg, number: '', phone: '', agent: '', calledAt: '2026-11-20T17:00:00.000Z' },
    fields: {},
  };
}
