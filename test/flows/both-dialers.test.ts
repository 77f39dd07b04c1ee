import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WriteBack } from '../../src/domain/write-back.ts';
import { madeUpSite } from '../simulators/vicidial/made-up-site.ts';
import { type BothDialers, startBothDialers } from '../support/both-dialers.ts';
import { eventually } from '../support/eventually.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';

/** VICIdial's leads: SPRING stands alone, AUTUMN is mirrored to Five9. Only Ivo and Joy are Five9's contacts too. */
const ada = { leadId: 2001, list: 101, phone: '3035550101' };
const ben = { leadId: 2002, list: 101, phone: '3035550102' };
const cleo = { leadId: 2003, list: 101, phone: '3035550103' };
const ivo = { leadId: 2004, list: 102, phone: '3035550104' };
const joy = { leadId: 2005, list: 102, phone: '3035550105' };
/** Contacts of Five9 alone. */
const dan = '7205550101';
const eve = '7205550102';

const spring = 'Spring outbound';
const autumn = 'Autumn outbound';
/** Half past eleven at night in Los Angeles: Five9 takes numbers for its DNC list until six. */
const lateEvening = Date.parse('2026-11-21T07:30:00.000Z');
const clock = startFastClock(lateEvening, 40);

let site: BothDialers;
let vicidial: BothDialers['vicidial'];
let five9: BothDialers['five9'];
let sigmamind: BothDialers['sigmamind'];
let patchbay: BothDialers['patchbay'];

beforeAll(async () => {
  site = await startBothDialers({
    clock,
    vicidial: vicidialSite(),
    five9: five9Domain,
    dialers: { vicidial: vicidialConfig, five9: five9Config },
    config: { outbox: { pollMs: 20, backoff: { firstMs: 1000, maxMs: 5000 } } },
  });
  ({ vicidial, five9, sigmamind, patchbay } = site);
});

afterAll(() => site?.stop());

describe('a call of VICIdial', () => {
  it('gets its headers in the dialplan, and ends in the lead and in its log row', async () => {
    behave(ada.phone, { outcome: 'not_interested', summary: 'Has one already' });

    const { callerCode } = await vicidial.place({ leadId: ada.leadId, campaign: 'SPRING' });

    await eventually(async () => {
      const { lead, logs } = await vicidial.state({ leadId: ada.leadId });
      expect(lead).toMatchObject({ status: 'NI', comments: 'Has one already' });
      expect(logs).toMatchObject([{ caller_code: callerCode, status: 'NI' }]);
    }, 15_000);
    const [talked] = sigmamind.calls().filter(({ from }) => from.endsWith(ada.phone));
    expect(talked?.variables).toMatchObject({ first_name: 'Ada', lead_id: '2001', caller_code: callerCode });
    expect(talked?.variables.correlation_id).toMatch(/^\w{14}$/);
  });

  it('that ends in a callback leaves the lead on hold with its callback', async () => {
    behave(ben.phone, { outcome: 'callback', callbackInSec: 86_400 });

    await vicidial.place({ leadId: ben.leadId, campaign: 'SPRING' });

    await eventually(async () => {
      const { lead, logs, callbacks } = await vicidial.state({ leadId: ben.leadId });
      expect(lead).toMatchObject({ status: 'CBHOLD' });
      expect(logs).toMatchObject([{ status: 'CALLBK' }]);
      expect(callbacks).toMatchObject([{ status: 'ACTIVE' }]);
    }, 15_000);
  });
});

describe('a call of Five9', () => {
  it('is registered by the IVR, asks for its outcome, and ends in the record by an import', async () => {
    behave(dan, { outcome: 'not_interested', summary: 'Moved away' });

    const placed = five9.call({ campaign: spring, number1: dan });
    if (placed.kind !== 'placed') throw new Error('the simulated Five9 does not dial');
    await placed.over;

    expect(placed.call).toMatchObject({ error: '', handedToAi: true, branch: 'hangup' });
    expect(placed.call.queries.map(({ module, answered }) => [module, answered])).toEqual([
      ['register', { status: 'ok', route: 'ai' }],
      ['outcome', { status: 'done', route: 'hangup' }],
    ]);
    await eventually(() => {
      expect(five9.state(dan).dispositions).toEqual({ [spring]: 'AI - Not interested' });
      expect(five9.state(dan).contact?.fields).toMatchObject({ ai_summary: 'Moved away' });
    }, 15_000);
    const operations = five9.requests().map(({ operation }) => operation);
    expect(operations.filter((name) => name === 'asyncUpdateCampaignDispositions')).toHaveLength(1);
  });
});

describe('a VICIdial campaign that is mirrored to Five9', () => {
  it('writes the mapped disposition to the record of the number there too', async () => {
    behave(ivo.phone, { outcome: 'sale' });

    await vicidial.place({ leadId: ivo.leadId, campaign: 'AUTUMN' });

    await eventually(async () => {
      expect((await vicidial.state({ leadId: ivo.leadId })).lead).toMatchObject({ status: 'SALE' });
      expect(five9.state(ivo.phone).dispositions).toEqual({ [autumn]: 'Sale' });
    }, 15_000);
  });

  it('writes nothing there when several records have the number, and says why', async () => {
    behave(joy.phone, { outcome: 'sale' });

    const { callerCode } = await vicidial.place({ leadId: joy.leadId, campaign: 'AUTUMN' });

    await eventually(async () => {
      expect((await vicidial.state({ leadId: joy.leadId })).lead).toMatchObject({ status: 'SALE' });
      const mirrored = (await writeBacksOf(callerCode)).filter(({ dialer }) => dialer === 'five9');
      expect(mirrored).toMatchObject([{ state: 'refused', why: 'Five9 has 2 contacts with this number' }]);
    }, 15_000);
    expect(five9.effects().filter(({ kind, record }) => kind === 'disposition' && record === joy.phone)).toEqual([]);
  });
});

describe('an opt-out', () => {
  it('on VICIdial reaches the DNC lists of both', async () => {
    behave(cleo.phone, { outcome: 'opt_out' });

    await vicidial.place({ leadId: cleo.leadId, campaign: 'SPRING' });

    await eventually(async () => {
      expect((await vicidial.state({ phone: cleo.phone })).dncLists).toEqual(['SYSTEM_INTERNAL']);
      expect(five9.state(cleo.phone).dnc).toBe(true);
    }, 15_000);
  });

  it('on Five9 reaches the DNC lists of both', async () => {
    behave(eve, { outcome: 'opt_out' });

    const placed = five9.call({ campaign: spring, number1: eve });

    expect(placed.kind).toBe('placed');
    await eventually(async () => {
      expect((await vicidial.state({ phone: eve })).dncLists).toEqual(['SYSTEM_INTERNAL']);
      expect(five9.state(eve).dnc).toBe(true);
    }, 15_000);
  });
});

interface Said {
  outcome: string;
  summary?: string;
  callbackInSec?: number;
}

function behave(number: string, commit: Said): void {
  sigmamind.setBehaviours({ [number]: { talkSec: 20, commit } });
}

async function writeBacksOf(callerCode: string): Promise<WriteBack[]> {
  const [call] = sigmamind.calls().filter(({ variables }) => variables.caller_code === callerCode);
  return patchbay.app.deps.store.writeBacksOf(call?.variables.correlation_id ?? '');
}

function vicidialSite() {
  const site = madeUpSite({ leads: 0 });
  return {
    ...site,
    campaigns: [...site.campaigns, { id: 'AUTUMN' }],
    lists: [...site.lists, { id: 102, campaign: 'AUTUMN' }],
    remoteAgents: [...site.remoteAgents, { userStart: 7101, lines: 2, campaign: 'AUTUMN' }],
    leads: [ada, ben, cleo, ivo, joy].map((lead) => ({ ...lead, columns: { first_name: 'Ada' } })),
  };
}

const dispositions = { not_interested: 'NI', callback: 'CALLBK', sale: 'SALE', opt_out: 'DNC' };
const vicidialConfig = {
  headers: [
    { name: 'X-correlation_id', from: 'correlation_id' },
    { name: 'X-lead_id', from: 'lead_id' },
    { name: 'X-first_name', from: 'first_name' },
  ],
  campaigns: {
    SPRING: { dispositions, fields: { comments: 'summary' } },
    AUTUMN: { dispositions, mirror: { dialer: 'five9', campaign: autumn } },
  },
};

const five9Domain = {
  campaigns: [
    { name: spring, lists: ['Leads', 'AI callbacks'] },
    { name: autumn, lists: ['Leads'] },
  ],
  dispositions: ['AI - Not interested', 'Sale', { name: 'AI - Do not call', type: 'DoNotDial' as const }],
  contactFields: [{ name: 'ai_summary' }],
  contacts: [dan, eve, ivo.phone, joy.phone, joy.phone].map((number1, index) => ({
    fields: { number1, first_name: `Contact ${index}` },
    lists: ['Leads'],
  })),
};

const five9Config = {
  batch: { flushMs: 2000 },
  headers: [{ name: 'X-correlation_id', from: 'correlation_id' }],
  campaigns: {
    [spring]: {
      dispositions: { not_interested: 'AI - Not interested', opt_out: 'AI - Do not call' },
      fields: { ai_summary: 'summary' },
    },
    [autumn]: { dispositions: { sale: 'Sale' } },
  },
};
